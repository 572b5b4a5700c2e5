package chat

import (
	"context"
	"errors"

	"carechat/shared/problem"
)

// ColleagueStore reads an organization's care managers for display.
type ColleagueStore interface {
	// Colleagues reads the care managers of an organization by id, from memory for a
	// while (T7).
	Colleagues(ctx context.Context, organization string) (map[string]CareManagerRow, error)
}

// names are what an organization calls its programs, departments and care managers now.
// Rows have the names from when they were written. An answer shows the current names of
// what is open or active, and leaves what has ended as it was (T10).
type names struct {
	reader     Caller
	catalog    Catalog
	colleagues map[string]CareManagerRow // nil where no owner is shown
}

// nameStore reads names.
type nameStore interface {
	CatalogStore
	ColleagueStore
}

// readNames reads the names that a caller is shown, from a catalog that, as far as it
// can, satisfies has.
func readNames(ctx context.Context, store nameStore, c Caller, has func(Catalog) bool) (names, error) {
	catalog, err := CatalogWith(ctx, store, c.Organization, has)
	if err != nil {
		return names{}, err
	}
	colleagues, err := store.Colleagues(ctx, c.Organization)
	return names{c, catalog, colleagues}, err
}

// anything is satisfied by every catalog.
func anything(Catalog) bool { return true }

// program returns a program with the name that the reader is shown: for a member the one
// in their language, if there is one; else its current name.
func (n names) program(p Ref) Ref {
	return n.spoken(n.catalog.named(p))
}

// spoken returns a program with its name in a member's language, if it has one.
func (n names) spoken(p Ref) Ref {
	if name := n.catalog.Programs[p.ID].Names[n.reader.Language]; n.reader.Kind == Member && name != "" {
		p.Name = name
	}
	return p
}

// careManager returns a care manager with their current name.
func (n names) careManager(r Ref) Ref {
	if now := n.colleagues[r.ID].Name; now != "" {
		r.Name = now
	}
	return r
}

// owner returns an owner with its current name.
func (n names) owner(o Owner) Owner {
	if o.Kind == OwnedByCareManager {
		o.Name = n.careManager(Ref{o.ID, o.Name}).Name
	} else if now := n.catalog.Departments[o.ID].Name; now != "" {
		o.Name = now
	}
	return o
}

// enrollment returns an enrollment with the current names.
func (n names) enrollment(e Enrollment) Enrollment {
	e.Program, e.Owner = n.program(e.Program), n.owner(e.Owner)
	return e
}

// request returns a request, with the current names while it is open.
func (n names) request(r Request) Request {
	if r.State != Open {
		r.Program = n.spoken(r.Program)
		return r
	}
	r.Program, r.Owner = n.program(r.Program), n.owner(r.Owner)
	return r
}

// thread returns a thread, with the current names while its enrollment is active. Its
// last message is signed as it was.
func (n names) thread(t Thread) Thread {
	if t.State == ThreadInactive {
		t.Program = n.spoken(t.Program)
		return t
	}
	t.Program, t.Owner, t.CareManager = n.program(t.Program), n.owner(t.Owner), n.careManager(t.CareManager)
	return t
}

// conflict returns the error. If its problem shows the current state, that has the
// current names.
func (n names) conflict(err error) error {
	var p *problem.Problem
	if !errors.As(err, &p) || p.Current == nil {
		return err
	}
	shown := *p
	switch current := p.Current.(type) {
	case Request:
		shown.Current = n.request(current)
	case Enrollment:
		shown.Current = n.enrollment(current)
	}
	return &shown
}
