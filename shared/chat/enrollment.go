package chat

// EnrollmentState is active or closed.
type EnrollmentState string

// The states of an enrollment.
const (
	EnrollmentActive EnrollmentState = "active"
	EnrollmentClosed EnrollmentState = "closed"
)

// MaxThreads is how many threads an enrollment can hold: a hand-over moves them
// all in one transaction of at most 100 rows (T9).
const MaxThreads = 90

// Enrollment is a member in a program.
type Enrollment struct {
	Organization string
	Member       Ref
	Program      Ref
	State        EnrollmentState
	Paused       bool
	Ownership
	// Provisioned is the care manager that the platform's last PUT named, or "":
	// meaning the same again changes no owner.
	Provisioned string
	Threads     int
	Version     int
}

// Key says whose enrollment it is.
func (e Enrollment) Key() MemberKey { return MemberKey{e.Organization, e.Member.ID} }

// moved is the enrollment one version on: what depends on it commits only if
// nothing else moved it since (T4).
func (e Enrollment) moved() Enrollment {
	e.Version++
	return e
}
