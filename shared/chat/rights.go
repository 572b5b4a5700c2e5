package chat

import (
	"context"
	"slices"
	"time"
)

// Access is what a caller may do with an enrollment and what belongs to it.
type Access int

// The rights of S7, from none to all.
const (
	NoAccess Access = iota
	ReadOnly
	FullAccess
)

// RightsStore reads what rights depend on beside the caller's own row.
type RightsStore interface {
	// DisabledIn lists the disabled care managers of departments, never from memory (T7).
	DisabledIn(ctx context.Context, organization string, departments []string) ([]string, error)
}

// rights decide what a caller may do (S7), from their own row and from who of
// their colleagues is disabled.
type rights struct {
	caller   Caller
	disabled []string
	now      time.Time
}

// rightsOn returns a caller's rights on what these owners have. It reads who is
// disabled at most once, and only if another care manager is among the owners.
func rightsOn(ctx context.Context, store RightsStore, c Caller, now time.Time, owners ...Owner) (r rights, err error) {
	r = rights{caller: c, now: now}
	matters := func(o Owner) bool { return o.Kind == OwnedByCareManager && !r.owns(o) }
	if c.Kind == CareManager && slices.ContainsFunc(owners, matters) {
		r.disabled, err = store.DisabledIn(ctx, c.Organization, c.Departments)
	}
	return r, err
}

// owns reports whether the caller's own row gives full rights: they are the owner,
// cover the owner now, or belong to the department that is the owner.
func (r rights) owns(o Owner) bool {
	switch {
	case o.Kind == OwnedByDepartment:
		return slices.Contains(r.caller.Departments, o.ID)
	case r.isCaller(o):
		return true
	default:
		return slices.ContainsFunc(r.caller.Covers, func(v Cover) bool { return v.Of.ID == o.ID && v.Running(r.now) })
	}
}

// isCaller reports whether the caller is the owner.
func (r rights) isCaller(o Owner) bool {
	return o.Kind == OwnedByCareManager && r.caller.Kind == CareManager && o.ID == r.caller.ID
}

// isDisabled reports whether the owner is a disabled care manager of one of the
// caller's departments.
func (r rights) isDisabled(o Owner) bool {
	return o.Kind == OwnedByCareManager && slices.Contains(r.disabled, o.ID)
}

// on returns what the caller may do with what an owner has. What a disabled care
// manager owns is in the lists of their departments, whose care managers may act
// on it (G10).
func (r rights) on(o Owner) Access {
	if r.caller.Kind == Member {
		return FullAccess
	}
	if r.caller.Kind == CareManager && (r.isDisabled(o) || r.owns(o)) {
		return FullAccess
	}
	return NoAccess
}

// onThread returns what the caller may do in a thread: whoever is named on it may
// read it.
func (r rights) onThread(t Thread) Access {
	access := r.on(t.Owner)
	if access == NoAccess && r.caller.Kind == CareManager && t.CareManager.ID == r.caller.ID {
		access = ReadOnly
	}
	return access
}

// accessTo returns what the caller may do with an enrollment and what belongs to it.
func accessTo(ctx context.Context, store RightsStore, c Caller, now time.Time, o Ownership) (Access, error) {
	r, err := rightsOn(ctx, store, c, now, o.Owner)
	return r.on(o.Owner), err
}

// accessToThread returns what the caller may do in a thread.
func accessToThread(ctx context.Context, store RightsStore, c Caller, now time.Time, t Thread) (Access, error) {
	r, err := rightsOn(ctx, store, c, now, t.Owner)
	return r.onThread(t), err
}
