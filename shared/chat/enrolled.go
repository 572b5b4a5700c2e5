package chat

import (
	"context"
	"slices"
	"time"

	"carechat/shared/problem"
)

// Enrolled is an enrollment with what moves with it: its open request and its
// threads, all in one transaction (T9).
type Enrolled struct {
	Enrollment Enrollment
	Request    *Request
	Threads    []Thread
}

// EnrolledStore saves an enrollment with what moves with it.
type EnrolledStore interface {
	// SaveEnrolled saves each row at its next version, all or none (T9).
	SaveEnrolled(ctx context.Context, e Enrolled) error
}

// Enrolled returns the member's rows of one program. If there is no enrollment, the
// result's has version 0.
func (c MemberChats) Enrolled(programID string) Enrolled {
	var e Enrolled
	if i := slices.IndexFunc(c.Enrollments, func(e Enrollment) bool { return e.Program.ID == programID }); i >= 0 {
		e.Enrollment = c.Enrollments[i]
	}
	if i := slices.IndexFunc(c.Requests, func(r Request) bool { return r.Program.ID == programID }); i >= 0 {
		e.Request = &c.Requests[i]
	}
	for _, t := range c.Threads {
		if t.Program.ID == programID {
			e.Threads = append(e.Threads, t)
		}
	}
	return e
}

// late returns the program if something in the enrollment is late.
func (was Enrolled) late(now time.Time) []string {
	rows := MemberChats{Threads: was.Threads}
	if was.Request != nil {
		rows.Requests = []Request{*was.Request}
	}
	return rows.late(now)
}

// MoveTo returns the rows that change with the enrollment, each at its next
// version. A hand-over takes along the open request, whose history says by whom, and
// the threads; closing cancels the request and takes along the threads, as opening
// again does (T9). MoveTo refuses a care manager who could not answer.
func (was Enrolled) MoveTo(becomes Enrollment, by Kind, now time.Time) (moved Enrolled, err error) {
	handedOver := !becomes.Owner.Is(was.Enrollment.Owner)
	if handedOver && !was.canBeAnsweredBy(becomes.Owner) {
		return moved, problem.WithField("?programId", "too-many-threads", "has as many threads as it can, none of this care manager's")
	}
	moved.Enrollment = becomes.next()
	if r := was.Request; r != nil && (handedOver || becomes.State == EnrollmentClosed) {
		moved.Request, err = r.follow(becomes, by, now)
	}
	if handedOver || becomes.State != was.Enrollment.State {
		for _, t := range was.Threads {
			moved.Threads = append(moved.Threads, t.follow(becomes, now))
		}
	}
	return moved, err
}

// canBeAnsweredBy reports whether a care manager, once they are the owner, has a thread to
// write in or can begin one.
func (was Enrolled) canBeAnsweredBy(o Owner) bool {
	theirs := func(t Thread) bool { return t.CareManager.ID == o.ID }
	return o.Kind != OwnedByCareManager || len(was.Threads) < MaxThreads || slices.ContainsFunc(was.Threads, theirs)
}

// follow returns the open request as it is once its enrollment has become e:
// cancelled if that closes, else assigned to the new owner.
func (r Request) follow(e Enrollment, by Kind, now time.Time) (*Request, error) {
	action := Assigned
	if e.State == EnrollmentClosed {
		action = WasCancelled
	}
	next, _, err := r.apply(Entry{At: now, Action: action, By: by})
	next.Ownership = e.Ownership
	return &next, err
}

// follow returns the thread as it is once its enrollment has become e. What the
// care side has not read keeps waiting, in the list of the new owner (G10). If
// the thread opens again, a notice of what the member has not read is due now.
func (t Thread) follow(e Enrollment, now time.Time) Thread {
	opens := t.State == ThreadInactive && e.State == EnrollmentActive
	t.Ownership = e.Ownership
	if t.State = ThreadActive; e.State == EnrollmentClosed {
		t.State = ThreadInactive
	}
	if opens {
		t = t.resume(now)
	}
	t.Version++
	return t
}
