package api

import (
	"slices"

	"carechat/shared/chat"
)

// Named is an id with its name.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Labelled is an id with the label that a person chooses it by.
type Labelled struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Person is somebody's id with their display name.
type Person struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
}

// Owner is the care manager or the department that owns an enrollment.
type Owner struct {
	Kind        chat.OwnerKind `json:"kind"`
	ID          string         `json:"id"`
	DisplayName string         `json:"displayName"`
}

func named(r chat.Ref) Named       { return Named(r) }
func labelled(r chat.Ref) Labelled { return Labelled{r.ID, r.Name} }
func person(r chat.Ref) Person     { return Person{r.ID, r.Name} }
func newOwner(o chat.Owner) Owner  { return Owner{o.Kind, o.ID, o.Name} }

// List is a page of a list.
type List[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"nextCursor,omitempty"`
}

// each returns the shapes of a list's items, which are never null.
func each[T, S any](items []T, shape func(T) S) []S {
	all := slices.Grow([]S{}, len(items))
	for _, item := range items {
		all = append(all, shape(item))
	}
	return all
}

// Nothing is the input of a call that takes no input, and the body of an answer that
// is only a status.
type Nothing struct{}

// MemberRef names a member.
type MemberRef struct {
	MemberID string `path:"memberId" json:"-"`
}
