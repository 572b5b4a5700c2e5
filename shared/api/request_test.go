package api

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// Only the care side sees how a request was closed, and the note on that.
func TestOnlyTheCareSideSeesHowARequestWasClosed(t *testing.T) {
	closed := chat.Request{State: chat.Closed, Outcome: "answered", Note: "a note"}
	for kind, shown := range map[chat.Kind]bool{chat.CareManager: true, chat.Member: false, chat.Platform: false} {
		got := NewRequest(chat.Caller{Kind: kind}, closed, closed.UpdatedAt)
		if (got.Outcome == closed.Outcome && got.Note == closed.Note) != shown || !shown && got.Outcome+got.Note != "" {
			t.Errorf("%s: outcome %q, note %q", kind, got.Outcome, got.Note)
		}
	}
}

// A3: a problem shows of a row only what its reader may see.
func TestAProblemShowsWhatItsReaderSees(t *testing.T) {
	closed := chat.Request{ID: "req_1", State: chat.Closed, Note: "a note"}
	describe := Describe(func() time.Time { return closed.UpdatedAt })
	for _, c := range []struct{ current, want any }{
		{closed, NewRequest(chat.Caller{Kind: chat.Member}, closed, closed.UpdatedAt)},
		{chat.Enrollment{Version: 3}, NewAssignment(chat.Enrollment{Version: 3})},
		{chat.Reason{}, nil},
	} {
		got := describe(chat.Caller{Kind: chat.Member}, &problem.Problem{Current: c.current}).Current
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Error(diff)
		}
	}
}
