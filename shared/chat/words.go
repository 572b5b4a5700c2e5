package chat

import "time"

// Kind is who acts: a member, a care manager or the platform.
type Kind string

// The kinds of caller. The first two are also the sides of a thread.
const (
	Member      Kind = "member"
	CareManager Kind = "careManager"
	Platform    Kind = "platform"
)

// Other is the opposite side of a thread.
func (k Kind) Other() Kind {
	if k == Member {
		return CareManager
	}
	return Member
}

// Ref names something as it was called when the row was written (T10).
type Ref struct{ ID, Name string }

// MemberKey says whose data: nothing of a member is found without both (G8).
type MemberKey struct{ Organization, Member string }

// OwnerKind is what an enrollment can belong to.
type OwnerKind string

// A care manager owns an enrollment, else its department does.
const (
	OwnedByCareManager OwnerKind = "careManager"
	OwnedByDepartment  OwnerKind = "department"
)

// Owner has an enrollment and with it its task and the place of its threads:
// exactly one, always.
type Owner struct {
	Kind OwnerKind
	ID   string
	Name string
}

// Is reports whether both are the same owner, whatever they are called.
func (o Owner) Is(other Owner) bool { return o.Kind == other.Kind && o.ID == other.ID }

// Ownership is what decides a care manager's rights on an enrollment, its
// requests and its threads (S7); each row carries its own copy.
type Ownership struct {
	Owner      Owner
	Department string
}

// Cover is a dated cover of one care manager by another, ends excluded.
type Cover struct {
	Of       Ref
	From, To time.Time
}

// Running reports whether the cover holds at now.
func (c Cover) Running(now time.Time) bool {
	return !now.Before(c.From) && now.Before(c.To)
}
