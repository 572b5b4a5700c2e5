package chat

import (
	"context"
	"slices"
	"time"

	"carechat/shared/problem"
)

// Caller is who is calling, verified on this request.
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
	Issuer       string   // of an access token, whose it is
}

// Only refuses every kind of caller but these (403, A4).
func (c Caller) Only(kinds ...Kind) error {
	if slices.Contains(kinds, c.Kind) {
		return nil
	}
	return problem.New(problem.Forbidden)
}

// MemberKey returns whose data a path is about. A member reaches only their own,
// which they may call "me"; for everybody else "me" is nobody's id. Whoever the
// caller cannot reach is not there: problem.NotFound.
func (c Caller) MemberKey(id string) (MemberKey, error) {
	if c.Kind == Member && id == "me" {
		id = c.ID
	}
	if !ValidID(id) || id == "me" || c.Kind == Member && id != c.ID {
		return MemberKey{}, problem.New(problem.NotFound)
	}
	return MemberKey{c.Organization, id}, nil
}

// Access is what a caller may do with an enrollment and what hangs on it.
type Access int

// The rights of S7, from none to all.
const (
	NoAccess Access = iota
	ReadOnly
	FullAccess
)

// holds reports whether the caller's own row gives full rights: they own it,
// cover its owner now, or a department of theirs owns it.
func (c Caller) holds(o Owner, now time.Time) bool {
	switch {
	case o.Kind == OwnedByDepartment:
		return slices.Contains(c.Departments, o.ID)
	case o.ID == c.ID:
		return true
	default:
		return slices.ContainsFunc(c.Covers, func(v Cover) bool { return v.Of.ID == o.ID && v.Running(now) })
	}
}

// rights are what a caller may do (S7): their own row decides, and which of their
// colleagues are disabled.
type rights struct {
	caller   Caller
	disabled []string
	now      time.Time
}

// rights reads who is disabled, once, and only where it matters: where another
// care manager is among the owners.
func (s *Service) rights(ctx context.Context, c Caller, owners ...Owner) (may rights, err error) {
	may = rights{caller: c, now: s.Now()}
	matters := func(o Owner) bool { return o.Kind == OwnedByCareManager && !c.holds(o, may.now) }
	if c.Kind == CareManager && slices.ContainsFunc(owners, matters) {
		may.disabled, err = s.Store.DisabledIn(ctx, c.Organization, c.Departments)
	}
	return may, err
}

// on decides what the caller may do with what an owner has. What a disabled care
// manager owns stands in the lists of their departments: these are also who may
// act on it (G10).
func (r rights) on(o Owner) Access {
	gone := o.Kind == OwnedByCareManager && slices.Contains(r.disabled, o.ID)
	if r.caller.Kind == Member || r.caller.Kind == CareManager && (gone || r.caller.holds(o, r.now)) {
		return FullAccess
	}
	return NoAccess
}

// onThread adds what being named on a thread gives: reading it.
func (r rights) onThread(t Thread) Access {
	access := r.on(t.Owner)
	if access == NoAccess && r.caller.Kind == CareManager && t.CareManager.ID == r.caller.ID {
		access = ReadOnly
	}
	return access
}

// access decides what the caller may do with an enrollment and what hangs on it.
func (s *Service) access(ctx context.Context, c Caller, h Ownership) (Access, error) {
	may, err := s.rights(ctx, c, h.Owner)
	return may.on(h.Owner), err
}

// threadAccess decides what the caller may do in a thread.
func (s *Service) threadAccess(ctx context.Context, c Caller, t Thread) (Access, error) {
	may, err := s.rights(ctx, c, t.Owner)
	return may.onThread(t), err
}

// LogCaller is what a log line says of the caller: never a name.
func (c Caller) LogCaller() (kind, organization, id string) {
	return string(c.Kind), c.Organization, c.ID
}
