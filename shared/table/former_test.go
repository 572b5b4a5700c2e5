package table_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
	"carechat/tests/support/town"
)

// disabled makes a care manager inactive, in one department.
func disabled(w *town.Town, id string) {
	w.PutCareManager(id, func(m *chat.CareManagerRow) { m.Active, m.DepartmentIDs = false, []string{town.Department} })
}

// T11, G10: what a disabled care manager owns goes to the departments, and is in their
// lists until it has.
func TestADisabledCareManagersWorkGoesToTheDepartments(t *testing.T) {
	w := town.New(t, town.Uncached)
	w.CheckAtEnd()
	for n := range 3 {
		w.PutMember(fmt.Sprint("member-", n))
		w.Enroll(fmt.Sprint("member-", n), town.Program, town.Rivera)
	}
	thread := w.Start(town.Rivera, "member-0", town.Program, "0123456789abcdef").ID
	w.Reply("member-0", thread, "fedcba9876543210")
	w.Submit("member-0", town.Program, "0123456789abcdef")
	w.CloseEnrollment("member-1", town.Program, town.Rivera)
	disabled(w, town.Rivera)
	chen := town.CareManager(town.Chen)
	seen := func(when string) {
		t.Helper()
		if got := listsOf(w, chen); got != "1 tasks, 1 threads, 2 enrollments, 1 counted" {
			t.Errorf("%s a colleague has %s", when, got)
		}
	}
	seen("before it is handed over")
	w.Upkeep()
	seen("afterwards")
	for n := range 3 {
		if o := w.Chats(fmt.Sprint("member-", n)).Enrollments[0].Owner; o.Kind != chat.OwnedByDepartment || o.Name == "" {
			t.Errorf("member-%d's owner is %+v", n, o)
		}
	}
	if h := w.Chats("member-0").Requests[0].History; h[len(h)-1].Action != chat.Assigned || h[len(h)-1].By != chat.Platform {
		t.Errorf("the request's history ends with %+v", h[len(h)-1])
	}
	listed := func() (ids []string) {
		all, err := w.Table.Departments(t.Context(), town.Organization, []string{town.Department})
		w.Must(nil, err)
		return all[0].Disabled
	}
	if len(listed()) != 1 {
		t.Error("something may still become theirs, and the department has forgotten them")
	}
	w.Now = w.Now.Add(5 * time.Minute)
	w.Upkeep()
	if w.Upkeep() != 0 || len(listed()) != 0 {
		t.Errorf("the department still lists %v", listed())
	}
	w.PutCareManager(town.Rivera)
	if o := w.Chats("member-2").Enrollments[0].Owner; o.Kind != chat.OwnedByDepartment {
		t.Errorf("enabling returns an enrollment to %+v", o)
	}
}

