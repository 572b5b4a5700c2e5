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
	// SaveNotices saves new rows of the why-log.
	SaveNotices(ctx context.Context, all ...chat.Notice) error
	Profile(ctx context.Context, m chat.MemberKey) (*chat.Profile, error)
	Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error)
}

// LinkSender sends the links that were asked for (S4).
type LinkSender struct {
	Store LinkStore
	Now   func() time.Time
	NewID func(prefix string) string
	// PublicURL is where links lead for an organization without pages of its own.
	PublicURL string
	// Deliver sends an organization's link to the contact that it was asked with,
	// which is these members', and says what became of it. It returns an error if
	// another try may help; a contact that opted out or is unconfirmed is no error.
	Deliver func(ctx context.Context, contact string, members []chat.Profile, shortName, link string) (Delivery, error)
}

// Delivery is what became of a link.
type Delivery struct {
	Channel  chat.Channel
	Decision chat.Decision
	Rule     string
	// MessageID is the transport's id of a text that it took, else "".
	MessageID string
}

// maxSharing is how many members of one organization a link may be for. Each is a
// birth date more that a guess may hit, and a row more that it is counted in, of
// which DynamoDB takes a hundred at once.
const maxSharing = 20

// errLinkGivenUp is returned once for a link that is no longer owed although an
// organization's was not sent.
var errLinkGivenUp = errors.New("the link is given up: no attempt is left")

// Send sends the link that is owed to a contact, one for each organization, and
// returns the members whom it was about. It does nothing if none is due. Before it
// looks whose the contact is it counts the attempt and puts it behind what else is
// due, so that a contact whose attempts all fail stops nobody else's; after the last
// one Send gives the link up and returns an error that says so. A crash leads to one
// more attempt and never to silence.
func (s *LinkSender) Send(ctx context.Context, contact string) ([]chat.MemberKey, error) {
	owed, err := s.Store.OwedLink(ctx, contact)
	if err != nil || !owed.Due(s.Now()) {
		return nil, err
	}
	if owed.Exhausted() {
		return nil, errors.Join(errLinkGivenUp, s.save(ctx, owed.Done()))
	}
	owed = owed.Claim(s.Now())
	if err := s.Store.SaveOwedLink(ctx, owed); err != nil {
		return nil, chat.IgnoreConflict(err)
	}
	r := linkRun{LinkSender: s, owed: owed}
	err = r.sendAll(ctx)
	if errors.Is(err, chat.ErrConflict) {
		return r.about, nil // the link was asked for again: that ask's run sends it
	}
	return r.about, r.conclude(ctx, err)
}

func (s *LinkSender) save(ctx context.Context, l login.OwedLink) error {
	return chat.IgnoreConflict(s.Store.SaveOwedLink(ctx, l))
}

// linkRun is one attempt at the link that is owed to a contact.
type linkRun struct {
	*LinkSender
	owed   login.OwedLink   // as it was saved last, with the organizations that are served
	about  []chat.MemberKey // whom it was about
	failed []chat.MemberKey // whose link was not sent, but may be by another attempt
}

// conclude saves how the attempt ended.
func (r *linkRun) conclude(ctx context.Context, failed error) error {
	if failed == nil {
		return r.save(ctx, r.owed.Done())
	}
	after := r.owed.Retry(r.Now())
	if after.Exhausted() {
		failed = errors.Join(failed, errLinkGivenUp, r.log(ctx, r.failed, Delivery{Channel: r.channel(), Decision: chat.Failed, Rule: ruleSNSError}))
		after = r.owed.Done()
	}
	return errors.Join(failed, r.save(ctx, after))
}

func (r *linkRun) channel() chat.Channel {
	if chat.IsPhone(r.owed.Address) {
		return chat.SMS
	}
	return chat.Email
}

// log writes a row of the why-log for each member.
func (r *linkRun) log(ctx context.Context, members []chat.MemberKey, d Delivery) error {
	var rows []chat.Notice
	for _, m := range members {
		rows = append(rows, chat.Notice{
			Kind: chat.LinkNotice, Key: m, ID: r.NewID("ntc"), Channel: d.Channel, Decision: d.Decision, Rule: d.Rule, By: r.owed.By(m), At: r.Now(), MessageID: d.MessageID,
		})
	}
	if len(rows) == 0 {
		return nil
	}
	return chat.IgnoreConflict(r.Store.SaveNotices(ctx, rows...)) // the ids are new: a row that is there is this one
}

