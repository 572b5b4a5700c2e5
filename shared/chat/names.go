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
// Rows have the names of when they were written; an answer shows those of now for
// whatever stands, and leaves what has ended as it is (T10).
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

// readNames reads the names that a caller is shown, from a catalog that has what it must.
func readNames(ctx context.Context, store nameStore, c Caller, has func(Catalog) bool) (names, error) {
	catalog, err := CatalogWith(ctx, store, c.Organization, has)
	if err != nil {
		return names{}, err
	}
	colleagues, err := store.Colleagues(ctx, c.Organization)
	return names{c, catalog, colleagues}, err
}

// anything is what every catalog has.
func anything(Catalog) bool { return true }

// program returns a program as the reader knows it: a member by its name in their
// language, if it has one, else everybody by its name now.
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

// careManager returns a care manager by their name now.
func (n names) careManager(r Ref) Ref {
	if now := n.colleagues[r.ID].Name; now != "" {
		r.Name = now
	}
	return r
}

// owner returns an owner by its name now.
func (n names) owner(o Owner) Owner {
	if o.Kind == OwnedByCareManager {
		o.Name = n.careManager(Ref{o.ID, o.Name}).Name
	} else if now := n.catalog.Departments[o.ID].Name; now != "" {
		o.Name = now
	}
	return o
}

// enrollment returns an enrollment with the names of now.
func (n names) enrollment(e Enrollment) Enrollment {
	e.Program, e.Owner = n.program(e.Program), n.owner(e.Owner)
	return e
}

// request returns a request with the names of now while it is open.
func (n names) request(r Request) Request {
	if r.State != Open {
		r.Program = n.spoken(r.Program)
		return r
	}
	r.Program, r.Owner = n.program(r.Program), n.owner(r.Owner)
	return r
}

// thread returns a thread with the names of now while its enrollment is active. Its last
// message is signed as it was.
func (n names) thread(t Thread) Thread {
	if t.State == ThreadInactive {
		t.Program = n.spoken(t.Program)
		return t
	}
	t.Program, t.Owner, t.CareManager = n.program(t.Program), n.owner(t.Owner), n.careManager(t.CareManager)
	return t
}

// conflict returns an error whose problem, if it shows what stands, has the names of now.
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
