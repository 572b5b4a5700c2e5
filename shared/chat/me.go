package chat

import (
	"cmp"
	"context"
	"slices"
)

// StaffStore reads an organization's care managers.
type StaffStore interface {
	// Staff lists every care manager of the organization.
	Staff(ctx context.Context, organization string) ([]CareManagerRow, error)
}

// Me is who the caller is, with what a care manager's pages need to start.
type Me struct {
	Caller       Caller
	Organization Ref
	DraftKey     string // encrypts drafts on the person's devices (S8)
	Departments  []MyDepartment
	Outcomes     []Ref
}

// MyDepartment is a department of the caller with its active care managers.
type MyDepartment struct {
	Ref
	CareManagers []Ref
}

// Me describes the caller to themselves.
func (s *ListService) Me(ctx context.Context, c Caller) (Me, error) {
	catalog, err := CatalogWith(ctx, s.Store, c.Organization, func(known Catalog) bool {
		return !slices.ContainsFunc(c.Departments, func(id string) bool { return !known.HasDepartment(id) })
	})
	if err != nil {
		return Me{}, err
	}
	o := catalog.Organization
	me := Me{Caller: c, Organization: Ref{c.Organization, o.Name}}
	if me.DraftKey, err = s.draftKey(ctx, c); err != nil || c.Kind != CareManager {
		return me, err
	}
	for _, outcome := range o.Outcomes {
		me.Outcomes = append(me.Outcomes, Ref{outcome.ID, o.In(outcome.Labels, "")})
	}
	staff, err := s.Store.Staff(ctx, c.Organization)
	over := func(v Cover) bool { return !s.Now().Before(v.To) }
	me.Caller.Covers = slices.DeleteFunc(slices.Clone(c.Covers), over)
	for i, v := range me.Caller.Covers {
		if at := slices.IndexFunc(staff, func(m CareManagerRow) bool { return m.ID == v.Of.ID }); at >= 0 {
			me.Caller.Covers[i].Of.Name = staff[at].Name
		}
	}
	for _, id := range c.Departments {
		me.Departments = append(me.Departments, MyDepartment{Ref{id, catalog.Departments[id].Name}, activeIn(staff, id)})
	}
	return me, err
}

// activeIn returns the active care managers of a department, by name.
func activeIn(staff []CareManagerRow, department string) []Ref {
	var in []Ref
	for _, s := range staff {
		if s.Active && slices.Contains(s.DepartmentIDs, department) {
			in = append(in, Ref{s.ID, s.Name})
		}
	}
	slices.SortFunc(in, func(a, b Ref) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return in
}
