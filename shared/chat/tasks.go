package chat

import (
	"context"

	"carechat/shared/problem"
)

// Scope says whose tasks or enrollments a care manager's list shows.
type Scope string

// The scopes of a care manager's lists.
const (
	Mine           Scope = "mine"
	DepartmentWide Scope = "department"
	CoveringNow    Scope = "covering"
)

// WorkQuery asks for a page of tasks or of a caseload: of a scope for a care manager;
// for the platform of exactly one owner, or of what is unattended.
type WorkQuery struct {
	Scope         Scope // "" is Mine
	CareManagerID string
	DepartmentID  string
	Unattended    string // "true", or ""
	After         string // a position, "" for the first page
}

// Tasks lists open tasks, soonest due first. A department's tasks include what is late
// in it, whoever owns it (T13).
func (s *ListService) Tasks(ctx context.Context, c Caller, q WorkQuery) (ListPage[Request], error) {
	from, err := s.workOf(ctx, c, q)
	if err != nil {
		return ListPage[Request]{}, err
	}
	if q.Scope == DepartmentWide {
		from = append(from, lateIn(c.Departments)...)
	}
	page, err := merged(from, func(f source) ([]Placed[Request], error) {
		if f.lateIn != "" {
			return s.Store.LateTasks(ctx, c.Organization, f.lateIn, q.After, workPage+1)
		}
		return s.Store.Tasks(ctx, c.Organization, f.Work, q.After, workPage+1)
	})
	if err != nil {
		return page, err
	}
	n, err := readNames(ctx, s.Store, c, anything)
	return page.each(n.request), err
}

// workOf returns the work that a query asks for.
func (s *ListService) workOf(ctx context.Context, c Caller, q WorkQuery) ([]source, error) {
	if err := c.Only(CareManager, Platform); err != nil {
		return nil, err
	}
	if err := q.check(c); err != nil {
		return nil, err
	}
	if c.Kind == Platform {
		owners, err := s.namedOwner(ctx, c, q)
		return owned(owners...), err
	}
	switch q.Scope {
	case "", Mine:
		return owned(Owner{Kind: OwnedByCareManager, ID: c.ID}), nil
	case DepartmentWide:
		return s.departmentWork(ctx, c)
	case CoveringNow:
		return owned(c.coveredNow(s.Now())...), nil
	}
	return nil, problem.WithField("?scope", "unknown", "must be mine, department or covering")
}

// check refuses parameters of another kind of caller: ignored in silence, they
// would give a list that looks like the one asked for.
func (q WorkQuery) check(c Caller) error {
	var wrong problem.Fields
	if c.Kind == Platform {
		if q.Scope != "" {
			wrong.Add("?scope", "unexpected", "is a care manager's; name an owner")
		}
		return wrong.Err()
	}
	if q.CareManagerID != "" {
		wrong.Add("?careManagerId", "unexpected", "is the platform's; use scope")
	}
	if q.DepartmentID != "" {
		wrong.Add("?departmentId", "unexpected", "is the platform's; use scope")
	}
	if q.Unattended != "" {
		wrong.Add("?unattended", "unexpected", "is the platform's; use scope")
	}
	return wrong.Err()
}

// namedOwner returns the one owner that the platform names, who must exist (A4), or
// the unattended ones.
func (s *ListService) namedOwner(ctx context.Context, c Caller, q WorkQuery) ([]Owner, error) {
	named := 0
	for _, is := range []bool{q.CareManagerID != "", q.DepartmentID != "", q.Unattended != ""} {
		if is {
			named++
		}
	}
	switch {
	case named != 1:
		return nil, problem.WithField("?careManagerId", "required", "name exactly one careManagerId or departmentId, or unattended=true")
	case q.Unattended != "" && q.Unattended != "true":
		return nil, problem.WithField("?unattended", "unknown", "must be true, or left out")
	case q.Unattended != "":
		return unattended(ctx, s.Store, c.Organization)
	}
	return s.oneOwner(ctx, c, q)
}

func (s *ListService) oneOwner(ctx context.Context, c Caller, q WorkQuery) ([]Owner, error) {
	named, pointer, exists := Owner{Kind: OwnedByCareManager, ID: q.CareManagerID}, "?careManagerId", s.hasCareManager
	if q.DepartmentID != "" {
		named, pointer, exists = Owner{Kind: OwnedByDepartment, ID: q.DepartmentID}, "?departmentId", s.hasDepartment
	}
	found, err := exists(ctx, c.Organization, named.ID)
	if err == nil && !found {
		err = problem.WithField(pointer, "unknown", "does not exist")
	}
	return []Owner{named}, err
}

func (s *ListService) hasCareManager(ctx context.Context, organization, id string) (bool, error) {
	if !ValidID(id) {
		return false, nil
	}
	row, err := s.Store.CareManager(ctx, organization, id)
	return row != nil, err
}

func (s *ListService) hasDepartment(ctx context.Context, organization, id string) (bool, error) {
	catalog, err := CatalogWith(ctx, s.Store, organization, func(c Catalog) bool { return c.HasDepartment(id) })
	return catalog.HasDepartment(id), err
}
