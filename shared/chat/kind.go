package chat

// Kind says who acts: a member, a care manager or the platform.
type Kind string

// The kinds of caller. The first two are also the sides of a thread.
const (
	Member      Kind = "member"
	CareManager Kind = "careManager"
	Platform    Kind = "platform"
)

// Other returns the opposite side of a thread.
func (k Kind) Other() Kind {
	if k == Member {
		return CareManager
	}
	return Member
}

// Ref is an id with the name that the thing had when the row was written (T10).
type Ref struct{ ID, Name string }

// MemberKey identifies a member: nothing of theirs is found without both parts
// (G8).
type MemberKey struct{ Organization, Member string }
