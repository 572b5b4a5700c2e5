package notice

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
)

// LinkStore keeps the links that are owed.
type LinkStore interface {
	// OwedLink reads the link owed to a contact, by its hash; version 0 if there is
	// no row.
	OwedLink(ctx context.Context, contact string) (login.OwedLink, error)
	// SaveOwedLink saves the next version with the links minted for it, all or none.
	SaveOwedLink(ctx context.Context, l login.OwedLink, minted ...login.Link) error
	// MembersWith lists the members, in every organization, who have a contact.
	MembersWith(ctx context.Context, contact string) ([]chat.MemberKey, error)
	Profile(ctx context.Context, m chat.MemberKey) (*chat.Profile, error)
	Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error)
}

// LinkSender sends the links that were asked for (S4).
type LinkSender struct {
	Store LinkStore
	Now   func() time.Time
	// PublicURL is where links lead for an organization without pages of its own.
	PublicURL string
	// Deliver sends an organization's link to the contact that it was asked with,
	// which is these members'. It returns an error if another try may help; a
	// contact that opted out or is unconfirmed is no error.
	Deliver func(ctx context.Context, contact string, members []chat.Profile, shortName, link string) error
}

// maxSharing is how many members of one organization a link may be for. Each is a
// birth date more that a guess may hit, and a row more that it is counted in, of
// which DynamoDB takes a hundred at once.
const maxSharing = 20

// delivery is one organization's link on its way.
type delivery struct {
	members   []chat.Profile
	shortName string
	link      login.Link
	url       string
}

// Send sends the link that is owed to a contact, one for each organization. It
// does nothing if none is due, or if the contact is nobody's. The
// attempt is saved before anything is sent and its outcome afterwards, so a crash
// in between leads to one more try and never to silence.
func (s *LinkSender) Send(ctx context.Context, contact string) error {
	owed, err := s.Store.OwedLink(ctx, contact)
	if err != nil || !owed.Due(s.Now()) {
		return err
	}
	deliveries, err := s.deliveries(ctx, owed)
	if err != nil {
		return err
	}
	if len(deliveries) == 0 || owed.Exhausted() {
		return chat.IgnoreConflict(s.Store.SaveOwedLink(ctx, owed.Done()))
	}
	owed = owed.Claim(s.Now())
	var minted []login.Link
	for _, d := range deliveries {
		minted = append(minted, d.link)
	}
	if err := s.Store.SaveOwedLink(ctx, owed, minted...); err != nil {
		return chat.IgnoreConflict(err)
	}
	return s.deliver(ctx, owed, deliveries)
}

// deliveries makes one link for each organization that has active members with this
// contact and was not served yet. A contact that too many members share is
// nobody's; a link that was asked for one of them by name is that member's (S4).
func (s *LinkSender) deliveries(ctx context.Context, owed login.OwedLink) ([]delivery, error) {
	members, err := s.recipients(ctx, owed)
	if err != nil {
		return nil, err
	}
	var all []delivery
	for _, organization := range slices.Sorted(maps.Keys(members)) {
		if len(members[organization]) > maxSharing {
			continue
		}
		catalog, err := s.Store.Catalog(ctx, organization, false)
		if err != nil {
			return nil, err
		}
		link, url := login.Mint(catalog.Organization, s.PublicURL, members[organization], login.Home, s.Now())
		all = append(all, delivery{members[organization], catalog.Organization.ShortName, link, url})
	}
	return all, nil
}

// recipients reads the members whom a link is for, by organization.
func (s *LinkSender) recipients(ctx context.Context, owed login.OwedLink) (map[string][]chat.Profile, error) {
	keys, err := s.Store.MembersWith(ctx, owed.Contact)
	if err != nil {
		return nil, err
	}
	all := map[string][]chat.Profile{}
	for _, m := range keys {
		if len(owed.For) > 0 && !slices.Contains(owed.For, m) {
			continue
		}
		p, err := s.Store.Profile(ctx, m)
		if err != nil {
			return nil, err
		}
		if p != nil && p.Active && slices.Contains(p.Contacts(), owed.Address) && !slices.Contains(owed.Served, m.Organization) {
			all[m.Organization] = append(all[m.Organization], *p)
		}
	}
	return all, nil
}

// deliver delivers each and saves the outcome.
func (s *LinkSender) deliver(ctx context.Context, owed login.OwedLink, deliveries []delivery) error {
	var failed error
	for _, d := range deliveries {
		if err := s.Deliver(ctx, owed.Address, d.members, d.shortName, d.url); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		owed.Served = append(owed.Served, d.link.Organization)
	}
	after := owed.Done()
	if failed != nil {
		after = owed.Retry(s.Now())
	}
	return errors.Join(failed, chat.IgnoreConflict(s.Store.SaveOwedLink(ctx, after)))
}
