package chat

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var ended = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func endedRequest(id, program string, at time.Time) EndedRequest {
	return Request{ID: id, Program: Ref{ID: program}, State: Closed, Comment: "words", Note: "words", History: []Entry{{}}, UpdatedAt: at}.Ended()
}

// A member sees what ended for 30 days, newest first, and a care manager only what
// they may see the enrollment of.
func TestWhatEndedIsSeenForThirtyDays(t *testing.T) {
	all := MemberChats{Ended: []EndedRequest{
		endedRequest("r1", "diabetes", ended), endedRequest("r2", "heart", ended.Add(time.Hour)), endedRequest("r3", "another", ended),
	}}
	enrollments := []Enrollment{{Program: Ref{ID: "diabetes"}}, {Program: Ref{ID: "heart"}}}
	for days, want := range map[int][]string{0: {"r2", "r1"}, 29: {"r2", "r1"}, 30: {"r2"}, 31: nil} {
		var got []string
		for _, r := range all.endedIn(enrollments, ended.AddDate(0, 0, days)) {
			got = append(got, r.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after %d days:\n%s", days, diff)
		}
	}
}

func TestWhatEndedSaysNothingThatWasWritten(t *testing.T) {
	if r := endedRequest("r1", "diabetes", ended); r.Comment != "" || r.Note != "" || r.History != nil {
		t.Errorf("%+v", r)
	}
}

func TestARequestIsLateWhileItIsOpenPastItsTime(t *testing.T) {
	r := Request{State: Open, DueAt: ended}
	if r.Late(ended) || !r.Late(ended.Add(time.Millisecond)) {
		t.Error("an open request is late from its time on, and not before")
	}
	if r.State = Closed; r.Late(ended.Add(time.Hour)) {
		t.Error("a closed request is late")
	}
}
