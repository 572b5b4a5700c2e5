package directory

import (
	"context"
	"reflect"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// OrganizationStore keeps organizations.
type OrganizationStore interface {
	chat.CatalogStore
	// SaveOrganization saves the settings with their issuers; was are those before.
	SaveOrganization(ctx context.Context, o chat.Organization, was []chat.Issuer) error
}

// Store keeps what is provisioned. Each save builds on the version before the one
// that it brings: it happens whole or not at all, and returns chat.ErrConflict if
// a row that it builds on has moved.
type Store interface {
	OrganizationStore
	ListStore
	chat.CareManagerStore
	chat.CoverageMarkStore
	chat.ProfileStore
	// StoredProfile reads a member's profile, even that of an erased member.
	StoredProfile(ctx context.Context, m chat.MemberKey) (*chat.Profile, error)
	chat.MemberChatsStore
	chat.EnrolledStore
	// Enrollment reads one; nil if there is none.
	Enrollment(ctx context.Context, m chat.MemberKey, programID string) (*chat.Enrollment, error)
	// Mailbox reads a member's; version 0 if there is none.
	Mailbox(ctx context.Context, m chat.MemberKey) (chat.Mailbox, error)
	// SubjectOf reads whom a subject names; nil if nobody.
	SubjectOf(ctx context.Context, s chat.Subject) (*chat.Person, error)

	// SaveProgram saves a program, with the departments whose arrivals change (T10).
	SaveProgram(ctx context.Context, organization string, p chat.Program, departments []chat.Department) error
	SaveReason(ctx context.Context, organization string, r chat.Reason) error
	// SaveDepartment saves a department; if it is new, upkeep looks who is in it.
	SaveDepartment(ctx context.Context, organization string, d chat.Department) error
	// Attendance reads the attendance of departments, each at version 0 if there is none.
	Attendance(ctx context.Context, organization string, departments ...string) ([]chat.Attendance, error)
	// SaveCareManager saves the person, their subjects, the departments whose lists of
	// disabled people change (T11), and the attendance of those that they leave (G10).
	SaveCareManager(ctx context.Context, was *chat.CareManagerRow, is chat.CareManagerRow, departments []chat.Department, left []chat.Attendance) error
	// SaveCoverage saves the care managers whose coverages change, with the mark of what
	// the platform is to be told.
	SaveCoverage(ctx context.Context, rows []chat.CareManagerRow, mark chat.CoverageMark) error
	SaveMember(ctx context.Context, change MemberChange) error
}

// Service holds the use cases of the platform.
type Service struct {
	Store Store
	Now   func() time.Time
}

// Put is what a PUT brings: full replacement.
type Put[T any] struct {
	ID      string         // the path's
	Entry   T              // the body; its own id is "" or the path's
	Missing problem.Fields // members that the body lacks
	When    chat.Precondition
}

// Stored is an entry after a PUT, and whether that made it.
type Stored[T any] struct {
	Entry   T
	Created bool
}

// header finds the id of an entry, its version and the time of its last change,
// which is nil for what is in no list.
type header[T any] func(*T) (id *string, version *int, updatedAt *time.Time)

// begin refuses a caller who is not the platform, and a path that can name
// nothing (404, A1). Then it starts the check of the body, whose id is the path's
// or left out.
func begin[T any](c chat.Caller, p *Put[T], head header[T]) (*checks, error) {
	if err := c.Only(chat.Platform); err != nil {
		return nil, err
	}
	if !chat.ValidID(p.ID) {
		return nil, problem.New(problem.NotFound)
	}
	f := &checks{p.Missing}
	if id, _, _ := head(&p.Entry); *id != p.ID {
		if *id != "" {
			f.Add("/id", "mismatch", "must be the path's, or left out")
		}
		*id = p.ID
	}
	return f, nil
}

// decide returns an entry as a PUT leaves it: refused by its precondition (A3),
// unchanged if it says the same already, else at its next version. An entry of a
// release that kept no times is changed, so that putting it again lists it.
func decide[T any](current *T, next T, when chat.Precondition, head header[T], now time.Time) (stored Stored[T], changed bool, err error) {
	was, same := 0, false
	_, version, updatedAt := head(&next)
	if current != nil {
		_, versionNow, updatedNow := head(current)
		was, *version = *versionNow, *versionNow
		if updatedAt != nil {
			*updatedAt = *updatedNow
		}
		same = reflect.DeepEqual(*current, next) && (updatedAt == nil || !updatedAt.IsZero())
	}
	switch {
	case !when.Allows(was) && !(same && when.Repeats(was)):
		return stored, false, problem.New(problem.VersionMismatch)
	case same:
		return Stored[T]{Entry: next}, false, nil
	}
	if *version = was + 1; updatedAt != nil {
		*updatedAt = now
	}
	return Stored[T]{Entry: next, Created: current == nil}, true, nil
}

// orNil returns nil for an empty list, as a row reads it back.
func orNil[T any](all []T) []T {
	if len(all) == 0 {
		return nil
	}
	return all
}
