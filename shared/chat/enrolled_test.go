package chat

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// T9: what an enrollment takes along depends on whether its owner and its state
// change, and on nothing else.
func TestWhatMovesWithAnEnrollment(t *testing.T) {
	nurses := Ownership{Owner{OwnedByDepartment, "nurses", "Nurses"}, "nurses"}
	rivera := Ownership{Owner{OwnedByCareManager, "cm-rivera", "Sam Rivera"}, "nurses"}
	const active, closed = EnrollmentActive, EnrollmentClosed
	for name, c := range map[string]struct {
		was, is EnrollmentState
		to      Ownership
		request Action // in its history; "" if it stays
		threads ThreadState
	}{
		"nothing changes":              {active, active, nurses, "", ""},
		"handed over":                  {active, active, rivera, Assigned, ThreadActive},
		"closes":                       {active, closed, nurses, WasCancelled, ThreadInactive},
		"opens again":                  {closed, active, nurses, "", ThreadActive},
		"opens again, handed over":     {closed, active, rivera, Assigned, ThreadActive},
		"stays closed, a request open": {closed, closed, nurses, WasCancelled, ""},
	} {
		r := openRequest()
		r.Ownership = nurses
		threads := []Thread{{ID: "t1", Ownership: nurses, Version: 3}, {ID: "t2", Ownership: nurses, Version: 5}}
		was := Enrolled{Enrollment{State: c.was, Ownership: nurses, Version: 7}, &r, threads}
		is := was.Enrollment
		is.State, is.Ownership = c.is, c.to
		moved, err := was.MoveTo(is, CareManager, noon)
		if is.Version++; err != nil || cmp.Diff(is, moved.Enrollment) != "" {
			t.Errorf("%s: %v, %+v", name, err, moved.Enrollment)
		}
		switch q := moved.Request; {
		case (q == nil) != (c.request == ""):
			t.Errorf("%s: the request is %+v", name, q)
		case q != nil && (q.History[len(q.History)-1] != Entry{At: noon, Action: c.request, By: CareManager} || q.Ownership != c.to || q.Version != 2):
			t.Errorf("%s: the request is %+v", name, q)
		}
		if c.threads == "" != (moved.Threads == nil) {
			t.Errorf("%s: the threads are %+v", name, moved.Threads)
		}
		for i, each := range moved.Threads {
			if each.State != c.threads || each.Ownership != c.to || each.Version != threads[i].Version+1 {
				t.Errorf("%s: a thread is %+v", name, each)
			}
		}
	}
}
