package notice

import (
	"context"
	"slices"
	"testing"
	"time"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/login"
)

// fake is a table in memory.
type fake struct {
	login.Store
	now          time.Time
	profiles     map[chat.MemberKey]chat.Profile
	settings     map[string]chat.Organization
	links        map[string]login.Link
	owed         map[string]login.OwedLink
	profilesRead int
	unreadable   error // of every profile
	log          []chat.Notice

	before func(operation string) error // called before a save; its error is the save's
	after  func(operation string) error // called after a save; its error is the save's
}

const (
	anaBorn = "1970-02-03"
	benBorn = "1988-11-30"
	phone   = "+15550100199"
)

var start = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func newFake() *fake {
	return &fake{
		now: start, profiles: map[chat.MemberKey]chat.Profile{}, settings: map[string]chat.Organization{},
		links: map[string]login.Link{}, owed: map[string]login.OwedLink{},
	}
}

func (f *fake) clock() time.Time { return f.now }

// member adds an active member of harbor.
func (f *fake) member(id, birthDate, phone string) chat.Profile {
	return f.memberOf("harbor", id, birthDate, phone)
}

func (f *fake) memberOf(organization, id, birthDate, phone string) chat.Profile {
	p := chat.Profile{
		Organization: organization, ID: id, Name: "Name of " + id, BirthDate: birthDate, Phone: phone,
		Language: "es", TimeZone: "America/New_York", Active: true, Epoch: 3, LogIns: 7, Version: 2,
	}
	f.profiles[p.Key()] = p
	return p
}

func (f *fake) Profile(_ context.Context, m chat.MemberKey) (*chat.Profile, error) {
	f.profilesRead++
	return found(f.profiles, m), f.unreadable
}

func (f *fake) Catalog(_ context.Context, organization string, _ bool) (chat.Catalog, error) {
	return chat.Catalog{Organization: f.settings[organization]}, nil
}

func (f *fake) Link(_ context.Context, hash string) (*login.Link, error) {
	return found(f.links, hash), nil
}

func (f *fake) Limits(_ context.Context, members ...chat.MemberKey) ([]login.Limits, error) {
	all := make([]login.Limits, len(members))
	for i, m := range members {
		all[i].Key = m
	}
	return all, nil
}

func (f *fake) SaveUnlock(context.Context, login.Unlock) error { return nil }

func (f *fake) SaveNotices(_ context.Context, all ...chat.Notice) error {
	f.log = append(f.log, all...)
	return nil
}

func (f *fake) Sessions(context.Context, chat.MemberKey) ([]auth.Session, error) { return nil, nil }

func (f *fake) BeginSession(context.Context, login.LogIn) error { return nil }

func (f *fake) OwedLinkTo(ctx context.Context, address string) (login.OwedLink, error) {
	return f.OwedLink(ctx, "hash of "+address)
}

func (f *fake) OwedLink(_ context.Context, contact string) (login.OwedLink, error) {
	a := f.owed[contact]
	a.Contact = contact
	return a, nil
}

func (f *fake) SaveOwedLink(_ context.Context, a login.OwedLink, minted ...login.Link) error {
	if f.before != nil {
		if err := f.before("SaveOwedLink"); err != nil {
			return err
		}
	}
	if f.owed[a.Contact].Version != a.Version-1 {
		return chat.ErrConflict
	}
	f.owed[a.Contact] = a
	for _, l := range minted {
		f.links[l.Hash] = l
	}
	if f.after != nil {
		return f.after("SaveOwedLink")
	}
	return nil
}

func (f *fake) MembersWith(_ context.Context, contact string, limit int) (all []chat.MemberKey, err error) {
	of := map[string]int{}
	for key, p := range f.profiles {
		if contact == "hash of "+p.Phone || contact == "hash of "+p.Email {
			if of[key.Organization]++; of[key.Organization] <= limit {
				all = append(all, key)
			}
		}
	}
	slices.SortFunc(all, func(a, b chat.MemberKey) int { return len(a.Member) - len(b.Member) })
	return all, nil
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
