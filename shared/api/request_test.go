package api

import (
	"testing"

	"carechat/shared/chat"
)

// How a request was closed, and the words on that, are the care side's alone.
func TestOnlyTheCareSideSeesHowARequestWasClosed(t *testing.T) {
	closed := chat.Request{State: chat.Closed, Outcome: "answered", Note: "a note"}
	for kind, shown := range map[chat.Kind]bool{chat.CareManager: true, chat.Member: false, chat.Platform: false} {
		got := NewRequest(chat.Caller{Kind: kind}, closed, closed.UpdatedAt)
		if (got.Outcome == closed.Outcome && got.Note == closed.Note) != shown || !shown && got.Outcome+got.Note != "" {
			t.Errorf("%s: outcome %q, note %q", kind, got.Outcome, got.Note)
		}
	}
}
