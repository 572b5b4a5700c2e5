package table_test

import (
	"testing"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// A2: a used key is refused with another body, whichever part of the body
// differs.
func TestAUsedKeyIsForItsOwnBody(t *testing.T) {
	p := newPlay(t)
	ctx := t.Context()
	ask := chat.RequestDraft{IdempotencyKey: pad("key-", 36), ProgramID: pad("pro", 10), ReasonID: pad("rea", 10), Comment: "one"}
	if _, err := p.Chat.Submit(ctx, p.member, "me", ask); err != nil {
		t.Fatal(err)
	}
	comment, reason, program := ask, ask, ask
	comment.Comment, reason.ReasonID, program.ProgramID = "two", pad("rea1", 10), pad("qro", 10)
	for name, other := range map[string]chat.RequestDraft{"comment": comment, "reason": reason, "program": program} {
		if _, err := p.Chat.Submit(ctx, p.member, "me", other); !problem.Is(err, problem.IdempotencyKeyReused) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	if err := p.start(ctx); err != nil {
		t.Fatal(err)
	}
	draft := chat.Draft{ClientMessageID: pad("client-", 36), Text: "one"}
	if _, err := p.Chat.Send(ctx, p.member, "me", p.thread.ID, draft); err != nil {
		t.Fatal(err)
	}
	draft.Text = "two"
	if _, err := p.Chat.Send(ctx, p.member, "me", p.thread.ID, draft); !problem.Is(err, problem.IdempotencyKeyReused) {
		t.Errorf("another text: %v", err)
	}
}
