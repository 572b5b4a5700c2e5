package login

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// Asked is a link that was asked for with a contact, known or not (S4). It is
// owed while DueAt is set; afterwards it says only when links were sent.
type Asked struct {
	Contact  string           // the address's hash: where the row is
	Address  string           // only while a link is owed
	For      []chat.MemberKey // only these are owed one; none: everybody whose contact it is
	DueAt    time.Time        // zero: nothing is owed
	Attempts int              // at sending what is owed
	Lost     int              // attempts in a row whose outcome nobody wrote: a crash, perhaps after the text
	Served   []string         // organizations whose link of this ask was sent
	Sent     []time.Time      // asks that were served in the last day, oldest first
	Version  int
}

// Asks counts the links asked for from one source address.
type Asks struct {
	Source  string
	Since   time.Time // when this hour began
	Count   int
	Version int
}

// AskStore keeps what is asked for. A row that is not there yet has version 0.
type AskStore interface {
	AskedWith(ctx context.Context, address string) (Asked, error)
	// SaveAsked saves the next version with the links minted for it, whole or not at all.
	SaveAsked(ctx context.Context, a Asked, minted ...Link) error
	AsksFrom(ctx context.Context, source string) (Asks, error)
	SaveAsks(ctx context.Context, a Asks) error
}

// Bounds of asking from one source address (S4).
const (
	asksPerHour = 100
	asksWindow  = time.Hour
)

// AskLink notes that a link is wanted. It does the same for every contact: who
// asks learns nothing, and whoever sends the links finds out whose it is (S4).
// It returns the problems validation-failed and too-many-requests.
func (s *Service) AskLink(ctx context.Context, given, sourceIP string) error {
	contact, err := contactOf(given)
	if err != nil {
		return err
	}
	if !s.Local {
		if err := chat.RetryOnConflict(ctx, func() error { return s.countAsk(ctx, source(sourceIP)) }); err != nil {
			return err
		}
	}
	return s.ask(ctx, contact)
}

// AskLinkFor notes that a member is to get a link, with each of their contacts.
// It is for callers who may have one sent (S4). Who is not there, is disabled or
// has no contact gets none, and nobody is told.
func (s *Service) AskLinkFor(ctx context.Context, m chat.MemberKey) error {
	profile, err := s.Store.Profile(ctx, m)
	if err != nil || profile == nil || !profile.Active {
		return err
	}
	for _, contact := range profile.Contacts() {
		if err := s.ask(ctx, contact, m); err != nil {
			return err
		}
	}
	return nil
}

// ask owes a link to a contact: for these members, or for everybody.
func (s *Service) ask(ctx context.Context, contact string, members ...chat.MemberKey) error {
	return chat.RetryOnConflict(ctx, func() error {
		asked, err := s.Store.AskedWith(ctx, contact)
		if err != nil {
			return err
		}
		return s.Store.SaveAsked(ctx, asked.again(contact, s.Now(), members...))
	})
}

// again owes a link, from the first attempt on. Asks that wait together are one,
// for everybody whom one of them is for.
func (a Asked) again(address string, now time.Time, members ...chat.MemberKey) Asked {
	owed := !a.DueAt.IsZero()
	switch {
	case len(members) == 0 || owed && len(a.For) == 0:
		a.For = nil
	case owed:
		a.For = union(a.For, members)
	default:
		a.For = members
	}
	a.Address, a.DueAt, a.Attempts, a.Served = address, now, 0, nil
	a.Version++
	return a
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

func (s *Service) countAsk(ctx context.Context, source string) error {
	asks, err := s.Store.AsksFrom(ctx, source)
	if err != nil {
		return err
	}
	counted, wait := asks.count(s.Now())
	if wait > 0 {
		return &problem.Problem{Code: problem.TooManyRequests, RetryAfter: wait}
	}
	return s.Store.SaveAsks(ctx, counted)
}

// count notes one more, or says how long to wait until the hour is over.
func (a Asks) count(now time.Time) (counted Asks, wait time.Duration) {
	if ends := a.Since.Add(asksWindow); !now.Before(ends) {
		a.Since, a.Count = now, 0
	} else if a.Count >= asksPerHour {
		return a, ends.Sub(now)
	}
	a.Count++
	a.Version++
	return a, 0
}

// source is what is counted of an address: all of an IPv4 address, the network
// of an IPv6 one, for a household has 2^64 of those.
func source(ip string) string {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	address = address.Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	network, _ := address.Prefix(64)
	return network.String()
}
