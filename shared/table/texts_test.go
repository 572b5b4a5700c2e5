package table_test

import (
	"testing"

	"carechat/shared/chat"
	"carechat/tests/support/town"
)

// A6: whatever people write is stored without what nobody sees.
func TestWhatNobodySeesIsStoredNowhere(t *testing.T) {
	const pasted, want = "a\r\nb\u200b", "a\nb"
	w, ctx, ana, rivera := town.New(t), t.Context(), town.Member("ana"), town.CareManager(town.Rivera)
	w.PutMember("ana")
	w.Enroll("ana", town.Program, town.Rivera)
	started, err := w.Chat.Start(ctx, rivera, "ana", town.Program, chat.Draft{ClientMessageID: "0123456789abcdef", Text: pasted})
	w.Must(nil, err)
	sent, err := w.Chat.Send(ctx, ana, "me", started.Thread.ID, chat.Draft{ClientMessageID: "fedcba9876543210", Text: pasted})
	w.Must(nil, err)
	asked, err := w.Chat.Submit(ctx, ana, "me", chat.RequestDraft{IdempotencyKey: "0123456789abcdef", ProgramID: town.Program, ReasonID: town.Reason, Comment: pasted})
	w.Must(nil, err)
	_, err = w.Chat.Assign(ctx, town.Platform, "ana", town.Program, chat.NewOwner{CareManagerID: town.Rivera, Why: pasted}, chat.Precondition{})
	w.Must(nil, err)
	closed, err := w.Chat.Close(ctx, rivera, "ana", asked.Request.ID, chat.Closing{Outcome: "answered", Note: pasted}, chat.Precondition{})
	w.Must(nil, err)
	for what, got := range map[string]string{
		"a first message": started.Message.Text, "a message": sent.Message.Text, "a comment": asked.Request.Comment, "a note": closed.Note,
	} {
		if got != want {
			t.Errorf("%s is %q", what, got)
		}
	}
	for _, line := range closed.History {
		if line.Why != "" && line.Why != want {
			t.Errorf("a why is %q", line.Why)
		}
	}
}
