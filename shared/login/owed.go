package login

import (
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/owed"
)

// OwedLink is the link that was asked for with a contact, known or not (S4). Once
// nothing is owed it says only when links were sent.
type OwedLink struct {
	Contact   string // the hash of the address: where the row is
	owed.Work        // sending it
	Address   string // only while the link is owed
	// For are the members who are to get one; none means everybody whose contact it is.
	For     []chat.MemberKey
	Served  []string    // organizations whose link was sent since it was asked for
	Sent    []time.Time // when the first attempt at each link began, in the last day, oldest first
	Version int
}

// policy is how often a link is tried. A text may have gone out by an attempt that
// was lost, so that is repeated once alone.
var policy = owed.Policy{FirstWait: time.Minute, MaxWait: 8 * time.Minute, MaxAttempts: 5, MaxLost: 2}

// How many links one contact gets (S4).
const (
	sentPerSpell = 3
	spell        = 15 * time.Minute
	sentPerDay   = 10
	day          = 24 * time.Hour
)

// Ask returns the link owed from now on, from its first attempt. Asks that wait
// together are one, for every member that one of them is for. An ask over the caps
// changes nothing of what is owed: a cap never takes a link away.
func (l OwedLink) Ask(address string, now time.Time, members ...chat.MemberKey) OwedLink {
	l.Version++
	if l.capped(now) {
		return l
	}
	switch {
	case len(members) == 0 || l.Owed() && len(l.For) == 0:
		l.For = nil
	case l.Owed():
		l.For = union(l.For, members)
	default:
		l.For = members
	}
	l.Address, l.Work, l.Served = address, owed.At(now), nil
	return l
}

func union(all, more []chat.MemberKey) []chat.MemberKey {
	all = slices.Clone(all)
	for _, m := range more {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

// capped reports whether the contact has had as many links as it gets.
func (l OwedLink) capped(now time.Time) bool {
	return l.sentSince(now.Add(-spell)) >= sentPerSpell || l.sentSince(now.Add(-day)) >= sentPerDay
}

func (l OwedLink) sentSince(t time.Time) int {
	n := 0
	for _, at := range l.Sent {
		if at.After(t) {
			n++
		}
	}
	return n
}

// Exhausted reports whether no attempt is left.
func (l OwedLink) Exhausted() bool { return l.Work.Exhausted(policy) }

// Claim returns the link with an attempt begun, and counted against the caps if it
// is the first.
func (l OwedLink) Claim(now time.Time) OwedLink {
	if l.Attempts == 0 {
		l.Sent = append(slices.Clone(l.Sent[max(len(l.Sent)-sentPerDay, 0):]), now)
	}
	l.Work = l.Work.Claim(now)
	l.Version++
	return l
}

// Minted returns the version that is saved with an organization's link.
func (l OwedLink) Minted() OwedLink {
	l.Version++
	return l
}

// Retry returns the link owed again later: an organization's was not sent.
func (l OwedLink) Retry(now time.Time) OwedLink {
	l.Work = l.Work.Retry(now, policy)
	l.Version++
	return l
}

// Done returns the row of which nothing is owed, and which has forgotten the address.
func (l OwedLink) Done() OwedLink {
	l.Address, l.For, l.Work, l.Served = "", nil, l.Work.Done(), nil
	l.Version++
	return l
}
