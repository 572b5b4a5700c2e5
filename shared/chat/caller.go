package chat

import (
	"slices"

	"carechat/shared/problem"
)

// Caller is who is calling. What is done for them is written, and its answer shown, only once
// they are verified on this request (T7).
type Caller struct {
	Kind         Kind
	Organization string
	ID           string
	Name         string
	Language     string   // of a member
	TimeZone     string   // of a member, IANA
	Departments  []string // of a care manager, at least one
	Covers       []Cover  // of a care manager: running and to come
	Session      string   // the hash of the session used, if one was
	Issuer       string   // of the access token used, if one was
}

// Only returns problem.Forbidden unless the caller is of one of these kinds (A4).
func (c Caller) Only(kinds ...Kind) error {
	if slices.Contains(kinds, c.Kind) {
		return nil
	}
	return problem.New(problem.Forbidden)
}

// MemberKey returns whose data a path is about. A member reaches only their own,
// which they may call "me"; for everybody else "me" is nobody's id. It returns
// problem.NotFound for an id that cannot be a member's, or is not the calling
// member's own.
func (c Caller) MemberKey(id string) (MemberKey, error) {
	if c.Kind == Member && id == "me" {
		id = c.ID
	}
	if !ValidID(id) || id == "me" || c.Kind == Member && id != c.ID {
		return MemberKey{}, problem.New(problem.NotFound)
	}
	return MemberKey{c.Organization, id}, nil
}

// own returns the key of the member who is calling about themselves.
func (c Caller) own(memberID string) (MemberKey, error) {
	if err := c.Only(Member); err != nil {
		return MemberKey{}, err
	}
	return c.MemberKey(memberID)
}

// LogCaller returns what a log line says of the caller: never a name.
func (c Caller) LogCaller() (kind, organization, id string) {
	return string(c.Kind), c.Organization, c.ID
}
