package table_test

import (
	"fmt"
	"strings"
	"testing"

	"carechat/shared/api"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/problem"
	"carechat/tests/support/town"
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
		page, err := w.Chat.Tasks(t.Context(), c, chat.WorkQuery{})
		if err != nil {
			t.Fatal(err)
		}
		caseload, err := w.Chat.Caseload(t.Context(), c, chat.WorkQuery{})
		if err != nil || len(caseload.Items) != len(page.Items) {
			t.Errorf("%s has %+v, %v, and %d tasks", c.ID, caseload, err, len(page.Items))
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
			CareManager: chat.Ref{ID: "cm-chen"}, State: chat.ThreadActive, WaitingSince: w.Now, Version: 1,
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

// A3: a PUT whose answer was lost has been made when it is tried again: it is not refused for
// naming the version before it.
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

// T9, A3: what is claimed or assigned stays so through each PUT of the platform that
// says what its last one said, and a PUT that says something else is a hand-over.
func TestWhatWasClaimedOrAssignedSurvivesTheSamePut(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	colleague := func(id string) chat.Caller {
		return chat.Caller{Kind: chat.CareManager, Organization: "harbor", ID: id, Name: "Name of " + id, Departments: []string{"nurses"}}
	}
	rivera, chen := colleague("cm-rivera"), colleague("cm-chen")
	owner := func(want string) {
		t.Helper()
		e, err := w.Table.Enrollment(ctx, chat.MemberKey{Organization: "harbor", Member: "ana"}, "diabetes")
		if err != nil || e.Owner.ID != want {
			t.Errorf("the owner is %+v, want %s; %v", e, want, err)
		}
	}
	toNurses, none := chat.NewOwner{DepartmentID: "nurses"}, chat.Precondition{}
	e, err := w.Chat.Assign(ctx, rivera, "ana", "diabetes", toNurses, none)
	w.Must(e, err)
	owner("nurses")
	w.Must(w.Chat.PutEnrollment(ctx, platform, "ana", "diabetes", enroll("cm-rivera")))
	owner("nurses")

	if _, err := w.Chat.Claim(ctx, chen, "ana", "diabetes", chat.Precondition{Matches: []int{e.Version - 1}}); !problem.Is(err, problem.VersionMismatch) {
		t.Errorf("a claim of another version: %v", err)
	}
	claimed, err := w.Chat.Claim(ctx, chen, "ana", "diabetes", chat.Precondition{Matches: []int{e.Version}})
	w.Must(claimed, err)
	again, err := w.Chat.Claim(ctx, chen, "ana", "diabetes", chat.Precondition{Matches: []int{e.Version}})
	if err != nil || again != claimed {
		t.Errorf("the same claim again: %+v, %v, want %+v", again, err, claimed)
	}
	if _, err := w.Chat.Claim(ctx, rivera, "ana", "diabetes", none); !problem.Is(err, problem.AlreadyClaimed) {
		t.Errorf("a second claim: %v", err)
	}
	w.Must(w.Chat.PutEnrollment(ctx, platform, "ana", "diabetes", enroll("cm-rivera")))
	owner("cm-chen")
	w.Must(w.Chat.PutEnrollment(ctx, platform, "ana", "diabetes", directory.EnrollmentPut{State: chat.EnrollmentActive}))
	owner("nurses")

	w.Must(w.Chat.PutEnrollment(ctx, platform, "ana", "diabetes", directory.EnrollmentPut{State: chat.EnrollmentClosed}))
	if _, err := w.Chat.Claim(ctx, chen, "ana", "diabetes", none); !problem.Is(err, problem.NotEligible) {
		t.Errorf("a claim of a closed enrollment: %v", err)
	}
}

// A4: an enrollment is assigned to exactly one who is there and active.
func TestAssigningToNobody(t *testing.T) {
	w := newTown(t)
	for _, to := range []chat.NewOwner{
		{}, {CareManagerID: "cm-chen", DepartmentID: "nurses"}, {CareManagerID: "cm-nobody"}, {CareManagerID: "#"}, {DepartmentID: "nothing"},
	} {
		_, err := w.Chat.Assign(t.Context(), platform, "ana", "diabetes", to, chat.Precondition{})
		if !problem.Is(err, problem.ValidationFailed) {
			t.Errorf("to %+v: %v", to, err)
		}
	}
}

// S7: what has ended goes with its enrollment: after a hand-over the new owner reads it,
// and the former one does not.
func TestAnEndedRequestGoesWithItsEnrollment(t *testing.T) {
	w := newTown(t)
	ana := chat.Caller{Kind: chat.Member, Organization: "harbor", ID: "ana", Language: "en"}
	rivera := chat.Caller{Kind: chat.CareManager, Organization: "harbor", ID: "cm-rivera", Departments: []string{"nurses"}}
	chen := chat.Caller{Kind: chat.CareManager, Organization: "harbor", ID: "cm-chen", Departments: []string{"nurses"}}
	made, err := w.Chat.Submit(t.Context(), ana, "me", chat.RequestDraft{
		IdempotencyKey: "0123456789abcdef", ProgramID: "diabetes", ReasonID: "symptoms", Comment: "Hello",
	})
	w.Must(nil, err)
	w.Must(w.Chat.Cancel(t.Context(), ana, "me", made.Request.ID, chat.Precondition{}))
	reads := func(c chat.Caller) bool {
		_, err := w.Chat.Request(t.Context(), c, "ana", made.Request.ID)
		if err != nil && !problem.Is(err, problem.NotFound) {
			t.Fatal(err)
		}
		return err == nil
	}
	if !reads(rivera) || reads(chen) {
		t.Error("it is not its owner's")
	}
	w.Must(w.Chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", enroll("cm-chen")))
	if reads(rivera) || !reads(chen) {
		t.Error("it did not go with the hand-over")
	}
}

// T9: why an enrollment is assigned is in its request's history, for care managers only.
func TestCareManagersReadWhyAnEnrollmentIsAssigned(t *testing.T) {
	w := town.New(t, town.Uncached)
	w.CheckAtEnd()
	w.PutMember("ana")
	w.Enroll("ana", town.Program, town.Rivera)
	request := w.Submit("ana", town.Program, "0123456789abcdef")
	assign := func(why string) error {
		_, err := w.Chat.Assign(t.Context(), town.Platform, "ana", town.Program, chat.NewOwner{CareManagerID: town.Chen, Why: why}, chat.Precondition{})
		return err
	}
	for _, why := range []string{" ", strings.Repeat("x", 201)} {
		if err := assign(why); !problem.Is(err, problem.ValidationFailed) {
			t.Errorf("%d characters: %v", len(why), err)
		}
	}
	w.Must(nil, assign("Speaks Spanish"))
	for want, c := range map[string]chat.Caller{"": town.Member("ana"), "Speaks Spanish": town.CareManager(town.Chen)} {
		r, err := w.Chat.Request(t.Context(), c, "ana", request.ID)
		w.Must(nil, err)
		history := api.NewRequest(c, r, w.Now).History
		if got := history[len(history)-1]; got.Action != chat.Assigned || got.Why != want {
			t.Errorf("a %s reads %+v", c.Kind, got)
		}
	}
	rows := api.Supported([]directory.Row{{Values: map[string]any{"history": []any{map[string]any{"why": "Speaks Spanish"}}}}}, "")
	if text := fmt.Sprint(rows); strings.Contains(text, "Spanish") {
		t.Errorf("support reads %s", text)
	}
}
