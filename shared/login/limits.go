package login

import (
	"time"

	"carechat/shared/chat"
)

// Limits counts a member's wrong birth dates over all their links (S3).
type Limits struct {
	Key         chat.MemberKey
	Failures    int
	LockedUntil time.Time // zero if they were never locked, or have logged in since
	Version     int
}

// Five wrong birth dates lock a member's links for an hour (S3).
const (
	maxFailures = 5
	lockFor     = time.Hour
)

func (l Limits) locked(now time.Time) bool { return now.Before(l.LockedUntil) }

// fail counts one more wrong birth date. After a lock the count starts anew.
func (l Limits) fail(now time.Time) Limits {
	if !l.LockedUntil.IsZero() && !l.locked(now) {
		l.Failures, l.LockedUntil = 0, time.Time{}
	}
	l.Failures++
	if l.Failures >= maxFailures {
		l.LockedUntil = now.Add(lockFor)
	}
	l.Version++
	return l
}

// forgive takes one count back, and the lock if that count had made it.
func (l Limits) forgive() Limits {
	l.Failures = max(l.Failures-1, 0)
	if l.Failures < maxFailures {
		l.LockedUntil = time.Time{}
	}
	l.Version++
	return l
}

// reset is for a member who has logged in.
func (l Limits) reset() Limits {
	l.Failures, l.LockedUntil = 0, time.Time{}
	l.Version++
	return l
}
