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
	Address   string // only while something is owed
	Anyone    bool   // it is for everybody whose contact it is
	For       []Recipient
	Served    []string    // organizations whose link was sent since it was asked for
	Sent      []time.Time // when the first attempt at each link for anyone began, in the last day, oldest first
	CappedAt  time.Time   // when an ask was last refused and the why-log was to say so
	SayCapped bool        // the why-log does not say so yet
	Version   int
}

// Recipient is a member who is sent a link by name.
type Recipient struct {
	Member chat.MemberKey
	By     chat.Asker
}

// policy is how often a link is tried. A text may have gone out by an attempt that
// was lost, so that is repeated once alone.
var policy = owed.Policy{FirstWait: time.Minute, MaxWait: 8 * time.Minute, MaxAttempts: 5, MaxLost: 2}

// RuleCap is the why-log's rule for a link that is not sent because there were as
// many as the caps allow.
const RuleCap = "cap"

// How many links anybody may ask for with one contact (S4).
const (
	sentPerSpell = 3
	spell        = 15 * time.Minute
	sentPerDay   = 10
)

// Ask returns the link owed from now on, from its first attempt, to everybody whose
// contact it is. Asks that wait together are one. An ask over the caps changes nothing
// of what is owed, for a cap never takes a link away; it owes a row of the why-log,
// once a day.
func (l OwedLink) Ask(address string, now time.Time) OwedLink {
	if !l.capped(now) {
		l.Anyone = true
		return l.owe(address, now)
	}
	l.Version++
	if now.Sub(l.CappedAt) < day {
		return l
	}
	l.Address, l.CappedAt, l.SayCapped = address, now, true
	if !l.Owed() {
		l.Work = owed.At(now)
	}
	return l
}

// AskFor returns the link owed from now on to a member by name. No cap of the
// contact's counts.
func (l OwedLink) AskFor(address string, now time.Time, r Recipient) OwedLink {
	if !slices.ContainsFunc(l.For, func(is Recipient) bool { return is.Member == r.Member }) {
		l.For = append(slices.Clone(l.For), r)
	}
	return l.owe(address, now)
}

func (l OwedLink) owe(address string, now time.Time) OwedLink {
	l.Address, l.Work, l.Served = address, owed.At(now), nil
	l.Version++
	return l
}

// By returns who asked for a member's link.
func (l OwedLink) By(m chat.MemberKey) chat.Asker {
	for _, r := range l.For {
		if r.Member == m {
			return r.By
		}
	}
	return chat.AskedByAnyone
}

// capped reports whether the contact has had as many links as it gets.
func (l OwedLink) capped(now time.Time) bool {
	return waitFor(l.Sent, sentPerSpell, spell, now) > 0 || waitFor(l.Sent, sentPerDay, day, now) > 0
}

// Exhausted reports whether no attempt is left.
func (l OwedLink) Exhausted() bool { return l.Work.Exhausted(policy) }

// Claim returns the link with an attempt begun, and counted against the caps if it
// is the first at one for anyone.
func (l OwedLink) Claim(now time.Time) OwedLink {
	if l.Anyone && l.Attempts == 0 {
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
	l = OwedLink{Contact: l.Contact, Sent: l.Sent, CappedAt: l.CappedAt, Version: l.Version}
	l.Version++
	return l
}
