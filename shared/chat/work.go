package chat

import (
	"context"
	"slices"
	"strings"
	"time"
)

// OwnerStore reads what an owner has. These lists may trail a moment (G2).
type OwnerStore interface {
	// OwnerEnrollments reads an owner's active enrollments, by member, after a position.
	OwnerEnrollments(ctx context.Context, organization string, o Owner, after string, limit int) ([]Placed[Enrollment], error)
	// OwnerThreads reads an owner's threads of a list, longest first, after a position.
	OwnerThreads(ctx context.Context, organization string, o Owner, list InboxList, after string, limit int) ([]Placed[Thread], error)
}

// WorkStore reads what an owner has to do. These lists may trail a moment (G2).
type WorkStore interface {
	OwnerStore
	// Tasks reads an owner's open requests, soonest due first, after a position.
	Tasks(ctx context.Context, organization string, o Owner, after string, limit int) ([]Placed[Request], error)
	// LateTasks reads a department's late tasks, whoever owns them, after a position
	// among tasks.
	LateTasks(ctx context.Context, organization, department string, after string, limit int) ([]Placed[Request], error)
	// LateThreads reads a department's late threads, whoever owns them, after a
	// position among waiting ones.
	LateThreads(ctx context.Context, organization, department string, after string, limit int) ([]Placed[Thread], error)
	// CountTasks counts an owner's open requests that are due before a time (zero:
	// all of them), up to most.
	CountTasks(ctx context.Context, organization string, o Owner, dueBefore time.Time, most int) (int, error)
}

// Placed is a row with its position in its list. Positions in several owners'
// lists sort together.
type Placed[T any] struct {
	Position string
	Row      T
}

// workPage is how many rows a page of work has.
const workPage = 50

// departmentOwners returns the caller's departments and their disabled colleagues:
// what these still own is in nobody else's list (G10).
func (s *ListService) departmentOwners(ctx context.Context, c Caller) ([]Owner, error) {
	disabled, err := s.Store.DisabledIn(ctx, c.Organization, c.Departments)
	if err != nil {
		return nil, err
	}
	var owners []Owner
	for _, id := range c.Departments {
		owners = append(owners, Owner{Kind: OwnedByDepartment, ID: id})
	}
	for _, id := range disabled {
		owners = append(owners, Owner{Kind: OwnedByCareManager, ID: id})
	}
	return unique(owners), nil
}

// unique returns each owner once: a colleague may be both disabled and covered.
func unique(owners []Owner) []Owner {
	var all []Owner
	for _, o := range owners {
		if !slices.Contains(all, o) {
			all = append(all, o)
		}
	}
	return all
}

// source is a list that a page is merged from: an owner's, or what is late in a
// department.
type source struct {
	owner  Owner
	lateIn string
}

// sources returns the owners' lists and, of these departments, what is late.
func sources(owners []Owner, departments []string) []source {
	var all []source
	for _, o := range owners {
		all = append(all, source{owner: o})
	}
	for _, d := range departments {
		all = append(all, source{lateIn: d})
	}
	return all
}

// merged reads a page of each source side by side and makes one page of them, in which
// a row that is in two is once. It reads one row more of each than a page has, and so
// knows whether more follows.
func merged[T any](from []source, read func(source) ([]Placed[T], error)) (ListPage[T], error) {
	lists, err := sideBySide(from, read)
	if err != nil {
		return ListPage[T]{}, err
	}
	all := slices.Concat(lists...)
	slices.SortFunc(all, func(a, b Placed[T]) int { return strings.Compare(a.Position, b.Position) })
	all = slices.CompactFunc(all, func(a, b Placed[T]) bool { return a.Position == b.Position })
	var page ListPage[T]
	for i, each := range all {
		if i == workPage {
			page.Next = all[i-1].Position
			break
		}
		page.Items = append(page.Items, each.Row)
	}
	return page, nil
}

// sideBySide calls read for each of them at once and returns the results in their
// order. If any fails it returns an error.
func sideBySide[F, T any](from []F, read func(F) (T, error)) ([]T, error) {
	results, errs := make([]T, len(from)), make(chan error, len(from))
	for i, each := range from {
		go func() {
			var err error
			results[i], err = read(each)
			errs <- err
		}()
	}
	var failed error
	for range from {
		if err := <-errs; err != nil {
			failed = err
		}
	}
	return results, failed
}

// both calls a and b at once. If any fails it returns an error.
func both(a, b func() error) error {
	_, err := sideBySide([]func() error{a, b}, func(call func() error) (struct{}, error) { return struct{}{}, call() })
	return err
}
