package chat

import (
	"context"
	"strings"
	"time"
)

// Subject is how an issuer's tokens name a person. It names one person (S5).
type Subject struct{ Issuer, Subject string }

// Person is whom a subject names, in its issuer's organization.
type Person struct {
	Kind Kind // Member or CareManager
	ID   string
}

// CareManagerRow is a care manager as the platform provisions them.
type CareManagerRow struct {
	Organization  string
	ID            string
	Name          string
	DepartmentIDs []string
	Active        bool
	Subjects      []Subject
	Covers        []Cover    // whom they cover, running and to come (T11)
	CoveredBy     []Coverage // who covers them, running and to come, by start
	// HandOverAt is when they were disabled, until upkeep has handed over what they own (T11).
	HandOverAt time.Time
	Version    int
	UpdatedAt  time.Time // when a PUT last changed it
}

// Profile is a member as the platform provisions them.
type Profile struct {
	Organization string
	ID           string
	Name         string
	BirthDate    string // YYYY-MM-DD
	Phone        string // E.164, or ""
	Email        string
	Language     string
	TimeZone     string // IANA
	Active       bool
	Subjects     []Subject
	// Epoch moves when a contact changes or the member is disabled: a link of
	// another epoch is void (S2).
	Epoch int
	// LogIns moves with each session made and each hold, so that disabling and logging in
	// cannot both win (S1), nor a hold and an erasure (T14).
	LogIns int
	// RenamedAt is when their name, language or time zone changed, until upkeep has given
	// it to the rows that have a copy (T10).
	RenamedAt time.Time
	Version   int
	// UpdatedAt is when a PUT last changed it.
	UpdatedAt time.Time
	HeldAt    time.Time // since when a legal hold keeps everything of the member; zero for none (T14)
	ErasedAt  time.Time // when the member was erased: nothing but ids and versions is left here (T14)
	EraseAt   time.Time // of an erased member: when upkeep deletes what is left; zero once nothing is
}

// Key returns whose profile it is.
func (p Profile) Key() MemberKey { return MemberKey{p.Organization, p.ID} }

// Contacts returns the addresses that the member is found by, in one spelling each.
func (p Profile) Contacts() []string {
	var all []string
	for _, address := range []string{p.Phone, strings.ToLower(p.Email)} {
		if address != "" {
			all = append(all, address)
		}
	}
	return all
}

// ProfileStore reads members.
type ProfileStore interface {
	// Profile reads a member; nil if there is none.
	Profile(ctx context.Context, m MemberKey) (*Profile, error)
}

// CareManagerStore reads care managers.
type CareManagerStore interface {
	// CareManager reads one, never from memory (T7); nil if there is none.
	CareManager(ctx context.Context, organization, id string) (*CareManagerRow, error)
}
