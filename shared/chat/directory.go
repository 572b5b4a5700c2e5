package chat

import "context"

// Subject is how an issuer's tokens name a person; it is one person's (S5).
type Subject struct{ Issuer, Subject string }

// CareManagerRow is a care manager as the platform provisions them.
type CareManagerRow struct {
	Organization  string
	ID            string
	Name          string
	DepartmentIDs []string
	Active        bool
	Subjects      []Subject
	Covers        []Cover // whom they cover, running and to come (T11)
	Version       int
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
	// Epoch moves when a contact changes or the member is disabled: links of an
	// older one are void (S2).
	Epoch int
	// LogIns moves with each session made, so that disabling and logging in
	// cannot both win (S1).
	LogIns  int
	Version int
}

// Key says whose profile it is.
func (p Profile) Key() MemberKey { return MemberKey{p.Organization, p.ID} }

// DirectoryStore keeps what the platform provisions.
type DirectoryStore interface {
	CareManager(ctx context.Context, organization, id string) (*CareManagerRow, error)
	Profile(ctx context.Context, m MemberKey) (*Profile, error)
}