// T10: what a program's department owned follows the program to another department, but
// not what a care manager owns. Until it has, both departments have it in their lists.
func TestEnrollmentsFollowAProgramToItsDepartment(t *testing.T) {
	w := town.New(t, town.Uncached)
	w.CheckAtEnd()
	for id, owner := range map[string]string{"ana": "", "ben": town.Rivera, "cleo": ""} {
		w.PutMember(id)
		w.Enroll(id, town.Program, owner)
		w.Enroll(id, town.Second, owner)
		w.Submit(id, town.Program, "0123456789abcdef")
	}
	nurse, coach := town.CareManager(town.Chen), town.CareManager(town.Okafor)
	coach.Departments = []string{"coaches"}
	w.Reply("ana", w.Start(town.Chen, "ana", town.Program, "0123456789abcdef").ID, "fedcba9876543210")
	_, err := w.Chat.Assign(t.Context(), town.Platform, "cleo", town.Second, chat.NewOwner{DepartmentID: town.Department}, chat.Precondition{})
	w.Must(nil, err) // of another program, which goes nowhere
	w.PutProgram(town.Program, "coaches")
	w.PutDepartment("coaches")
	before := listsOf(w, nurse)
	if got := listsOf(w, coach); before != "2 tasks, 1 threads, 3 enrollments, 2 counted" || got != "2 tasks, 1 threads, 3 enrollments, 2 counted" {
		t.Errorf("a nurse has %s, a coach %s", before, got)
	}
	claimed, err := w.Chat.Claim(t.Context(), coach, "cleo", town.Program, chat.Precondition{})
	if w.Must(nil, err); claimed.Department != "coaches" {
		t.Errorf("a coach's claim leaves the enrollment with the %s", claimed.Department)
	}
	w.Upkeep()
	if after, got := listsOf(w, nurse), listsOf(w, coach); after != "0 tasks, 0 threads, 1 enrollments, 0 counted" || got != "1 tasks, 1 threads, 2 enrollments, 2 counted" {
		t.Errorf("afterwards a nurse has %s, a coach %s", after, got)
	}
	for id, want := range map[string]string{"ana": "coaches", "ben": town.Rivera, "cleo": town.Okafor} {
		chats := w.Chats(id)
		if got := chats.Requests[0].Owner.ID; got != want || chats.Enrolled(town.Program).Enrollment.Owner.ID != want {
			t.Errorf("%s's request is %s's, and should be %s's", id, got, want)
		}
	}
	if o := w.Chats("ana").Enrolled(town.Second).Enrollment.Owner; o.ID != "coaches" {
		t.Errorf("another program's is %v's", o)
	}
	w.Now = w.Now.Add(5 * time.Minute)
	if w.Upkeep(); w.Upkeep() != 0 {
		t.Error("the hand-over does not end")
	}
	if all, err := w.Table.Departments(t.Context(), town.Organization, []string{"coaches"}); err != nil || all[0].Arriving != nil {
		t.Errorf("the coaches still await %v, %v", all, err)
	}
}

// T10: what arrives with a program belongs to its new department once it is given to a
// care manager by the platform, or by somebody of both departments.
func TestArrivalsBelongToTheNewDepartmentOnceAssigned(t *testing.T) {
	w := town.New(t, town.Uncached)
	w.CheckAtEnd()
	for _, id := range []string{"ana", "ben", "cleo", "dan"} {
		w.PutMember(id)
		w.Enroll(id, town.Program, "")
	}
	w.PutDepartment("coaches")
	w.PutProgram(town.Program, "coaches")
	both, nurse := town.CareManager(town.Okafor), town.CareManager(town.Chen)
	both.Departments = append(both.Departments, "coaches")
	claim := func(c chat.Caller, member string) error {
		_, err := w.Chat.Claim(t.Context(), c, member, town.Program, chat.Precondition{})
		return err
	}
	_, err := w.Chat.Assign(t.Context(), town.Platform, "ana", town.Program, chat.NewOwner{CareManagerID: town.Okafor}, chat.Precondition{})
	w.Must(nil, errors.Join(err, claim(both, "cleo"), claim(nurse, "dan")))
	w.Enroll("ben", town.Program, town.Okafor)
	for id, want := range map[string]string{"ana": "coaches", "ben": "coaches", "cleo": "coaches", "dan": town.Department} {
		if got := w.Chats(id).Enrollments[0].Department; got != want {
			t.Errorf("%s's enrollment is of the %s, not the %s", id, got, want)
		}
	}
}

// listsOf says how much is in a care manager's department's lists, and in their inbox.
func listsOf(w *town.Town, c chat.Caller) string {
	w.T.Helper()
	tasks, err := w.Chat.Tasks(w.T.Context(), c, chat.WorkQuery{Scope: chat.DepartmentWide})
	w.Must(nil, err)
	inbox, err := w.Chat.Inbox(w.T.Context(), c, chat.Waiting, "")
	w.Must(nil, err)
	caseload, err := w.Chat.Caseload(w.T.Context(), c, chat.WorkQuery{Scope: chat.DepartmentWide})
	w.Must(nil, err)
	return fmt.Sprintf("%d tasks, %d threads, %d enrollments, %d counted", len(tasks.Items), len(inbox.Items), len(caseload.Items), inbox.Open)
}

