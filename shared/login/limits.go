package login

import (
	"time"

	"carechat/shared/chat"
)

// Limits counts a member's wrong birth dates, over all their links (S3).
type Limits struct {
	Key         chat.MemberKey
	Failures    int
	LockedUntil time.Time // zero: never locked, or logged in since
	Version     int
}

// A member's links are locked for an hour by five wrong birth dates (S3).
const (
	maxFailures = 5
	lockFor     = time.Hour
)

func (l Limits) locked(now time.Time) bool { return now.Before(l.LockedUntil) }

// failed counts one more. After a lock it counts from the start.
func (l Limits) failed(now time.Time) Limits {
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

// forgiven takes back one count, and the lock if that was what made it.
func (l Limits) forgiven() Limits {
	l.Failures = max(l.Failures-1, 0)
	if l.Failures < maxFailures {
		l.LockedUntil = time.Time{}
	}
	l.Version++
	return l
}

// cleared is for whoever has logged in.
func (l Limits) cleared() Limits {
	l.Failures, l.LockedUntil = 0, time.Time{}
	l.Version++
	return l
}
