package chat

import (
	"context"
	"reflect"
	"strings"

	"carechat/shared/problem"
)

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

// Contacts are the addresses that the member is found by, in one spelling each.
func (p Profile) Contacts() []string {
	var all []string
	for _, address := range []string{p.Phone, strings.ToLower(p.Email)} {
		if address != "" {
			all = append(all, address)
		}
	}
	return all
}

// Holder is the person whom a subject names.
type Holder struct {
	Kind Kind // Member or CareManager; "" for nobody
	ID   string
}

// DirectoryStore keeps what the platform provisions. Each save builds on the
// version before the one that it brings.
type DirectoryStore interface {
	CareManager(ctx context.Context, organization, id string) (*CareManagerRow, error)
	Profile(ctx context.Context, m MemberKey) (*Profile, error)
	// Mailbox reads a member's; version 0 if there is none.
	Mailbox(ctx context.Context, m MemberKey) (Mailbox, error)
	// IssuerOwner is the organization that an issuer belongs to, "" if none.
	IssuerOwner(ctx context.Context, issuer string) (string, error)
	SubjectHolder(ctx context.Context, s Subject) (Holder, error)

	// SaveOrganization saves the settings with their issuers; was are those before.
	SaveOrganization(ctx context.Context, o Organization, was []Issuer) error
	SaveProgram(ctx context.Context, organization string, p Program) error
	SaveReason(ctx context.Context, organization string, r Reason) error
	SaveDepartment(ctx context.Context, organization string, d Department) error
	// SaveCareManager saves the person, their subjects and the departments whose
	// lists of disabled people change (T11).
	SaveCareManager(ctx context.Context, was *CareManagerRow, is CareManagerRow, departments []Department) error
	SaveMember(ctx context.Context, change MemberChange) error
	// SaveEnrolled saves an enrollment and what moves with it (T9).
	SaveEnrolled(ctx context.Context, e Enrolled) error
}

// Put is what a PUT brings: full replacement.
type Put[T any] struct {
	ID      string         // the path's
	Entry   T              // the body; its own id is "" or the path's
	Missing problem.Fields // members that the body lacks
	When    Precondition
}

// Stored is an entry as it stands after a PUT.
type Stored[T any] struct {
	Entry   T
	Created bool
}

// entry is a row of the directory: it knows its id and its version.
type entry[T any] interface {
	*T
	head() (id *string, version *int)
}

func (o *Organization) head() (*string, *int)   { return &o.ID, &o.Version }
func (p *Program) head() (*string, *int)        { return &p.ID, &p.Version }
func (r *Reason) head() (*string, *int)         { return &r.ID, &r.Version }
func (d *Department) head() (*string, *int)     { return &d.ID, &d.Version }
func (c *CareManagerRow) head() (*string, *int) { return &c.ID, &c.Version }
func (p *Profile) head() (*string, *int)        { return &p.ID, &p.Version }

// begin refuses who may not, and a path that names nothing (404, A1); then it
// starts to check the body, which names the same entry or none.
func begin[T any, E entry[T]](c Caller, p *Put[T]) (*checks, error) {
	if err := c.only(Platform); err != nil {
		return nil, err
	}
	if !ValidID(p.ID) {
		return nil, problem.New(problem.NotFound)
	}
	f := &checks{p.Missing}
	if id, _ := E(&p.Entry).head(); *id != p.ID {
		if *id != "" {
			f.Add("/id", "mismatch", "must be the path's, or left out")
		}
		*id = p.ID
	}
	return f, nil
}

// decide is what a PUT does to an entry: refused by its precondition (A3),
// nothing where it stands already, else the next version.
func decide[T any, E entry[T]](current *T, next T, when Precondition) (stored Stored[T], changed bool, err error) {
	was := 0
	if current != nil {
		_, version := E(current).head()
		was = *version
	}
	_, version := E(&next).head()
	*version = was
	stands := current != nil && reflect.DeepEqual(*current, next)
	switch {
	case !when.allows(was) && !(stands && when.repeats(was)):
		return stored, false, problem.New(problem.VersionMismatch)
	case stands:
		return Stored[T]{Entry: next}, false, nil
	}
	*version = was + 1
	return Stored[T]{Entry: next, Created: current == nil}, true, nil
}
