package chat

import (
	"context"
	"slices"
	"strings"
	"time"

	"carechat/shared/problem"
)

// CareManager reads a care manager.
func (s *Service) CareManager(ctx context.Context, c Caller, id string) (CareManagerRow, error) {
	if err := c.only(Platform); err != nil {
		return CareManagerRow{}, err
	}
	if !ValidID(id) {
		return CareManagerRow{}, problem.New(problem.NotFound)
	}
	row, err := s.Store.CareManager(ctx, c.Organization, id)
	if err != nil || row == nil {
		return CareManagerRow{}, orAbsent(err)
	}
	return *row, nil
}

// PutCareManager makes or replaces a care manager. Without subjects (nil) they
// are who the caller's own issuer calls by their id. One who is not active is
// out on their next call, and listed with their departments (T11).
func (s *Service) PutCareManager(ctx context.Context, c Caller, p Put[CareManagerRow]) (stored Stored[CareManagerRow], err error) {
	f, err := begin(c, &p)
	if err != nil {
		return stored, err
	}
	if p.ID == "me" {
		return stored, problem.New(problem.NotFound)
	}
	if p.Entry.Subjects == nil {
		p.Entry.Subjects = []Subject{{c.Issuer, p.ID}}
	}
	err = RetryOnConflict(ctx, func() error {
		stored, err = s.tryPutCareManager(ctx, c, f, p)
		return err
	})
	return stored, err
}

func checkCareManager(f *checks, c Catalog, m CareManagerRow) {
	f.line("/displayName", m.Name, maxName)
	f.refs("/departmentIds", m.DepartmentIDs, 1, maxDepartments, c.hasDepartment)
	f.subjects("/subjects", m.Subjects, c.Organization.Issuers)
}

func (s *Service) tryPutCareManager(ctx context.Context, c Caller, f *checks, p Put[CareManagerRow]) (stored Stored[CareManagerRow], err error) {
	catalog, err := s.Store.Catalog(ctx, c.Organization, true)
	if err != nil {
		return stored, err
	}
	if checkCareManager(f, catalog, p.Entry); f.Fields != nil {
		return stored, f.Err()
	}
	was, err := s.Store.CareManager(ctx, c.Organization, p.ID)
	if err != nil {
		return stored, err
	}
	next := p.Entry
	next.Organization = c.Organization
	if next.Subjects = orNil(next.Subjects); was != nil {
		next.Covers = was.Covers
	}
	stored, changed, err := decide(was, next, p.When)
	if err != nil || !changed {
		return stored, err
	}
	if err := s.checkHolders(ctx, Holder{CareManager, p.ID}, next.Subjects); err != nil {
		return stored, err
	}
	return stored, s.Store.SaveCareManager(ctx, was, stored.Entry, relist(catalog.Departments, was, stored.Entry))
}

// relist keeps a department's list of its disabled care managers: the next
// version of each department whose list changes (T11).
func relist(all map[string]Department, was *CareManagerRow, is CareManagerRow) []Department {
	ids := slices.Clone(is.DepartmentIDs)
	if was != nil {
		ids = append(ids, was.DepartmentIDs...)
	}
	slices.Sort(ids)
	var changed []Department
	for _, id := range slices.Compact(ids) {
		d := all[id]
		listed := slices.Contains(d.Disabled, is.ID)
		if belongs := !is.Active && slices.Contains(is.DepartmentIDs, id); belongs == listed {
			continue
		}
		if listed {
			d.Disabled = slices.DeleteFunc(slices.Clone(d.Disabled), func(other string) bool { return other == is.ID })
		} else {
			d.Disabled = append(slices.Clone(d.Disabled), is.ID)
		}
		d.Version++
		changed = append(changed, d)
	}
	return changed
}

// checkHolders refuses a subject that is somebody else (S5).
func (s *Service) checkHolders(ctx context.Context, self Holder, subjects []Subject) error {
	for _, each := range subjects {
		holder, err := s.Store.SubjectHolder(ctx, each)
		if err != nil {
			return err
		}
		if holder != self && holder != (Holder{}) {
			return problem.New(problem.SubjectTaken)
		}
	}
	return nil
}

// MemberPut is a member as the platform PUTs them.
type MemberPut struct {
	Put[Profile]
	// Channels count when the member is new; nil means those with an address.
	Channels []Channel
}

// MemberChange is what a PUT of a member changes.
type MemberChange struct {
	Was      *Profile // nil for a new member
	Is       Profile
	Channels []Channel // of a new member
	Mailbox  *Mailbox  // the next version, where another address is to be reached (N5)
	Threads  []Thread  // of a member who is enabled again: what is unread is told now
	LogOut   bool      // every session ends (S1)
}

// Member reads a member's profile.
func (s *Service) Member(ctx context.Context, c Caller, id string) (Profile, error) {
	if err := c.only(Platform); err != nil {
		return Profile{}, err
	}
	m, err := c.member(id)
	if err != nil {
		return Profile{}, err
	}
	p, err := s.Store.Profile(ctx, m)
	if err != nil || p == nil {
		return Profile{}, orAbsent(err)
	}
	return *p, nil
}

