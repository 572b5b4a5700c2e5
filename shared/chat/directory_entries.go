package chat

import (
	"context"

	"carechat/shared/problem"
)

// kind is a kind of entry in the organization's configuration: where it is, what
// it must be, what a PUT leaves as it is, and how it is saved.
type kind[T any] struct {
	in    func(Catalog) map[string]T
	check func(f *checks, c Catalog, entry T)
	keep  func(next *T, current T)
	save  func(s *Service, ctx context.Context, organization string, entry T) error
}

var programKind = kind[Program]{
	in: func(c Catalog) map[string]Program { return c.Programs },
	check: func(f *checks, c Catalog, p Program) {
		f.line("/name", p.Name, maxName)
		f.oneOf("/kind", string(p.Kind), string(Guided), string(Classic))
		f.ref("/departmentId", p.DepartmentID, c.hasDepartment)
	},
	save: func(s *Service, ctx context.Context, organization string, p Program) error {
		return s.Store.SaveProgram(ctx, organization, p)
	},
}

var reasonKind = kind[Reason]{
	in: func(c Catalog) map[string]Reason { return c.Reasons },
	check: func(f *checks, c Catalog, r Reason) {
		f.labels("/labels", r.Labels)
		f.between("/order", r.Order, 0, 10000)
		f.between("/replyHours", r.ReplyHours, 0, 720)
		f.that(r.ProgramIDs == nil || len(r.ProgramIDs) > 0, "/programIds", "too-few", "at least one; leave it out for every program")
		f.refs("/programIds", r.ProgramIDs, 0, maxRefs, c.hasProgram)
	},
	save: func(s *Service, ctx context.Context, organization string, r Reason) error {
		return s.Store.SaveReason(ctx, organization, r)
	},
}

var departmentKind = kind[Department]{
	in:    func(c Catalog) map[string]Department { return c.Departments },
	check: func(f *checks, _ Catalog, d Department) { f.line("/name", d.Name, maxName) },
	keep:  func(next *Department, current Department) { next.Disabled = current.Disabled },
	save: func(s *Service, ctx context.Context, organization string, d Department) error {
		return s.Store.SaveDepartment(ctx, organization, d)
	},
}

func (c Catalog) hasDepartment(id string) bool { return c.Departments[id].ID != "" }
func (c Catalog) hasProgram(id string) bool    { return c.Programs[id].ID != "" }

// Program reads a program.
func (s *Service) Program(ctx context.Context, c Caller, id string) (Program, error) {
	return getEntry(ctx, s, c, id, programKind)
}

// PutProgram makes or replaces a program.
func (s *Service) PutProgram(ctx context.Context, c Caller, p Put[Program]) (Stored[Program], error) {
	return putEntry(ctx, s, c, p, programKind)
}

// Reason reads a reason.
func (s *Service) Reason(ctx context.Context, c Caller, id string) (Reason, error) {
	return getEntry(ctx, s, c, id, reasonKind)
}

// PutReason makes or replaces a reason.
func (s *Service) PutReason(ctx context.Context, c Caller, p Put[Reason]) (Stored[Reason], error) {
	return putEntry(ctx, s, c, p, reasonKind)
}

// Department reads a department.
func (s *Service) Department(ctx context.Context, c Caller, id string) (Department, error) {
	return getEntry(ctx, s, c, id, departmentKind)
}

// PutDepartment makes or replaces a department.
func (s *Service) PutDepartment(ctx context.Context, c Caller, p Put[Department]) (Stored[Department], error) {
	return putEntry(ctx, s, c, p, departmentKind)
}

func getEntry[T any](ctx context.Context, s *Service, c Caller, id string, k kind[T]) (entry T, err error) {
	if err := c.only(Platform); err != nil {
		return entry, err
	}
	catalog, err := s.Store.Catalog(ctx, c.Organization, true)
	if err != nil {
		return entry, err
	}
	entry, ok := k.in(catalog)[id]
	if !ok {
		return entry, problem.New(problem.NotFound)
	}
	return entry, nil
}

// putEntry reads the configuration whole, past the memory: what the entry refers
// to must be there, and the entry's version is the row's.
func putEntry[T any, E entry[T]](ctx context.Context, s *Service, c Caller, p Put[T], k kind[T]) (stored Stored[T], err error) {
	f, err := begin[T, E](c, &p)
	if err != nil {
		return stored, err
	}
	err = RetryOnConflict(ctx, func() error {
		catalog, err := s.Store.Catalog(ctx, c.Organization, true)
		if err != nil {
			return err
		}
		if k.check(f, catalog, p.Entry); f.Fields != nil {
			return f.Err()
		}
		next := p.Entry
		current, there := k.in(catalog)[p.ID]
		if there && k.keep != nil {
			k.keep(&next, current)
		}
		was := &current
		if !there {
			was = nil
		}
		var changed bool
		if stored, changed, err = decide[T, E](was, next, p.When); err != nil || !changed {
			return err
		}
		return k.save(s, ctx, c.Organization, stored.Entry)
	})
	return stored, err
}
