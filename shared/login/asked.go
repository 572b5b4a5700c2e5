package login

import (
	"slices"
	"time"
)

// Bounds of what one contact is sent, and of how often it is tried (S4).
const (
	sentPerSpell = 3
	spell        = 15 * time.Minute
	sentPerDay   = 10
	day          = 24 * time.Hour
	maxAttempts  = 5
	// maxLost bounds the texts of a crash that repeats: one, and one again.
	maxLost = 2
)

// Lease is how long nobody else tries what somebody is sending: longer than a
// sender may run.
const Lease = 2 * time.Minute

// Due reports whether a link is owed by now.
func (a Asked) Due(now time.Time) bool { return !a.DueAt.IsZero() && !now.Before(a.DueAt) }

// MayTry holds the caps, which a repeat of the same ask does not count against,
// and the number of tries. A try without an outcome may have sent its text, so
// it is repeated once alone.
func (a Asked) MayTry(now time.Time) bool {
	if a.Attempts > 0 {
		return a.Attempts < maxAttempts && a.Lost < maxLost
	}
	return a.sentSince(now.Add(-spell)) < sentPerSpell && a.sentSince(now.Add(-day)) < sentPerDay
}

func (a Asked) sentSince(t time.Time) int {
	n := 0
	for _, at := range a.Sent {
		if at.After(t) {
			n++
		}
	}
	return n
}

// Tried claims the attempt and counts the ask, once.
func (a Asked) Tried(now time.Time) Asked {
	if a.Attempts == 0 {
		a.Sent = append(slices.Clone(a.Sent[max(len(a.Sent)-sentPerDay, 0):]), now)
	}
	a.Attempts++
	a.Lost++
	a.DueAt = now.Add(Lease)
	a.Version++
	return a
}

// Later tries again in a while, which doubles.
func (a Asked) Later(now time.Time) Asked {
	a.DueAt, a.Lost = now.Add(time.Minute<<(a.Attempts-1)), 0
	a.Version++
	return a
}

// Settled owes nothing and has forgotten the address.
func (a Asked) Settled() Asked {
	a.Address, a.For, a.DueAt, a.Attempts, a.Lost, a.Served = "", nil, time.Time{}, 0, 0, nil
	a.Version++
	return a
}
