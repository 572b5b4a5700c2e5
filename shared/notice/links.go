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
	// MembersWith lists the members who have a contact, of each organization no more
	// than the limit.
	MembersWith(ctx context.Context, contact string, limit int) ([]chat.MemberKey, error)
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

// errLinkGivenUp is returned once for a link that is no longer owed although an
// organization's was not sent.
var errLinkGivenUp = errors.New("the link is given up: no attempt is left")

// Send sends the link that is owed to a contact, one for each organization. It
// does nothing if none is due. Before it looks whose the contact is it counts the
// attempt and puts it behind what else is due, so that a contact whose attempts all
// fail stops nobody else's; after the last one Send gives the link up and returns
// an error that says so. A crash leads to one more attempt and never to silence.
func (s *LinkSender) Send(ctx context.Context, contact string) error {
	owed, err := s.Store.OwedLink(ctx, contact)
	if err != nil || !owed.Due(s.Now()) {
		return err
	}
	if owed.Exhausted() {
		return errors.Join(errLinkGivenUp, s.save(ctx, owed.Done()))
	}
	owed = owed.Claim(s.Now())
	if err := s.Store.SaveOwedLink(ctx, owed); err != nil {
		return chat.IgnoreConflict(err)
	}
	owed, err = s.sendAll(ctx, owed)
	if errors.Is(err, chat.ErrConflict) {
		return nil // the link was asked for again: that ask's run sends it
	}
	return s.conclude(ctx, owed, err)
}

// conclude saves how an attempt ended.
func (s *LinkSender) conclude(ctx context.Context, owed login.OwedLink, failed error) error {
	if failed == nil {
		return s.save(ctx, owed.Done())
	}
	after := owed.Retry(s.Now())
	if after.Exhausted() {
		after, failed = owed.Done(), errors.Join(failed, errLinkGivenUp)
	}
	return errors.Join(failed, s.save(ctx, after))
}

func (s *LinkSender) save(ctx context.Context, l login.OwedLink) error {
	return chat.IgnoreConflict(s.Store.SaveOwedLink(ctx, l))
}

// sendAll sends each organization's link. One that fails does not hold up the
// others. It returns the link as it was saved last, with those that are served, and
// chat.ErrConflict alone if the link was asked for again.
func (s *LinkSender) sendAll(ctx context.Context, owed login.OwedLink) (login.OwedLink, error) {
	members, err := s.recipients(ctx, owed)
	if err != nil {
		return owed, err
	}
	var failed error
	for _, organization := range slices.Sorted(maps.Keys(members)) {
		owed, err = s.sendOne(ctx, owed, organization, members[organization])
		if errors.Is(err, chat.ErrConflict) {
			return owed, err
		}
		failed = errors.Join(failed, err)
	}
	return owed, failed
}

// recipients lists the members whom a link is for, by organization, without those
// that are served. A contact that too many members share is nobody's, but a link
// that was asked for one of them by name is that member's (S4).
func (s *LinkSender) recipients(ctx context.Context, owed login.OwedLink) (map[string][]chat.MemberKey, error) {
	members := owed.For
	if len(members) == 0 {
		var err error
		if members, err = s.Store.MembersWith(ctx, owed.Contact, maxSharing+1); err != nil {
			return nil, err
		}
	}
	all := map[string][]chat.MemberKey{}
	for _, m := range members {
		all[m.Organization] = append(all[m.Organization], m)
	}
	maps.DeleteFunc(all, func(organization string, members []chat.MemberKey) bool {
		return len(members) > maxSharing || slices.Contains(owed.Served, organization)
	})
	return all, nil
}

// sendOne mints one organization's link, saves it and sends it. It does nothing if
// none of the members is active and has the contact still.
func (s *LinkSender) sendOne(ctx context.Context, owed login.OwedLink, organization string, members []chat.MemberKey) (login.OwedLink, error) {
	active, err := s.active(ctx, owed.Address, members)
	if err != nil || len(active) == 0 {
		return owed, err
	}
	catalog, err := s.Store.Catalog(ctx, organization, false)
	if err != nil {
		return owed, err
	}
	link, url := login.Mint(catalog.Organization, s.PublicURL, active, login.Home, s.Now())
	minted := owed.Minted()
	if err := s.Store.SaveOwedLink(ctx, minted, link); err != nil {
		return owed, err
	}
	if err := s.Deliver(ctx, minted.Address, active, catalog.Organization.ShortName, url); err != nil {
		return minted, err
	}
	minted.Served = append(slices.Clone(minted.Served), organization)
	return minted, nil
}

// active reads the members who are active and have the address.
func (s *LinkSender) active(ctx context.Context, address string, members []chat.MemberKey) (all []chat.Profile, err error) {
	for _, m := range members {
		p, err := s.Store.Profile(ctx, m)
		if err != nil {
			return nil, err
		}
		if p != nil && p.Active && slices.Contains(p.Contacts(), address) {
			all = append(all, *p)
		}
	}
	return all, nil
}
