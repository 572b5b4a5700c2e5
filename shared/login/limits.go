package login

import (
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// Limits counts a member's wrong birth dates over all their links (S3), and the
// links that were sent to them by name (S4).
type Limits struct {
	Key         chat.MemberKey
	Failures    int         // since the last log-in, or since the links were unlocked
	Wrong       []time.Time // the failures of the last day, oldest first
	LockedUntil time.Time   // zero if nothing was ever locked, or was unlocked since
	Sent        []time.Time // links sent by name in the last day, oldest first
	CappedAt    time.Time   // when the why-log last said that there were too many
	Version     int
}

// How many wrong birth dates lock a member's links (S3).
const (
	maxPerDay     = 20 // lock them for a day
	maxSinceLogIn = 50 // lock them until they are sent one by name
	day           = 24 * time.Hour
)

// How many links a member is sent by name (S4).
const (
	namedPerSpell = 3
	namedPerDay   = 20
)

// The rules of the why-log's rows of kind lock, by how the lock ends.
const (
	ruleTooManyGuesses = "tooManyGuesses" // after a day
	ruleAskCareTeam    = "askCareTeam"    // when the care side sends a link
)

// lock returns the rule by which the member's links are locked, "" if they are not.
func (l Limits) lock(now time.Time) string {
	switch {
	case l.Failures >= maxSinceLogIn:
		return ruleAskCareTeam
	case now.Before(l.LockedUntil):
		return ruleTooManyGuesses
	}
	return ""
}

// locked returns the answer to whoever tries a locked member's link; nil if the
// links are not locked.
func (l Limits) locked(now time.Time) *problem.Problem {
	switch l.lock(now) {
	case ruleAskCareTeam:
		return &problem.Problem{Code: problem.TooManyRequests, Reason: ruleAskCareTeam, RetryAfter: day}
	case ruleTooManyGuesses:
		return &problem.Problem{Code: problem.TooManyRequests, RetryAfter: l.LockedUntil.Sub(now)}
	}
	return nil
}

// fail counts one more wrong birth date.
func (l Limits) fail(now time.Time) Limits {
	l.Failures++
	if l.Wrong = append(since(l.Wrong, now.Add(-day)), now); len(l.Wrong) >= maxPerDay {
		l.LockedUntil = now.Add(day)
	}
	l.Version++
	return l
}

// loggedIn is for a member who has logged in.
func (l Limits) loggedIn() Limits {
	l.Failures = 0
	l.Version++
	return l
}

// send counts a link that is sent to the member by name, which unlocks their links.
// If there were too many it returns how long to wait for the next one.
func (l Limits) send(now time.Time) (sent Limits, wait time.Duration) {
	l.Sent = since(l.Sent, now.Add(-day))
	if wait = waitFor(l.Sent, namedPerSpell, spell, now); wait == 0 {
		wait = waitFor(l.Sent, namedPerDay, day, now)
	}
	if wait > 0 {
		return l, wait
	}
	l.Failures, l.Wrong, l.LockedUntil = 0, nil, time.Time{}
	l.Sent = append(l.Sent, now)
	l.Version++
	return l, 0
}

// waitFor returns how long it is until no more than max of the times are in a spell
// that one more would join.
func waitFor(times []time.Time, most int, spell time.Duration, now time.Time) time.Duration {
	if len(times) < most {
		return 0
	}
	return max(times[len(times)-most].Add(spell).Sub(now), 0)
}

// since returns the times after one, of times in order.
func since(times []time.Time, after time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(times), func(t time.Time) bool { return !t.After(after) })
}
