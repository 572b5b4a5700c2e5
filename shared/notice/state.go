package notice

import (
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/owed"
)

// State is what is kept of a member's notices: whether one is being sent, what was
// sent in the last day, and what failed.
type State struct {
	Key chat.MemberKey
	// Work is due only while a run holds the member: what a member is owed is due
	// on their threads. Attempts and Lost count failures in a row.
	owed.Work
	Texts      []time.Time // that were, or may have been, sent in the last day, oldest first
	StopSaidAt time.Time   // when a text last said how to stop texts (N4)
	Epoch      int         // the profile's at that text: at another one the phone may be another
	Version    int
}

// policy is how often a notice is tried. One that was lost may have been sent and
// is repeated once; one that SNS does not take is tried until it is read (N2).
var policy = owed.Policy{FirstWait: time.Minute, MaxWait: 15 * time.Minute, MaxLost: 2}

// stopSaidFor is how long after a text that said how to stop texts the next ones
// may leave it out (N4).
const stopSaidFor = 30 * 24 * time.Hour

// busy reports whether a run holds the member.
func (s State) busy(now time.Time) bool { return now.Before(s.DueAt) }

// at returns the state for a profile of an epoch: whoever has had the phone since
// then may never have been told how to stop texts (N4).
func (s State) at(epoch int) State {
	if s.Epoch != epoch {
		s.Epoch, s.StopSaidAt = epoch, time.Time{}
	}
	return s
}

// mustSayStop reports whether the next text has to say how to stop texts.
func (s State) mustSayStop(now time.Time) bool {
	return s.StopSaidAt.IsZero() || now.Sub(s.StopSaidAt) >= stopSaidFor
}

// Claim returns the state of a member whom this run holds. A text among what it
// sends is counted (N2).
func (s State) Claim(now time.Time, on []chat.Channel) State {
	if slices.Contains(on, chat.SMS) {
		if s.mustSayStop(now) {
			s.StopSaidAt = now
		}
		old := func(at time.Time) bool { return now.Sub(at) >= 24*time.Hour }
		s.Texts = append(slices.DeleteFunc(slices.Clone(s.Texts), old), now)
	}
	s.Work = s.Work.Claim(now)
	s.Version++
	return s
}

// unsend takes back the text that a claim counted: SNS did not take it.
func (s State) unsend(before State) State {
	s.Texts, s.StopSaidAt = before.Texts, before.StopSaidAt
	return s
}

// Done returns the state of a member whom no run holds, and for whom nothing
// failed.
func (s State) Done() State {
	s.Work = s.Work.Done()
	s.Version++
	return s
}

// retryAt returns when an attempt that begins now is repeated if it fails.
func (s State) retryAt(now time.Time) time.Time {
	return s.Work.Claim(now).Retry(now, policy).DueAt
}
