package chat

import (
	"context"
	"time"
)

// EnrollmentState is active or closed.
type EnrollmentState string

// The states of an enrollment.
const (
	EnrollmentActive EnrollmentState = "active"
	EnrollmentClosed EnrollmentState = "closed"
)

// MaxThreads is how many threads an enrollment can have: a hand-over moves them
// all in one transaction of at most 100 rows (T9).
const MaxThreads = 95

// maxBegun is how many threads care managers other than the owner can begin. The rest
// is for owners, who can always answer.
const maxBegun = 90

// Enrollment is a member in a program.
type Enrollment struct {
	Organization string
	Member       Ref
	Program      Ref
	State        EnrollmentState
	Paused       bool
	Ownership
	// Provisioned is the care manager whom the platform's last PUT named, or "".
	// A PUT that names the same again changes no owner.
	Provisioned string
	Threads     int
	Version     int
	UpdatedAt   time.Time // when a PUT last changed it
}

// Key returns whose enrollment it is.
func (e Enrollment) Key() MemberKey { return MemberKey{e.Organization, e.Member.ID} }

// next returns the enrollment at its next version: what depends on it is saved
// only if nothing else moved it since (T4).
func (e Enrollment) next() Enrollment {
	e.Version++
	return e
}

// hasRoomFor reports whether the enrollment can have one more thread, of the caller's.
func (e Enrollment) hasRoomFor(c Caller) bool {
	if e.Owner.Is(c.asOwner()) {
		return e.Threads < MaxThreads
	}
	return e.Threads < maxBegun
}

// EnrollmentStore reads enrollments.
type EnrollmentStore interface {
	// Enrollment reads one; nil if there is none.
	Enrollment(ctx context.Context, m MemberKey, programID string) (*Enrollment, error)
}