// sendAll sends each organization's link. One that fails does not hold up the
// others. It returns chat.ErrConflict alone if the link was asked for again.
func (r *linkRun) sendAll(ctx context.Context) error {
	sharing, err := r.sharing(ctx)
	if err != nil {
		return err
	}
	if err := r.sayCapped(ctx, sharing); err != nil {
		return err
	}
	members := r.recipients(sharing)
	var failed error
	for _, organization := range slices.Sorted(maps.Keys(members)) {
		err := r.serve(ctx, organization, members[organization])
		if errors.Is(err, chat.ErrConflict) {
			return err
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// serve sends an organization's link, or several if it is for more members by name than one
// link may be for.
func (r *linkRun) serve(ctx context.Context, organization string, members []chat.MemberKey) (unlogged error) {
	for some := range slices.Chunk(members, maxSharing) {
		sent, d, err := r.sendOne(ctx, organization, some)
		if err != nil {
			return err
		}
		unlogged = errors.Join(unlogged, r.log(ctx, sent, d))
	}
	r.owed.Served = append(slices.Clone(r.owed.Served), organization)
	return unlogged
}

// sharing lists the members who have the contact, by organization. One that too many
// members of an organization share is nobody's there (S4).
func (r *linkRun) sharing(ctx context.Context) (map[string][]chat.MemberKey, error) {
	all := map[string][]chat.MemberKey{}
	if !r.owed.Anyone && !r.owed.SayCapped {
		return all, nil
	}
	members, err := r.Store.MembersWith(ctx, r.owed.Contact, maxSharing+1)
	for _, m := range members {
		all[m.Organization] = append(all[m.Organization], m)
	}
	maps.DeleteFunc(all, func(_ string, members []chat.MemberKey) bool { return len(members) > maxSharing })
	return all, err
}

// sayCapped writes the rows of the why-log about asks that were over the caps.
func (r *linkRun) sayCapped(ctx context.Context, sharing map[string][]chat.MemberKey) error {
	if !r.owed.SayCapped {
		return nil
	}
	for _, organization := range slices.Sorted(maps.Keys(sharing)) {
		if err := r.log(ctx, sharing[organization], Delivery{Channel: r.channel(), Decision: chat.Suppressed, Rule: login.RuleCap}); err != nil {
			return err
		}
	}
	r.owed.SayCapped = false
	return nil
}

// recipients lists the members whom a link is for, by organization, without those
// that are served. A link for a member by name goes out however many share the
// contact (S4).
func (r *linkRun) recipients(sharing map[string][]chat.MemberKey) map[string][]chat.MemberKey {
	all := map[string][]chat.MemberKey{}
	if r.owed.Anyone {
		maps.Copy(all, sharing)
	}
	for _, named := range r.owed.For {
		if m := named.Member; !slices.Contains(all[m.Organization], m) {
			all[m.Organization] = append(all[m.Organization], m)
		}
	}
	maps.DeleteFunc(all, func(organization string, _ []chat.MemberKey) bool {
		return slices.Contains(r.owed.Served, organization)
	})
	return all
}

// sendOne mints one organization's link, saves it and sends it. It returns the members whom
// the link is for, none if none of them is active and has the contact still, and what became of it.
func (r *linkRun) sendOne(ctx context.Context, organization string, members []chat.MemberKey) (sent []chat.MemberKey, d Delivery, err error) {
	active, err := r.active(ctx, r.owed.Address, members)
	if err != nil || len(active) == 0 {
		return nil, d, err
	}
	catalog, err := r.Store.Catalog(ctx, organization, false)
	if err != nil {
		return nil, d, err
	}
	link, url := login.Mint(catalog.Organization, r.PublicURL, active, login.Home, r.Now())
	minted := r.owed.Minted()
	if err := r.Store.SaveOwedLink(ctx, minted, link); err != nil {
		return nil, d, err
	}
	r.owed = minted
	for _, p := range active {
		sent = append(sent, p.Key())
	}
	r.about = append(r.about, sent...)
	if d, err = r.Deliver(ctx, r.owed.Address, active, catalog.Organization.ShortName, url); err != nil {
		r.failed = append(r.failed, sent...)
	}
	return sent, d, err
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
