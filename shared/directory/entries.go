package directory

import (
	"context"
	"maps"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// kind is a kind of entry in an organization's configuration.
type kind[T any] struct {
	head  header[T]
	in    func(chat.Catalog) map[string]T
	check func(f *checks, c chat.Catalog, was *T, entry T)
	carry func(next *T, current T, now time.Time) // carries over what a PUT does not replace; may be nil
	save  func(s Store, ctx context.Context, organization string, c chat.Catalog, entry T) error
}

// alone returns a save of an entry that changes nothing else of the catalog.
func alone[T any](save func(Store, context.Context, string, T) error) func(Store, context.Context, string, chat.Catalog, T) error {
	return func(s Store, ctx context.Context, organization string, _ chat.Catalog, entry T) error {
		return save(s, ctx, organization, entry)
	}
}

var programKind = kind[chat.Program]{
	head: func(p *chat.Program) (*string, *int, *time.Time) { return &p.ID, &p.Version, &p.UpdatedAt },
	in:   func(c chat.Catalog) map[string]chat.Program { return c.Programs },
	check: func(f *checks, c chat.Catalog, _ *chat.Program, p chat.Program) {
		f.line("/name", p.Name, maxName)
		if p.Names != nil {
			f.labels("/names", p.Names)
		}
		f.oneOf("/kind", string(p.Kind), string(chat.Guided), string(chat.Classic))
		f.ref("/departmentId", p.DepartmentID, c.HasDepartment)
	},
	carry: carryMoves,
	save: func(s Store, ctx context.Context, organization string, c chat.Catalog, p chat.Program) error {
		return s.SaveProgram(ctx, organization, p, p.AwaitIn(c.Departments))
	},
}

var reasonKind = kind[chat.Reason]{
	head: func(r *chat.Reason) (*string, *int, *time.Time) { return &r.ID, &r.Version, &r.UpdatedAt },
	in:   func(c chat.Catalog) map[string]chat.Reason { return c.Reasons },
	check: func(f *checks, c chat.Catalog, was *chat.Reason, r chat.Reason) {
		f.labels("/labels", r.Labels)
		if was == nil || !maps.Equal(was.Labels, r.Labels) {
			f.translated("/labels", r.Labels, c.Organization.Languages)
		}
		f.between("/order", r.Order, 0, 10000)
		if r.ReplyHours != 0 { // 0 is none of its own
			f.between("/replyHours", r.ReplyHours, 1, 720)
		}
		f.that(r.ProgramIDs == nil || len(r.ProgramIDs) > 0, "/programIds", "too-few", "at least one; leave it out for every program")
		f.refs("/programIds", r.ProgramIDs, 0, maxRefs, c.HasProgram)
	},
	save: alone(Store.SaveReason),
}

var departmentKind = kind[chat.Department]{
	head: func(d *chat.Department) (*string, *int, *time.Time) { return &d.ID, &d.Version, &d.UpdatedAt },
	in:   func(c chat.Catalog) map[string]chat.Department { return c.Departments },
	check: func(f *checks, _ chat.Catalog, _ *chat.Department, d chat.Department) {
		f.line("/name", d.Name, maxName)
	},
	carry: func(next *chat.Department, current chat.Department, _ time.Time) {
		next.Disabled, next.Arriving = current.Disabled, current.Arriving
	},
	save: alone(Store.SaveDepartment),
}

// carryMoves keeps which departments may still own enrollments in a program, and adds the
// one that a PUT takes it from (T10).
func carryMoves(next *chat.Program, current chat.Program, now time.Time) {
	next.MovedFrom, next.MovedAt = current.MovedFrom, current.MovedAt
	if next.DepartmentID == current.DepartmentID {
		return
	}
	stays := func(id string) bool { return id == next.DepartmentID || id == current.DepartmentID }
	next.MovedFrom = append(slices.DeleteFunc(slices.Clone(next.MovedFrom), stays), current.DepartmentID)
	next.MovedAt = now
}

// Program reads a program.
func (s *Service) Program(ctx context.Context, c chat.Caller, id string) (chat.Program, error) {
	return getEntry(ctx, s.Store, c, id, programKind)
}

// PutProgram makes or replaces a program.
func (s *Service) PutProgram(ctx context.Context, c chat.Caller, p Put[chat.Program]) (Stored[chat.Program], error) {
	return putEntry(ctx, s, c, p, programKind)
}

// Reason reads a reason.
func (s *Service) Reason(ctx context.Context, c chat.Caller, id string) (chat.Reason, error) {
	return getEntry(ctx, s.Store, c, id, reasonKind)
}

// PutReason makes or replaces a reason.
func (s *Service) PutReason(ctx context.Context, c chat.Caller, p Put[chat.Reason]) (Stored[chat.Reason], error) {
	return putEntry(ctx, s, c, p, reasonKind)
}

// Department reads a department.
func (s *Service) Department(ctx context.Context, c chat.Caller, id string) (chat.Department, error) {
	return getEntry(ctx, s.Store, c, id, departmentKind)
}

// PutDepartment makes or replaces a department.
func (s *Service) PutDepartment(ctx context.Context, c chat.Caller, p Put[chat.Department]) (Stored[chat.Department], error) {
	return putEntry(ctx, s, c, p, departmentKind)
}

func getEntry[T any](ctx context.Context, store Store, c chat.Caller, id string, k kind[T]) (entry T, err error) {
	if err := c.Only(chat.Platform); err != nil {
		return entry, err
	}
	catalog, err := store.Catalog(ctx, c.Organization, true)
	if err != nil {
		return entry, err
	}
	entry, ok := k.in(catalog)[id]
	if !ok {
		return entry, problem.New(problem.NotFound)
	}
	return entry, nil
}

// putEntry reads the whole configuration, past the memory: what the entry refers
// to must be there, and its version must be the row's.
func putEntry[T any](ctx context.Context, s *Service, c chat.Caller, p Put[T], k kind[T]) (stored Stored[T], err error) {
	f, err := begin(c, &p, k.head)
	if err != nil {
		return stored, err
	}
	err = chat.RetryOnConflict(ctx, func() error {
		catalog, err := s.Store.Catalog(ctx, c.Organization, true)
		if err != nil {
			return err
		}
		next := p.Entry
		var was *T
		if current, ok := k.in(catalog)[p.ID]; ok {
			was = &current
			if k.carry != nil {
				k.carry(&next, current, s.Now())
			}
		}
		if k.check(f, catalog, was, p.Entry); f.Fields != nil {
			return f.Err()
		}
		var changed bool
		if stored, changed, err = decide(was, next, p.When, k.head, s.Now()); err != nil || !changed {
			return err
		}
		return k.save(s.Store, ctx, c.Organization, catalog, stored.Entry)
	})
	return stored, err
}
