package login

import (
	"context"
	"testing"
	"time"

	"carechat/shared/auth"
	"carechat/shared/chat"
)

// fake is a table in memory.
type fake struct {
	auth.CallerStore // what the tests of sessions alone call
	now              time.Time
	sessions         map[string]auth.Session
	profiles         map[chat.MemberKey]chat.Profile
	settings         map[string]chat.Organization
	limits           map[chat.MemberKey]Limits
	links            map[string]Link
	owed             map[string]OwedLink
	asks             map[string]AskCount
	log              []chat.Notice
	before           func(operation string) error // called before a save; its error is the save's
}

var start = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func newFake() *fake {
	return &fake{
		now: start, sessions: map[string]auth.Session{}, profiles: map[chat.MemberKey]chat.Profile{},
		settings: map[string]chat.Organization{}, limits: map[chat.MemberKey]Limits{}, links: map[string]Link{},
		owed: map[string]OwedLink{}, asks: map[string]AskCount{},
	}
}

func (f *fake) clock() time.Time { return f.now }

// member adds an active member of harbor.
func (f *fake) member(id, birthDate, phone string) chat.Profile {
	p := chat.Profile{
		Organization: "harbor", ID: id, Name: "Name of " + id, BirthDate: birthDate, Phone: phone,
		Language: "es", TimeZone: "America/New_York", Active: true, Epoch: 3, LogIns: 7, Version: 2,
	}
	f.profiles[p.Key()] = p
	return p
}

func (f *fake) step(operation string) error {
	if f.before == nil {
		return nil
	}
	return f.before(operation)
}

func (f *fake) Session(_ context.Context, _ chat.MemberKey, hash string) (*auth.Session, error) {
	return found(f.sessions, hash), nil
}

func (f *fake) EndSession(_ context.Context, _ chat.MemberKey, hash string) error {
	delete(f.sessions, hash)
	return nil
}

func (f *fake) Sessions(_ context.Context, m chat.MemberKey) (all []auth.Session, err error) {
	for _, s := range f.sessions {
		if s.Key == m {
			all = append(all, s)
		}
	}
	return all, nil
}

func (f *fake) Profile(_ context.Context, m chat.MemberKey) (*chat.Profile, error) {
	return found(f.profiles, m), nil
}

func (f *fake) Catalog(_ context.Context, organization string, _ bool) (chat.Catalog, error) {
	return chat.Catalog{Organization: f.settings[organization]}, nil
}

func (f *fake) Link(_ context.Context, hash string) (*Link, error) { return found(f.links, hash), nil }

func (f *fake) Limits(_ context.Context, members ...chat.MemberKey) (all []Limits, err error) {
	for _, m := range members {
		l := f.limits[m]
		l.Key = m
		all = append(all, l)
	}
	return all, nil
}

func (f *fake) SaveGuess(_ context.Context, g Guess) error {
	if err := f.step("SaveGuess"); err != nil {
		return err
	}
	if !f.moves(g.Link, g.Limits...) {
		return chat.ErrConflict
	}
	f.log = append(f.log, g.Locks...)
	return nil
}

// moves saves the next versions of a link and of counts, all or none.
func (f *fake) moves(link Link, limits ...Limits) bool {
	if f.links[link.Hash].Version != link.Version-1 {
		return false
	}
	for _, l := range limits {
		if f.limits[l.Key].Version != l.Version-1 {
			return false
		}
	}
	f.links[link.Hash] = link
	for _, l := range limits {
		f.limits[l.Key] = l
	}
	return true
}

func (f *fake) SaveUnlock(_ context.Context, u Unlock) error {
	if f.limits[u.Limits.Key].Version != u.Limits.Version-1 {
		return chat.ErrConflict
	}
	f.limits[u.Limits.Key] = u.Limits
	if p := u.EndsLinksOf; p != nil {
		is := f.profiles[p.Key()]
		is.Epoch++
		f.profiles[p.Key()] = is
	}
	f.log = append(f.log, u.Log...)
	return nil
}

func (f *fake) BeginSession(ctx context.Context, l LogIn) error {
	if err := f.step("BeginSession"); err != nil {
		return err
	}
	p := f.profiles[l.Profile.Key()]
	if !p.Active || p.Epoch != l.Profile.Epoch || p.LogIns != l.Profile.LogIns || !f.moves(l.Link, l.Limits) {
		return chat.ErrConflict
	}
	p.LogIns++
	f.profiles[p.Key()] = p
	if l.Ends != nil {
		delete(f.sessions, l.Ends.Hash)
	}
	f.sessions[l.Session.Hash] = l.Session
	return nil
}

func (f *fake) OwedLinkTo(_ context.Context, address string) (OwedLink, error) {
	contact := "hash of " + address
	a := f.owed[contact]
	a.Contact = contact
	return a, nil
}

func (f *fake) SaveOwedLink(_ context.Context, a OwedLink, minted ...Link) error {
	if err := f.step("SaveOwedLink"); err != nil {
		return err
	}
	if f.owed[a.Contact].Version != a.Version-1 {
		return chat.ErrConflict
	}
	f.owed[a.Contact] = a
	for _, l := range minted {
		f.links[l.Hash] = l
	}
	return nil
}

func (f *fake) AskCount(_ context.Context, source string) (AskCount, error) {
	a := f.asks[source]
	a.Source = source
	return a, nil
}

func (f *fake) SaveAskCount(_ context.Context, a AskCount) error {
	f.asks[a.Source] = a
	return nil
}

func found[K comparable, V any](rows map[K]V, key K) *V {
	if row, ok := rows[key]; ok {
		return &row
	}
	return nil
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
