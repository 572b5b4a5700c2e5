package login

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// AskCount counts the links asked for from one source address.
type AskCount struct {
	Source  string
	Since   time.Time // when its hour began
	Count   int
	Version int
}

// AskStore keeps what is asked for. A row that is not there yet has version 0.
type AskStore interface {
	// OwedLinkTo reads the link owed to an address.
	OwedLinkTo(ctx context.Context, address string) (OwedLink, error)
	// SaveOwedLink saves the next version with the links minted for it, all or none.
	SaveOwedLink(ctx context.Context, l OwedLink, minted ...Link) error
	AskCount(ctx context.Context, source string) (AskCount, error)
	SaveAskCount(ctx context.Context, c AskCount) error
}

// How many links may be asked for from one source address (S4).
const (
	asksPerHour = 100
	asksWindow  = time.Hour
)

// AskLink records that a link is wanted by whoever has a contact. It does the same
// for every contact, so that the caller learns nothing; whoever sends the link
// finds out whose the contact is (S4). AskLink returns the problems
// validation-failed and too-many-requests.
func (s *Service) AskLink(ctx context.Context, given, sourceIP string) error {
	contact, ok := chat.Contact(tidy(given))
	if !ok {
		return problem.WithField("/contact", "format", "must be a phone number such as +15550100100, or one email address")
	}
	if !s.Local {
		if err := chat.RetryOnConflict(ctx, func() error { return s.countAsk(ctx, source(sourceIP)) }); err != nil {
			return err
		}
	}
	return s.owe(ctx, contact, func(l OwedLink) OwedLink { return l.Ask(contact, s.Now()) })
}

// AskLinkFor records that a member is to get a link, with each of their contacts,
// and unlocks their links; if these were locked, the older ones end (S3). The caller
// must have checked that whoever asks may have one sent (S4). For a member who is
// disabled or has no contact the why-log says so, and for one who is unknown
// AskLinkFor does nothing. It returns the problem too-many-requests for a member who
// was sent too many.
func (s *Service) AskLinkFor(ctx context.Context, m chat.MemberKey, by chat.Asker) error {
	var contacts []string
	err := chat.RetryOnConflict(ctx, func() (err error) {
		contacts, err = s.admit(ctx, m, by)
		return err
	})
	if err != nil {
		return err
	}
	for _, contact := range contacts {
		err := s.owe(ctx, contact, func(l OwedLink) OwedLink { return l.AskFor(contact, s.Now(), Recipient{m, by}) })
		if err != nil {
			return err
		}
	}
	return nil
}

// admit counts a link that a member is sent by name, and returns their contacts;
// none of a member whom no link can reach.
func (s *Service) admit(ctx context.Context, m chat.MemberKey, by chat.Asker) (contacts []string, err error) {
	profile, err := s.Store.Profile(ctx, m)
	if err != nil || profile == nil {
		return nil, err
	}
	limits, err := s.Store.Limits(ctx, m)
	if err != nil {
		return nil, err
	}
	sent, wait := limits[0].send(s.Now())
	if wait > 0 {
		return nil, errors.Join(s.sayCapped(ctx, sent, by), &problem.Problem{Code: problem.TooManyRequests, RetryAfter: wait})
	}
	if rule := unreachable(*profile); rule != "" {
		return nil, s.Store.SaveUnlock(ctx, Unlock{Limits: sent, Log: []chat.Notice{s.notSent(m, rule, by)}})
	}
	unlocked := Unlock{Limits: sent}
	if limits[0].lock(s.Now()) != "" {
		unlocked.EndsLinksOf = profile
	}
	return profile.Contacts(), s.Store.SaveUnlock(ctx, unlocked)
}

// sayCapped writes a row of the why-log about a link that was not sent, once a day.
func (s *Service) sayCapped(ctx context.Context, l Limits, by chat.Asker) error {
	if s.Now().Sub(l.CappedAt) < day {
		return nil
	}
	l.CappedAt = s.Now()
	l.Version++
	return chat.IgnoreConflict(s.Store.SaveUnlock(ctx, Unlock{Limits: l, Log: []chat.Notice{s.notSent(l.Key, RuleCap, by)}}))
}

// unreachable returns the why-log's rule for a member whom no link can reach, else "".
func unreachable(p chat.Profile) string {
	switch {
	case !p.Active:
		return "disabled"
	case len(p.Contacts()) == 0:
		return "missing"
	}
	return ""
}

// notSent is the row of the why-log about a link by name that is not sent.
func (s *Service) notSent(m chat.MemberKey, rule string, by chat.Asker) chat.Notice {
	row := s.row(chat.LinkNotice, m, rule)
	row.By = by
	return row
}

// owe saves what an ask makes of the link that is owed to a contact.
func (s *Service) owe(ctx context.Context, contact string, ask func(OwedLink) OwedLink) error {
	return chat.RetryOnConflict(ctx, func() error {
		link, err := s.Store.OwedLinkTo(ctx, contact)
		if err != nil {
			return err
		}
		return s.Store.SaveOwedLink(ctx, ask(link))
	})
}

func (s *Service) countAsk(ctx context.Context, source string) error {
	count, err := s.Store.AskCount(ctx, source)
	if err != nil {
		return err
	}
	counted, wait := count.add(s.Now())
	if wait > 0 {
		return &problem.Problem{Code: problem.TooManyRequests, RetryAfter: wait}
	}
	return s.Store.SaveAskCount(ctx, counted)
}

// add counts one more ask, or returns how long it must wait until the hour is over.
func (c AskCount) add(now time.Time) (counted AskCount, wait time.Duration) {
	if ends := c.Since.Add(asksWindow); !now.Before(ends) {
		c.Since, c.Count = now, 0
	} else if c.Count >= asksPerHour {
		return c, ends.Sub(now)
	}
	c.Count++
	c.Version++
	return c, 0
}

// source returns what is counted of an address: an IPv4 address itself, the
// network of an IPv6 address, of which a household has 2^64.
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
