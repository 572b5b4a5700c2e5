package directory

import (
	"testing"

	"carechat/shared/chat"

	"github.com/google/go-cmp/cmp"
)

// T9 and T10, whole: every state of an enrollment and every PUT. Each case gives
// the owner, the department, what happens to the open request, and whether the
// threads move.
func TestPutOfAnEnrollmentInEveryState(t *testing.T) {
	nurses := chat.Owner{Kind: chat.OwnedByDepartment, ID: "nurses", Name: "Nurses"}
	coaches := chat.Owner{Kind: chat.OwnedByDepartment, ID: "coaches", Name: "Coaches"}
	rivera := chat.Owner{Kind: chat.OwnedByCareManager, ID: "cm-rivera", Name: "Sam Rivera"}
	chen := chat.Owner{Kind: chat.OwnedByCareManager, ID: "cm-chen", Name: "Lin Chen"}
	was := func(state chat.EnrollmentState, provisioned string, o chat.Owner, department string) chat.Enrollment {
		return chat.Enrollment{State: state, Provisioned: provisioned, Ownership: chat.Ownership{Owner: o, Department: department}, Version: 7, Paused: true}
	}
	const active, closed = chat.EnrollmentActive, chat.EnrollmentClosed
	for name, c := range map[string]struct {
		was        chat.Enrollment
		state      chat.EnrollmentState
		to         chat.Owner
		owner      chat.Owner
		department string
		request    chat.Action
		threads    bool
		same       bool
	}{
		"new, to the department":                 {chat.Enrollment{}, active, nurses, nurses, "nurses", "", false, false},
		"new, to a care manager":                 {chat.Enrollment{}, active, rivera, rivera, "nurses", "", false, false},
		"new and closed":                         {chat.Enrollment{}, closed, rivera, rivera, "nurses", "", false, false},
		"active, the same":                       {was(active, "cm-rivera", rivera, "nurses"), active, rivera, rivera, "nurses", "", false, true},
		"active, the same, claimed since":        {was(active, "cm-rivera", chen, "nurses"), active, rivera, chen, "nurses", "", false, true},
		"active, the department again, claimed":  {was(active, "", chen, "nurses"), active, nurses, chen, "nurses", "", false, true},
		"active, to another":                     {was(active, "cm-rivera", rivera, "nurses"), active, chen, chen, "nurses", chat.Assigned, true, false},
		"active, to another, assigned elsewhere": {was(active, "cm-rivera", coaches, "coaches"), active, chen, chen, "coaches", chat.Assigned, true, false},
		"active, to whoever claimed it":          {was(active, "cm-rivera", chen, "nurses"), active, chen, chen, "nurses", "", false, false},
		"active, back to the department":         {was(active, "cm-rivera", rivera, "nurses"), active, nurses, nurses, "nurses", chat.Assigned, true, false},
		"active, from another department":        {was(active, "cm-rivera", coaches, "coaches"), active, nurses, nurses, "nurses", chat.Assigned, true, false},
		"active, closes":                         {was(active, "cm-rivera", rivera, "nurses"), closed, rivera, rivera, "nurses", chat.WasCancelled, true, false},
		"active, closes naming nobody":           {was(active, "cm-rivera", rivera, "nurses"), closed, nurses, rivera, "nurses", chat.WasCancelled, true, false},
		"active, closes, claimed since":          {was(active, "cm-rivera", chen, "nurses"), closed, rivera, chen, "nurses", chat.WasCancelled, true, false},
		"closed, the same":                       {was(closed, "cm-rivera", rivera, "nurses"), closed, rivera, rivera, "nurses", "", false, true},
		"closed, naming another":                 {was(closed, "cm-rivera", rivera, "nurses"), closed, chen, rivera, "nurses", "", false, false},
		"closed, opens again":                    {was(closed, "cm-rivera", rivera, "nurses"), active, rivera, rivera, "nurses", "", true, false},
		"closed, opens again, to another":        {was(closed, "cm-rivera", rivera, "nurses"), active, chen, chen, "nurses", "", true, false},
		"closed, opens again, to the department": {was(closed, "cm-rivera", rivera, "nurses"), active, nurses, nurses, "nurses", "", true, false},
		"closed, opens again, claimed before it": {was(closed, "cm-rivera", chen, "nurses"), active, rivera, chen, "nurses", "", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			all := chat.Enrolled{Enrollment: c.was}
			if c.was.Version > 0 {
				all.Threads = []chat.Thread{{ID: "t1", Version: 3, WaitingSince: noon, State: chat.ThreadActive}}
			}
			if c.was.State == active {
				all.Request = &chat.Request{ID: "r1", State: chat.Open, Version: 2, Ownership: c.was.Ownership}
			}
			want := meaning{State: c.state, Owner: c.to, Department: "nurses"}
			if c.to.Kind == chat.OwnedByCareManager {
				want.Provisioned = c.to.ID
			}
			plan, changed, err := planEnrollment(all, want, noon)
			if err != nil || changed == c.same {
				t.Fatalf("changed %v, %v", changed, err)
			}
			expected := c.was
			if expected.Ownership = (chat.Ownership{Owner: c.owner, Department: c.department}); !c.same {
				expected.State, expected.Provisioned = c.state, want.Provisioned
				expected.Version++
				expected.UpdatedAt = noon
			}
			if diff := cmp.Diff(expected, plan.Enrollment); diff != "" {
				t.Error(diff)
			}
			checkFollows(t, plan, c.request, c.threads)
		})
	}
}

func checkFollows(t *testing.T, plan chat.Enrolled, action chat.Action, threads bool) {
	t.Helper()
	e := plan.Enrollment
	switch r := plan.Request; {
	case (r != nil) != (action != ""):
		t.Errorf("the request moves: %v", r != nil)
	case r != nil:
		last := r.History[len(r.History)-1]
		if last.Action != action || last.By != chat.Platform || r.Version != 3 || r.Ownership != e.Ownership {
			t.Errorf("the request becomes %+v", r)
		}
		if cancelled := r.State == chat.Cancelled; cancelled != (e.State == chat.EnrollmentClosed) {
			t.Errorf("the request is %s", r.State)
		}
	}
	if (len(plan.Threads) > 0) != threads {
		t.Fatalf("%d threads move", len(plan.Threads))
	}
	for _, each := range plan.Threads {
		active := each.State == chat.ThreadActive
		if each.Ownership != e.Ownership || active != (e.State == chat.EnrollmentActive) || each.Version != 4 || each.WaitingSince != noon {
			t.Errorf("a thread becomes %+v", each)
		}
	}
}
