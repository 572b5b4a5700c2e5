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
	OwnerEnrollments(ctx context.Context, organization string, w Work, after string, limit int) ([]Placed[Enrollment], error)
	// OwnerThreads reads an owner's threads of a list, longest first, after a position.
	OwnerThreads(ctx context.Context, organization string, w Work, list InboxList, after string, limit int) ([]Placed[Thread], error)
}

// Work selects what an owner has, in one program or, without one, in all.
type Work struct {
	Owner     Owner
	ProgramID string
}

// WorkStore reads what an owner has to do. These lists may trail a moment (G2).
type WorkStore interface {
	OwnerStore
	// Tasks reads an owner's open requests, soonest due first, after a position.
	Tasks(ctx context.Context, organization string, w Work, after string, limit int) ([]Placed[Request], error)
	// LateTasks reads a department's late tasks, whoever owns them, after a position
	// among tasks.
	LateTasks(ctx context.Context, organization, department string, after string, limit int) ([]Placed[Request], error)
	// LateThreads reads a department's late threads, whoever owns them, after a
	// position among waiting ones.
	LateThreads(ctx context.Context, organization, department string, after string, limit int) ([]Placed[Thread], error)
	// TasksDue reads when an owner's open requests are due, soonest first.
	TasksDue(ctx context.Context, organization string, w Work, limit int) ([]time.Time, error)
}

// Placed is a row with its position in its list. Positions in several owners'
// lists sort together.
type Placed[T any] struct {
	Position string
	Row      T
}

// workPage is how many rows a page of work has.
const workPage = 50

// departmentWork returns what the caller's departments have, what their disabled colleagues
// still own, which is in nobody else's list (G10), and what arrives with a program (T10).
func (s *ListService) departmentWork(ctx context.Context, c Caller) ([]source, error) {
	departments, err := s.Store.Departments(ctx, c.Organization, c.Departments)
	var all []source
	for _, id := range c.Departments {
		all = append(all, owned(Owner{Kind: OwnedByDepartment, ID: id})...)
	}
	for _, d := range departments {
		for _, id := range d.Disabled {
			all = append(all, owned(Owner{Kind: OwnedByCareManager, ID: id})...)
		}
		for _, a := range d.Arriving {
			if !slices.Contains(c.Departments, a.From) {
				all = append(all, source{Work: Work{Owner{Kind: OwnedByDepartment, ID: a.From}, a.ProgramID}})
			}
		}
	}
	return unique(all), err
}

// unique returns each source once: a colleague may be both disabled and covered.
func unique(from []source) []source {
	var all []source
	for _, f := range from {
		if !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

// source is a list that a page is merged from: an owner's, or what is late in a
// department.
type source struct {
	Work
	lateIn string
}

// owned returns the lists of owners.
func owned(owners ...Owner) []source {
	var all []source
	for _, o := range owners {
		all = append(all, source{Work: Work{Owner: o}})
	}
	return all
}

// lateIn returns the lists of what is late in departments.
func lateIn(departments []string) []source {
	var all []source
	for _, d := range departments {
		all = append(all, source{lateIn: d})
	}
	return all
}

// merged reads a page of each source side by side and makes one page of them, in which a
// row of two sources appears once. It reads one row more of each than a page has, and so
// knows whether more follow.
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
