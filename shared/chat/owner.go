package chat

import "time"

// OwnerKind says what owns an enrollment.
type OwnerKind string

// A care manager owns an enrollment, else its department does.
const (
	OwnedByCareManager OwnerKind = "careManager"
	OwnedByDepartment  OwnerKind = "department"
)

// Owner is the care manager or the department that has an enrollment, its task
// and its threads in their lists. An enrollment always has exactly one.
type Owner struct {
	Kind OwnerKind
	ID   string
	Name string
}

// Is reports whether both are the same owner, whatever they are called.
func (o Owner) Is(other Owner) bool { return o.Kind == other.Kind && o.ID == other.ID }

// asOwner returns the calling care manager as an owner.
func (c Caller) asOwner() Owner { return Owner{Kind: OwnedByCareManager, ID: c.ID, Name: c.Name} }

// asOwner returns the department as an owner.
func (d Department) asOwner() Owner { return Owner{Kind: OwnedByDepartment, ID: d.ID, Name: d.Name} }

// ownership returns the ownership of an enrollment that the department owns.
func (d Department) ownership() Ownership { return Ownership{Owner: d.asOwner(), Department: d.ID} }

// Ownership decides a care manager's rights on an enrollment, its requests and
// its threads (S7). Each of these rows has its own copy.
type Ownership struct {
	Owner      Owner
	Department string
}

// Cover is a period in which one care manager covers another, its end excluded.
type Cover struct {
	Of       Ref
	From, To time.Time
}

// Running reports whether the cover runs at a time.
func (c Cover) Running(at time.Time) bool {
	return !at.Before(c.From) && at.Before(c.To)
}
