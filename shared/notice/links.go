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

// LinkStore is what sending the links that are owed asks of a table.
type LinkStore interface {
	// Asked reads by the contact's hash; version 0 if there is no row.
	Asked(ctx context.Context, contact string) (login.Asked, error)
	// SaveAsked saves the next version with the links minted for it, whole or not at all.
	SaveAsked(ctx context.Context, a login.Asked, minted ...login.Link) error
	// MembersReached lists whose contact it is, in any organization.
	MembersReached(ctx context.Context, contact string) ([]chat.MemberKey, error)
	Profile(ctx context.Context, m chat.MemberKey) (*chat.Profile, error)
	Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error)
}

// LinkSender sends the links that are owed (S4).
type LinkSender struct {
	Store LinkStore
	Now   func() time.Time
	// PublicURL is the stack's own address, of pages that an organization has not put elsewhere.
	PublicURL string
	// Deliver sends an organization's link to the contact that it was asked with,
	// which is these members'; an error means that another try may help. One that
	// cannot be reached, by an opt-out or unconfirmed, is none.
	Deliver func(ctx context.Context, contact string, whose []chat.Profile, shortName, link string) error
}

// maxSharing is how many members of one organization a link may be for. Each is a
// birth date more that a guess may hit, and a row more that it is counted in, of
// which DynamoDB takes a hundred at once.
const maxSharing = 20

// parcel is one organization's link on its way.
type parcel struct {
	whose     []chat.Profile
	shortName string
	link      login.Link
	url       string
}

// Send sends what is owed to a contact; it does nothing if nothing is due. The
// attempt is written before anything is sent, and its outcome afterwards: a
// crash in between means one more try when the lease is over, never silence. A
// contact that is nobody's, or has had enough, is settled without a word.
func (s *LinkSender) Send(ctx context.Context, contact string) error {
	asked, err := s.Store.Asked(ctx, contact)
	if err != nil || !asked.Due(s.Now()) {
		return err
	}
	parcels, err := s.parcels(ctx, asked)
	if err != nil {
		return err
	}
	if len(parcels) == 0 || !asked.MayTry(s.Now()) {
		return chat.IgnoreConflict(s.Store.SaveAsked(ctx, asked.Settled()))
	}
	asked = asked.Tried(s.Now())
	var minted []login.Link
	for _, p := range parcels {
		minted = append(minted, p.link)
	}
	if err := s.Store.SaveAsked(ctx, asked, minted...); err != nil {
		return chat.IgnoreConflict(err)
	}
	return s.deliver(ctx, asked, parcels)
}

func (s *LinkSender) deliver(ctx context.Context, asked login.Asked, parcels []parcel) error {
	var failed error
	for _, p := range parcels {
		if err := s.Deliver(ctx, asked.Address, p.whose, p.shortName, p.url); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		asked.Served = append(asked.Served, p.link.Organization)
	}
	after := asked.Settled()
	if failed != nil {
		after = asked.Later(s.Now())
	}
	return errors.Join(failed, chat.IgnoreConflict(s.Store.SaveAsked(ctx, after)))
}

// parcels are one link per organization whose active members have this contact,
// but for those that were served. A contact that too many share is nobody's: a
// link that somebody has sent to one of them is for that one alone (S4).
func (s *LinkSender) parcels(ctx context.Context, asked login.Asked) ([]parcel, error) {
	members, err := s.Store.MembersReached(ctx, asked.Contact)
	if err != nil {
		return nil, err
	}
	reached := map[string][]chat.Profile{}
	for _, m := range members {
		if len(asked.For) > 0 && !slices.Contains(asked.For, m) {
			continue
		}
		p, err := s.Store.Profile(ctx, m)
		if err != nil {
			return nil, err
		}
		if p != nil && p.Active && slices.Contains(p.Contacts(), asked.Address) && !slices.Contains(asked.Served, m.Organization) {
			reached[m.Organization] = append(reached[m.Organization], *p)
		}
	}
	var all []parcel
	for _, organization := range slices.Sorted(maps.Keys(reached)) {
		if len(reached[organization]) > maxSharing {
			continue
		}
		p, err := s.parcel(ctx, organization, reached[organization])
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func (s *LinkSender) parcel(ctx context.Context, organization string, profiles []chat.Profile) (parcel, error) {
	catalog, err := s.Store.Catalog(ctx, organization, false)
	if err != nil {
		return parcel{}, err
	}
	link, url := login.Mint(catalog.Organization, s.PublicURL, profiles, login.Home, s.Now())
	return parcel{profiles, catalog.Organization.ShortName, link, url}, nil
}