// PutMember makes or replaces a member. A contact that is no longer theirs, and
// being disabled, void their links and end their sessions (S1, S2).
func (s *Service) PutMember(ctx context.Context, c Caller, p MemberPut) (stored Stored[Profile], err error) {
	f, err := begin(c, &p.Put)
	if err != nil {
		return stored, err
	}
	if _, err := c.member(p.ID); err != nil {
		return stored, err
	}
	check := func(f *checks, catalog Catalog) { checkMember(f, catalog.Organization, p, s.Now()) }
	catalog, err := s.catalogWith(ctx, c.Organization, func(catalog Catalog) bool {
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
	err = RetryOnConflict(ctx, func() error {
		stored, err = s.tryPutMember(ctx, c, p)
		return err
	})
	return stored, err
}

func checkMember(f *checks, o Organization, p MemberPut, now time.Time) {
	m := p.Entry
	f.line("/displayName", m.Name, maxName)
	born := f.date("/birthDate", m.BirthDate)
	f.that(!born.After(now), "/birthDate", "in-the-future", "must not lie in the future")
	if m.Phone != "" {
		f.that(IsPhone(m.Phone), "/phone", "invalid", "must be a phone number such as +15550100100")
		f.that(o.Reaches(m.Phone), "/phone", "country-not-allowed", "is not in one of the organization's countries")
	}
	if m.Email != "" {
		_, ok := Contact(m.Email)
		f.that(ok && !IsPhone(m.Email), "/email", "invalid", "must be one plain email address of at most 254 characters")
	}
	f.language("/language", m.Language)
	f.timeZone("/timeZone", m.TimeZone)
	f.subjects("/subjects", m.Subjects, o.Issuers)
	f.channels("/channels", p.Channels)
}

// Reaches reports whether a phone is in a country that may be texted.
func (o Organization) Reaches(phone string) bool {
	return slices.ContainsFunc(o.Countries, func(code string) bool { return len(phone) > len(code) && phone[:len(code)] == code })
}

func (s *Service) tryPutMember(ctx context.Context, c Caller, p MemberPut) (stored Stored[Profile], err error) {
	was, err := s.Store.Profile(ctx, MemberKey{c.Organization, p.ID})
	if err != nil {
		return stored, err
	}
	change := planMember(c.Organization, was, p)
	stored, changed, err := decide(was, change.Is, p.When)
	if err != nil || !changed {
		return stored, err
	}
	if err := s.checkHolders(ctx, Holder{Member, p.ID}, stored.Entry.Subjects); err != nil {
		return stored, err
	}
	change.Is = stored.Entry
	if change.Mailbox, err = s.owedMailbox(ctx, was, change.Is); err != nil {
		return stored, err
	}
	if change.Threads, err = s.untold(ctx, was, change.Is); err != nil {
		return stored, err
	}
	return stored, s.Store.SaveMember(ctx, change)
}

// maxUntold is how many threads a member's PUT moves: with the contacts,
// subjects and the rest it stays in one transaction of at most 100 rows.
const maxUntold = 50

// untold are the threads of a member who is enabled again. Of what they have not
// read they were told nothing, and one notice tells of all of it (N3).
func (s *Service) untold(ctx context.Context, was *Profile, is Profile) ([]Thread, error) {
	if was == nil || was.Active || !is.Active {
		return nil, nil
	}
	screen, err := s.Store.MemberChats(ctx, is.Key())
	return resumed(screen.Threads[:min(len(screen.Threads), maxUntold)], s.Now()), err
}

// owedMailbox is the mailbox that is to reach another address than before, or
// none any more; nil if it stays as it is (N5).
func (s *Service) owedMailbox(ctx context.Context, was *Profile, is Profile) (*Mailbox, error) {
	if was == nil {
		was = &Profile{}
	}
	address := is.mailAddress()
	if address == was.mailAddress() {
		return nil, nil
	}
	b, err := s.Store.Mailbox(ctx, is.Key())
	if err != nil {
		return nil, err
	}
	b = b.Owe(address, s.Now())
	return &b, nil
}

// mailAddress is where emails reach a member, in one spelling; "" while they are
// disabled.
func (p Profile) mailAddress() string {
	if !p.Active {
		return ""
	}
	return strings.ToLower(p.Email)
}

// planMember decides what a PUT of a member comes to. Losing a contact and being
// disabled move the epoch, which voids older links (S2).
func planMember(organization string, was *Profile, p MemberPut) MemberChange {
	is := p.Entry
	is.Organization, is.Subjects = organization, orNil(is.Subjects)
	if was == nil {
		return MemberChange{Is: is, Channels: chosen(is, p.Channels)}
	}
	is.Epoch, is.LogIns = was.Epoch, was.LogIns
	change := MemberChange{Was: was, LogOut: was.Active && !is.Active || loses(was.Contacts(), is.Contacts())}
	if change.LogOut {
		is.Epoch++
	}
	change.Is = is
	return change
}

func loses(was, is []string) bool {
	return slices.ContainsFunc(was, func(address string) bool { return !slices.Contains(is, address) })
}

// chosen are a new member's channels: those given, else those with an address.
func chosen(p Profile, given []Channel) []Channel {
	if given != nil {
		return given
	}
	var all []Channel
	if p.Phone != "" {
		all = append(all, SMS)
	}
	if p.Email != "" {
		all = append(all, Email)
	}
	return all
}

// orNil makes an empty list none, as a row reads it back.
func orNil[T any](all []T) []T {
	if len(all) == 0 {
		return nil
	}
	return all
}
