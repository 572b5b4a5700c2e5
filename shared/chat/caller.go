package chat

import (
	"context"
	"regexp"
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

var idPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// ValidID reports whether an id can be one at all (A1).
func ValidID(id string) bool { return idPattern.MatchString(id) }

// only refuses every kind of caller but these (403, A4).
func (c Caller) only(kinds ...Kind) error {
	if slices.Contains(kinds, c.Kind) {
		return nil
	}
	return problem.New(problem.Forbidden)
}

// member is whose data a path speaks of. A member reaches their own alone,
// which they may call "me"; for everybody else "me" is nobody's id.
func (c Caller) member(id string) (MemberKey, error) {
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

// access decides what the caller may do (S7). Only where another care manager
// owns it are the caller's departments read: is the owner a colleague, disabled?
// What such a one owns stands in the lists of these departments, so that these
// are also who may act on it (G10).
func (s *Service) access(ctx context.Context, c Caller, h Holding) (Access, error) {
	switch {
	case c.Kind == Member:
		return FullAccess, nil
	case c.Kind == Platform:
		return NoAccess, nil
	case c.holds(h.Owner, s.Now()):
		return FullAccess, nil
	case h.Owner.Kind != OwnedByCareManager:
		return NoAccess, nil
	}
	disabled, err := s.Store.DisabledIn(ctx, c.Organization, c.Departments)
	if err != nil || !slices.Contains(disabled, h.Owner.ID) {
		return NoAccess, err
	}
	return FullAccess, nil
}

// threadAccess adds what being named on a thread gives: reading it.
func (s *Service) threadAccess(ctx context.Context, c Caller, t Thread) (Access, error) {
	access, err := s.access(ctx, c, t.Holding)
	if access == NoAccess && c.Kind == CareManager && t.CareManager.ID == c.ID {
		access = ReadOnly
	}
	return access, err
}

// LogCaller is what a log line says of the caller: never a name.
func (c Caller) LogCaller() (kind, organization, id string) {
	return string(c.Kind), c.Organization, c.ID
}
