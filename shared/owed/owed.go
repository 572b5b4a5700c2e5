// Package owed is the protocol for work that must be done although the process
// that does it may crash, be throttled or run twice. A row keeps the work in a
// Work, and each change is saved on the version of the row that was read:
//
//	Due        the work may be tried now: no other run holds it
//	Exhausted  it was tried often enough: it is given up
//	Claim      saved before the attempt, so that of two runs one goes on, and a
//	           crash cannot hide that something may have been done
//	Done       saved after an attempt that needs no other
//	Retry      saved after an attempt that did nothing
//
// A run that crashes leaves its claim, and the work is due again when the lease
// ends.
package owed

import "time"

// Lease is how long a claim holds: longer than the function that works may run.
const Lease = 2 * time.Minute

// Work is work that a row owes. The zero Work owes nothing.
type Work struct {
	DueAt    time.Time // when it may be tried next: of claimed work, when the lease ends
	Attempts int       // since it was first owed
	Lost     int       // how many of the last attempts were never concluded: each may have done the work
}

// At returns work that is owed from a time on.
func At(t time.Time) Work { return Work{DueAt: t} }

// Owed reports whether anything is to be done, now or later.
func (w Work) Owed() bool { return !w.DueAt.IsZero() }

// Due reports whether the work is owed and may be tried now.
func (w Work) Due(now time.Time) bool { return w.Owed() && !now.Before(w.DueAt) }

// Claim begins an attempt. Until it is concluded it counts as lost.
func (w Work) Claim(now time.Time) Work {
	return Work{DueAt: now.Add(Lease), Attempts: w.Attempts + 1, Lost: w.Lost + 1}
}

// Retry concludes an attempt that did nothing: the work is due again after the
// wait that the policy has for this number of attempts.
func (w Work) Retry(now time.Time, p Policy) Work {
	return Work{DueAt: now.Add(p.wait(w.Attempts)), Attempts: w.Attempts}
}

// Done concludes the work: nothing is owed any more.
func (w Work) Done() Work { return Work{} }

// Exhausted reports whether the policy allows no further attempt.
func (w Work) Exhausted(p Policy) bool {
	return p.MaxAttempts > 0 && w.Attempts >= p.MaxAttempts || p.MaxLost > 0 && w.Lost >= p.MaxLost
}

// Policy says how often one kind of work is tried, and how soon again.
type Policy struct {
	FirstWait   time.Duration // after the first attempt; it doubles with each further one
	MaxWait     time.Duration
	MaxAttempts int // 0 for no limit
	MaxLost     int // attempts in a row that were never concluded; 0 for no limit
}

func (p Policy) wait(attempts int) time.Duration {
	wait := p.FirstWait
	for n := 1; n < attempts && wait < p.MaxWait; n++ {
		wait *= 2
	}
	return min(wait, p.MaxWait)
}
