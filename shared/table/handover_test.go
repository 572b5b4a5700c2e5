package table_test

import (
	"fmt"
	"testing"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/problem"
)

// T9: the enrollment, its task and its threads go to their new owner at once.
func TestAHandOverMovesEverything(t *testing.T) {
	w := newTown(t)
	ana := chat.Caller{Kind: chat.Member, Organization: "harbor", ID: "ana", Language: "en"}
	rivera := chat.Caller{Kind: chat.CareManager, Organization: "harbor", ID: "cm-rivera", Name: "Sam", Departments: []string{"nurses"}}
	chen := chat.Caller{Kind: chat.CareManager, Organization: "harbor", ID: "cm-chen", Departments: []string{"nurses"}}
	w.Must(w.Chat.Submit(t.Context(), ana, "me", chat.RequestDraft{
		IdempotencyKey: "0123456789abcdef", ProgramID: "diabetes", ReasonID: "symptoms", Comment: "Hello",
	}))
	w.Must(w.Chat.Start(t.Context(), rivera, "ana", "diabetes", chat.Draft{ClientMessageID: "0123456789abcdef", Text: "Hi"}))
	tasks := func(c chat.Caller) int {
		t.Helper()
		page, err := w.Chat.Tasks(t.Context(), c, chat.TaskQuery{})
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Items)
	}
	if tasks(rivera) != 1 || tasks(chen) != 0 {
		t.Error("the task is not its owner's")
	}
	w.Must(w.Chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", enroll("cm-chen")))
	if tasks(rivera) != 0 || tasks(chen) != 1 {
		t.Error("the task did not follow")
	}
	screen, err := w.Table.MemberChats(t.Context(), chat.MemberKey{Organization: "harbor", Member: "ana"})
	if err != nil {
		t.Fatal(err)
	}
	if o := screen.Threads[0].Owner; o.ID != "cm-chen" || o.Name != "Name of cm-chen" {
		t.Errorf("the thread is %+v's", o)
	}
	w.Must(w.Chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", directory.EnrollmentPut{State: chat.EnrollmentClosed}))
	if tasks(chen) != 0 {
		t.Error("a closed enrollment leaves a task")
	}
	ended, err := w.Chat.Request(t.Context(), ana, "me", screen.Requests[0].ID)
	if err != nil || ended.State != chat.Cancelled || len(ended.History) != 3 {
		t.Errorf("the request is %+v, %v", ended, err)
	}
	threads, err := w.Chat.Threads(t.Context(), ana, "me", chat.ThreadInactive)
	if err != nil || len(threads) != 1 {
		t.Errorf("inactive threads: %v, %v", threads, err)
	}
	w.Must(w.Chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", enroll("cm-rivera")))
	threads, err = w.Chat.Threads(t.Context(), ana, "me", chat.ThreadActive)
	if err != nil || len(threads) != 1 || threads[0].Owner.ID != "cm-rivera" {
		t.Errorf("active threads: %v, %v", threads, err)
	}
}

// An enrollment with as many threads as one can have, and an open request, is
// handed over and closed in one transaction each.
func TestAHandOverOfAFullEnrollment(t *testing.T) {
	w := newTown(t)
	w.madeUp = true // the threads have no message
	ana := chat.Caller{Kind: chat.Member, Organization: "harbor", ID: "ana"}
	w.Must(w.Chat.Submit(t.Context(), ana, "me", chat.RequestDraft{
		IdempotencyKey: "0123456789abcdef", ProgramID: "diabetes", ReasonID: "symptoms", Comment: "Hello",
	}))
	for n := range chat.MaxThreads {
		err := w.Table.SaveThread(t.Context(), chat.Thread{
			Organization: "harbor", ID: fmt.Sprint("thread-", n), Member: chat.Ref{ID: "ana"}, Program: chat.Ref{ID: "diabetes"},
			State: chat.ThreadActive, WaitingSince: w.Now, Version: 1,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []directory.EnrollmentPut{enroll("cm-chen"), {State: chat.EnrollmentClosed}} {
		used := w.recorder.during(func() { w.Must(w.Chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", p)) })
		if n := len(used.calls); used.calls[n-1] != "TransactWriteItems" || used.calls[n-2] == "TransactWriteItems" {
			t.Errorf("calls %v", used.calls)
		}
	}
	chen := chat.Caller{Kind: chat.CareManager, Organization: "harbor", ID: "cm-chen"}
	inbox, err := w.Chat.Inbox(t.Context(), chen, chat.Waiting, "")
	if err != nil || len(inbox.Items) != 50 || inbox.Open != 0 {
		t.Errorf("what waits is in nobody's list: %d, %v", len(inbox.Items), err)
	}
}

// A3: a PUT whose answer was lost stands when it is tried again: the version
// before it, which it names, is no reason to refuse it.
func TestRepeatedPutOfAnEnrollmentIsNotAMismatch(t *testing.T) {
	w := newTown(t)
	for _, c := range []struct {
		name, careManager string
		version           int
		refused           bool
	}{
		{"the first try", "cm-chen", 1, false},
		{"the same again", "cm-chen", 1, false},
		{"another, of the version before", "", 1, true},
		{"the same, of no version", "cm-chen", 7, true},
		{"the same, of its own version", "cm-chen", 2, false},
	} {
		p := enroll(c.careManager)
		p.When.Matches = []int{c.version}
		got, err := w.Chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", p)
		if problem.Is(err, problem.VersionMismatch) != c.refused || err == nil && got.Entry.Version != 2 {
			t.Errorf("%s: version %d, %v", c.name, got.Entry.Version, err)
		}
	}
}
