package chat

import (
	"slices"
	"time"
)

// Late reports whether a request still waits past the time that its member was
// promised a reply by (T13).
func (r Request) Late(now time.Time) bool { return r.State == Open && now.After(r.DueAt) }

// closedLate reports whether the care side closed the request past that time.
func (r Request) closedLate() bool { return r.State == Closed && r.UpdatedAt.After(r.DueAt) }

// Late reports whether the thread waits for the care side longer than the member was
// promised (T13). It returns false until upkeep has worked out how long that is.
func (t Thread) Late(now time.Time) bool { return !t.LateAt.IsZero() && now.After(t.LateAt) }

// late returns the programs in which the member's request or one of their threads
// is late.
func (c MemberChats) late(now time.Time) []string {
	var programs []string
	for _, r := range c.Requests {
		if r.Late(now) {
			programs = append(programs, r.Program.ID)
		}
	}
	for _, t := range c.Threads {
		if t.Late(now) {
			programs = append(programs, t.Program.ID)
		}
	}
	slices.Sort(programs)
	return slices.Compact(programs)
}

// lookAgain is how soon upkeep looks again at what is listed as late, which may have
// been answered or have changed departments since, and at a department that nobody is
// in.
const lookAgain = 5 * time.Minute

// LateMark puts a task or a waiting thread into its department's list of what is
// late, from the time at which it is (T13). Only upkeep writes it. The row that it is
// about decides: whoever reads the list checks whether it is still late.
type LateMark struct {
	Key        MemberKey
	ProgramID  string // of a task: an enrollment has at most one
	RequestID  string // of a task
	ThreadID   string // of a thread
	Owner      Owner  // when upkeep last looked
	Department string
	Since      time.Time // its place in the list: when the task was due, or the thread began to wait
	LateAt     time.Time
	Listed     bool      // whether its time has come
	CheckAt    time.Time // when upkeep looks again
	Version    int
}

// ofRequest returns the mark after upkeep has looked at the open request.
func (l LateMark) ofRequest(r Request, now time.Time) LateMark {
	l.RequestID = r.ID
	return l.seen(r.Ownership, r.DueAt, r.DueAt, now)
}

// ofThread returns the mark after upkeep has looked at the waiting thread.
func (l LateMark) ofThread(t Thread, now time.Time) LateMark {
	return l.seen(t.Ownership, t.WaitingSince, t.LateAt, now)
}

func (l LateMark) seen(o Ownership, since, lateAt, now time.Time) LateMark {
	l.Owner, l.Department, l.Since, l.LateAt = o.Owner, o.Department, since, lateAt
	l.Listed, l.CheckAt = !now.Before(lateAt), lateAt
	if l.Listed {
		l.CheckAt = now.Add(lookAgain)
	}
	l.Version++
	return l
}