// G10: the platform sees what a department without an active care manager owns, and
// nothing is assigned to such a department.
func TestThePlatformSeesWhatIsUnattended(t *testing.T) {
	w := town.New(t, town.Uncached)
	w.CheckAtEnd()
	w.PutMember("ana")
	w.Enroll("ana", town.Program, "")
	w.Submit("ana", town.Program, "0123456789abcdef")
	unattended := func() int {
		t.Helper()
		tasks, err := w.Chat.Tasks(t.Context(), town.Platform, chat.WorkQuery{Unattended: "true"})
		w.Must(nil, err)
		caseload, err := w.Chat.Caseload(t.Context(), town.Platform, chat.WorkQuery{Unattended: "true"})
		w.Must(nil, err)
		if len(tasks.Items) != len(caseload.Items) {
			t.Errorf("%d tasks of %d enrollments are unattended", len(tasks.Items), len(caseload.Items))
		}
		return len(tasks.Items)
	}
	if n := unattended(); n != 0 {
		t.Errorf("three care managers are there, and %d tasks are unattended", n)
	}
	for _, id := range []string{town.Rivera, town.Chen, town.Okafor} {
		disabled(w, id)
	}
	if n := unattended(); n != 1 {
		t.Errorf("nobody is there, and %d tasks are unattended", n)
	}
	to := func(id string) error {
		_, err := w.Chat.Assign(t.Context(), town.Platform, "ana", town.Program, chat.NewOwner{DepartmentID: id}, chat.Precondition{})
		return err
	}
	if err := to("coaches"); !problem.Is(err, problem.ValidationFailed) {
		t.Errorf("assigned to a department without anybody: %v", err)
	}
	w.PutCareManager("cm-new", func(m *chat.CareManagerRow) { m.DepartmentIDs = []string{"coaches"} })
	if err := to("coaches"); err != nil {
		t.Error(err)
	}
	if n := unattended(); n != 0 {
		t.Errorf("somebody is there, and %d tasks are unattended", n)
	}
}

// G10, N8: a department that nobody active is in is told while it has work, whether
// somebody left it or work came to it; a department without work is not.
func TestThePlatformIsToldOfAnUnattendedDepartment(t *testing.T) {
	w := town.New(t, town.Uncached)
	w.CheckAtEnd()
	w.PutMember("ana")
	w.Enroll("ana", town.Program, "")
	of := func(departments ...string) func(*chat.CareManagerRow) {
		return func(m *chat.CareManagerRow) { m.DepartmentIDs = departments }
	}
	for _, step := range []struct {
		name string
		does func()
		want bool // the nurses', else the new department's, which has a program moved to it
		then bool
	}{
		{"three are there", func() {}, false, false},
		{"two are disabled", func() { disabled(w, town.Rivera); disabled(w, town.Chen) }, false, false},
		{"the last one goes to another department", func() { w.PutCareManager(town.Okafor, of("coaches")) }, true, false},
		{"nobody comes", func() {}, true, false},
		{"she is back", func() { w.PutCareManager(town.Okafor, of("coaches", town.Department)) }, false, false},
		{"a department is new", func() { w.PutDepartment("new") }, false, false},
		{"a program is moved to it", func() { w.PutProgram(town.Program, "new") }, false, true},
		{"somebody comes", func() { w.PutCareManager("cm-new", of("new")) }, false, false},
	} {
		step.does()
		for range 2 { // a department is looked at before what is handed over to it
			w.Upkeep()
			w.Now = w.Now.Add(5 * time.Minute)
		}
		all, err := w.Table.Attendance(t.Context(), town.Organization, town.Department, "new", "coaches")
		if err != nil || all[0].Unattended != step.want || all[1].Unattended != step.then || all[2].Unattended {
			t.Errorf("%s: %+v, %v", step.name, all, err)
		}
	}
}
