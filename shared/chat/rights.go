package chat

import (
	"context"
	"slices"
	"time"

	"carechat/shared/problem"
)

// Access is what a caller may do with an enrollment and what belongs to it.
type Access int

// The rights of S7, from none to all.
const (
	NoAccess Access = iota
	ReadOnly
	FullAccess
	// Helping is full access because something is late: whoever writes claims the
	// enrollment (T13).
	Helping
)

// Full reports whether the access is more than read-only.
func (a Access) Full() bool { return a >= FullAccess }

// RightsStore reads what rights depend on beside the caller's own row.
type RightsStore interface {
	// Departments reads those of these departments that are there, never from memory: their
	// rows say who is disabled and what arrives (T7).
	Departments(ctx context.Context, organization string, ids []string) ([]Department, error)
	MemberChatsStore
}

// rights decide what a caller may do (S7), from their own row, from those of their
// departments and from what is late.
type rights struct {
	caller      Caller
	departments []Department
	late        []string // the programs of one member in which something is late
	now         time.Time
}

// rightsOn returns a caller's rights on what these owners have. It reads the caller's
// departments at most once, unless the caller owns all of it. For what does not exist,
// and so has no owner, it reads the same as for what is somebody else's.
func rightsOn(ctx context.Context, store RightsStore, c Caller, now time.Time, owners ...Owner) (r rights, err error) {
	r = rights{caller: c, now: now}
	isAnothers := func(o Owner) bool { return !r.owns(o) }
	if c.Kind == CareManager && (len(owners) == 0 || slices.ContainsFunc(owners, isAnothers)) {
		r.departments, err = store.Departments(ctx, c.Organization, c.Departments)
	}
	return r, err
}

// notThere returns problem.NotFound after the same reads as a refusal of what the caller
// may not see, so that nobody can tell the two apart by time (A4).
func notThere(ctx context.Context, store RightsStore, c Caller, now time.Time) error {
	_, err := rightsOn(ctx, store, c, now)
	return problem.OrNotFound(err)
}

// rightsIn returns a caller's rights on one enrollment. It reads whether anything is
// late in it only for a care manager of its department who has none without that.
func rightsIn(ctx context.Context, store RightsStore, c Caller, now time.Time, m MemberKey, program string, o Ownership) (rights, error) {
	r, err := rightsOn(ctx, store, c, now, o.Owner)
	if err != nil || !slices.Contains(c.Departments, o.Department) || r.on(program, o) != NoAccess {
		return r, err
	}
	chats, err := store.MemberChats(ctx, m)
	r.late = chats.late(now)
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
	gone := func(d Department) bool { return slices.Contains(d.Disabled, o.ID) }
	return o.Kind == OwnedByCareManager && slices.ContainsFunc(r.departments, gone)
}

// arrives returns the caller's department to which what the owner has in a program is
// moving, and whether there is one.
func (r rights) arrives(program string, o Owner) (department string, ok bool) {
	i := slices.IndexFunc(r.departments, func(d Department) bool { return d.awaits(program, o) })
	if i < 0 {
		return "", false
	}
	return r.departments[i].ID, true
}

// isLate reports whether the enrollment belongs to a department of the caller and
// something in it is late.
func (r rights) isLate(program string, o Ownership) bool {
	return slices.Contains(r.late, program) && slices.Contains(r.caller.Departments, o.Department)
}

// on returns what the caller may do with the enrollment in a program. Departments list
// what a disabled care manager owns, what arrives with a program and what is late, and
// their care managers may act on it (G10, T10, T13).
func (r rights) on(program string, o Ownership) Access {
	_, arrives := r.arrives(program, o.Owner)
	switch {
	case r.caller.Kind == Member:
		return FullAccess
	case r.caller.Kind != CareManager:
		return NoAccess
	case r.isDisabled(o.Owner), r.owns(o.Owner), arrives:
		return FullAccess
	case r.isLate(program, o):
		return Helping
	}
	return NoAccess
}

// onThread returns what the caller may do in a thread: whoever is named on it may
// read it.
func (r rights) onThread(t Thread) Access {
	access := r.on(t.Program.ID, t.Ownership)
	if access == NoAccess && r.caller.Kind == CareManager && t.CareManager.ID == r.caller.ID {
		access = ReadOnly
	}
	return access
}

// accessTo returns what the caller may do with an enrollment and what belongs to it.
func accessTo(ctx context.Context, store RightsStore, c Caller, now time.Time, m MemberKey, program string, o Ownership) (Access, error) {
	r, err := rightsIn(ctx, store, c, now, m, program, o)
	return r.on(program, o), err
}

// accessToThread returns what the caller may do in a thread.
func accessToThread(ctx context.Context, store RightsStore, c Caller, now time.Time, t Thread) (Access, error) {
	r, err := rightsIn(ctx, store, c, now, t.Key(), t.Program.ID, t.Ownership)
	return r.onThread(t), err
}
