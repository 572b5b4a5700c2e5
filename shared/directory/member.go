package directory

import (
	"context"
	"slices"
	"strings"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// MemberPut is a member as the platform PUTs them.
type MemberPut struct {
	Put[chat.Profile]
	// Channels count when the member is new; nil means those with an address.
	Channels []chat.Channel
}

// MemberChange is what a PUT of a member changes.
type MemberChange struct {
	Was      *chat.Profile // nil for a new member
	Is       chat.Profile
	Channels []chat.Channel // of a new member
	Mailbox  *chat.Mailbox  // its next version, if the address of emails changes (N5)
	Threads  []chat.Thread  // of a member who is enabled again: what is unread is told now
	LogOut   bool           // every session ends (S1)
}

// Member reads a member's profile.
func (s *Service) Member(ctx context.Context, c chat.Caller, id string) (chat.Profile, error) {
	if err := c.Only(chat.Platform); err != nil {
		return chat.Profile{}, err
	}
	m, err := c.MemberKey(id)
	if err != nil {
		return chat.Profile{}, err
	}
	p, err := s.Store.Profile(ctx, m)
	if err != nil || p == nil {
		return chat.Profile{}, problem.OrNotFound(err)
	}
	return *p, nil
}

// PutMember makes or replaces a member. Losing a contact, or being disabled, voids
// their links and ends their sessions (S1, S2).
func (s *Service) PutMember(ctx context.Context, c chat.Caller, p MemberPut) (stored Stored[chat.Profile], err error) {
	f, err := begin(c, &p.Put, profileHead)
	if err != nil {
		return stored, err
	}
	if _, err := c.MemberKey(p.ID); err != nil {
		return stored, err
	}
	check := func(f *checks, catalog chat.Catalog) { checkMember(f, catalog.Organization, p, s.Now()) }
	catalog, err := chat.CatalogWith(ctx, s.Store, c.Organization, func(catalog chat.Catalog) bool {
		var f checks
		check(&f, catalog)
		return f.Fields == nil
	})
	if err != nil {
		return stored, err
	}
	if check(f, catalog); f.Fields != nil {
		return stored, f.Err()
	}
	err = chat.RetryOnConflict(ctx, func() error {
		stored, err = s.tryPutMember(ctx, c, p)
		return err
	})
	return stored, err
}

func profileHead(p *chat.Profile) (*string, *int, *time.Time) { return &p.ID, &p.Version, &p.UpdatedAt }

func checkMember(f *checks, o chat.Organization, p MemberPut, now time.Time) {
	m := p.Entry
	f.line("/displayName", m.Name, maxName)
	born := f.date("/birthDate", m.BirthDate)
	f.that(!born.After(now), "/birthDate", "in-the-future", "must not lie in the future")
	if m.Phone != "" {
		valid := chat.IsPhone(m.Phone)
		f.that(valid, "/phone", "invalid", "must be a phone number such as +15550100100")
		f.that(!valid || o.MayText(m.Phone), "/phone", "country-not-allowed", "is not in one of the organization's countries")
	}
	if m.Email != "" {
		_, ok := chat.Contact(m.Email)
		f.that(ok && !chat.IsPhone(m.Email), "/email", "invalid", "must be one plain email address of at most 254 characters")
	}
	f.language("/language", m.Language)
	f.timeZone("/timeZone", m.TimeZone)
	f.subjects("/subjects", m.Subjects, o.Issuers)
	chat.CheckChannels(&f.Fields, "/channels", p.Channels)
}

// renamed reports whether copies of what the profile says are to be rewritten.
func renamed(was, is chat.Profile) bool {
	return was.Name != is.Name || was.Language != is.Language || was.TimeZone != is.TimeZone
}

func (s *Service) tryPutMember(ctx context.Context, c chat.Caller, p MemberPut) (stored Stored[chat.Profile], err error) {
	row, err := s.Store.StoredProfile(ctx, chat.MemberKey{Organization: c.Organization, Member: p.ID})
	if err != nil {
		return stored, err
	}
	if row != nil && !row.EraseAt.IsZero() {
		return stored, &problem.Problem{Code: problem.Unavailable, RetryAfter: erasing}
	}
	was := row.Present()
	change := planMember(c.Organization, was, p, s.Now())
	stored, changed, err := decide(was, change.Is, p.When, profileHead, s.Now())
	if err != nil || !changed {
		return stored, err
	}
	if was == nil && row != nil {
		stored.Entry = follow(*row, stored.Entry)
	}
	if err := s.checkSubjects(ctx, chat.Person{Kind: chat.Member, ID: p.ID}, stored.Entry.Subjects); err != nil {
		return stored, err
	}
	change.Is = stored.Entry
	if change.Mailbox, err = s.nextMailbox(ctx, was, change.Is); err != nil {
		return stored, err
	}
	if change.Threads, err = s.resumedThreads(ctx, was, change.Is); err != nil {
		return stored, err
	}
	return stored, s.Store.SaveMember(ctx, change)
}

// erasing is how soon a PUT of a member who is being erased may succeed.
const erasing = time.Minute

// follow returns a new member as the one after an erased one: with later versions, and
// without the erased one's links (T14).
func follow(erased, is chat.Profile) chat.Profile {
	is.Version, is.Epoch, is.LogIns = erased.Version+is.Version, erased.Epoch, erased.LogIns
	return is
}

// planMember decides what a PUT of a member changes. Losing a contact and being
// disabled move the epoch, which voids older links (S2).
func planMember(organization string, was *chat.Profile, p MemberPut, now time.Time) MemberChange {
	is := p.Entry
	is.Organization, is.Subjects = organization, orNil(is.Subjects)
	if was == nil {
		return MemberChange{Is: is, Channels: firstChannels(is, p.Channels)}
	}
	is.Epoch, is.LogIns, is.HeldAt, is.RenamedAt = was.Epoch, was.LogIns, was.HeldAt, was.RenamedAt
	if renamed(*was, is) {
		is.RenamedAt = now
	}
	change := MemberChange{Was: was, LogOut: was.Active && !is.Active || loses(was.Contacts(), is.Contacts())}
	if change.LogOut {
		is.Epoch++
	}
	change.Is = is
	return change
}

// loses reports whether an address is gone.
func loses(was, is []string) bool {
	return slices.ContainsFunc(was, func(address string) bool { return !slices.Contains(is, address) })
}

// firstChannels returns a new member's channels: those given, else those with an
// address.
func firstChannels(p chat.Profile, given []chat.Channel) []chat.Channel {
	if given != nil {
		return given
	}
	var all []chat.Channel
	if p.Phone != "" {
		all = append(all, chat.SMS)
	}
	if p.Email != "" {
		all = append(all, chat.Email)
	}
	return all
}

// maxResumed is how many threads a member's PUT moves: with the contacts, the
// subjects and the rest they stay in one transaction of at most 100 rows.
const maxResumed = 50

// resumedThreads returns the threads of a member who is enabled again, with a
// notice due now: while they were disabled they were told nothing, and one notice
// tells of everything unread (N3).
func (s *Service) resumedThreads(ctx context.Context, was *chat.Profile, is chat.Profile) ([]chat.Thread, error) {
	if was == nil || was.Active || !is.Active {
		return nil, nil
	}
	chats, err := s.Store.MemberChats(ctx, is.Key())
	unread := slices.DeleteFunc(chats.Threads, func(t chat.Thread) bool { return t.Unread(chat.Member) == 0 })
	return chat.ResumeNotices(unread[:min(len(unread), maxResumed)], s.Now()), err
}

// nextMailbox returns the mailbox with the address that emails go to from now on,
// "" for none; nil if the address stays (N5).
func (s *Service) nextMailbox(ctx context.Context, was *chat.Profile, is chat.Profile) (*chat.Mailbox, error) {
	before := ""
	if was != nil {
		before = mailAddress(*was)
	}
	address := mailAddress(is)
	if address == before {
		return nil, nil
	}
	b, err := s.Store.Mailbox(ctx, is.Key())
	if err != nil {
		return nil, err
	}
	b = b.SubscribeTo(address, s.Now())
	return &b, nil
}

// mailAddress returns where a member's emails go, in one spelling; "" while they
// are disabled.
func mailAddress(p chat.Profile) string {
	if !p.Active {
		return ""
	}
	return strings.ToLower(p.Email)
}
