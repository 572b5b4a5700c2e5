package auth

import (
	"context"
	"fmt"
	"testing"
	"time"

	"carechat/shared/chat"
)

// fake is a table in memory.
type fake struct {
	now       time.Time
	sessions  map[string]Session
	issuers   map[string]Issuer
	people    map[chat.Subject]chat.Person
	staff     map[string]chat.CareManagerRow
	profiles  map[chat.MemberKey]chat.Profile
	identical int                          // reads of who a subject is
	before    func(operation string) error // called before a save; its error is the save's
}

const (
	anaBorn = "1970-02-03"
	phone   = "+15550100199"
)

var start = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func newFake() *fake {
	return &fake{
		now: start, sessions: map[string]Session{}, issuers: map[string]Issuer{}, people: map[chat.Subject]chat.Person{},
		staff: map[string]chat.CareManagerRow{}, profiles: map[chat.MemberKey]chat.Profile{},
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

func (f *fake) Session(_ context.Context, _ chat.MemberKey, hash string) (*Session, error) {
	return found(f.sessions, hash), nil
}

func (f *fake) UseSession(_ context.Context, s Session) error {
	if err := f.step("UseSession"); err != nil {
		return err
	}
	if _, ok := f.sessions[s.Hash]; !ok {
		return chat.ErrConflict
	}
	f.sessions[s.Hash] = s
	return nil
}

func (f *fake) EndSession(_ context.Context, _ chat.MemberKey, hash string) error {
	delete(f.sessions, hash)
	return nil
}

func (f *fake) Identity(_ context.Context, s chat.Subject) (*Issuer, *chat.Person, error) {
	f.identical++
	return found(f.issuers, s.Issuer), found(f.people, s), nil
}

func (f *fake) CareManager(_ context.Context, _, id string) (*chat.CareManagerRow, error) {
	return found(f.staff, id), nil
}

func (f *fake) Profile(_ context.Context, m chat.MemberKey) (*chat.Profile, error) {
	return found(f.profiles, m), nil
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

func key(id string) chat.MemberKey { return chat.MemberKey{Organization: "harbor", Member: id} }

// refusal is the refusal's code and reason for a token.
func (h *house) refusal(t *testing.T, token string) string {
	t.Helper()
	_, err := h.Caller(t.Context(), token, true)
	return fmt.Sprint(err)
}
