package chat

import (
	"context"
	"slices"
	"strings"
	"time"
)

// WorkStore reads what an owner has to do. These lists may trail a moment (G2).
type WorkStore interface {
	// Tasks reads an owner's open requests, soonest due first, after a position.
	Tasks(ctx context.Context, organization string, o Owner, after string, limit int) ([]Placed[Request], error)
	// OwnerEnrollments reads an owner's active enrollments, by member, after a position.
	OwnerEnrollments(ctx context.Context, organization string, o Owner, after string, limit int) ([]Placed[Enrollment], error)
	// OwnerThreads reads an owner's threads of a list, longest first, after a position.
	OwnerThreads(ctx context.Context, organization string, o Owner, list InboxList, after string, limit int) ([]Placed[Thread], error)
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

// merged reads a page of each owner side by side and makes one page of them. It
// reads one row more of each than a page has, and so knows whether more follows.
func merged[T any](owners []Owner, read func(Owner) ([]Placed[T], error)) (ListPage[T], error) {
	lists, err := sideBySide(owners, read)
	if err != nil {
		return ListPage[T]{}, err
	}
	all := slices.Concat(lists...)
	slices.SortFunc(all, func(a, b Placed[T]) int { return strings.Compare(a.Position, b.Position) })
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

// sideBySide calls read for each owner at once and returns the results in the
// owners' order. If any fails it returns an error.
func sideBySide[T any](owners []Owner, read func(Owner) (T, error)) ([]T, error) {
	results, errs := make([]T, len(owners)), make(chan error, len(owners))
	for i, o := range owners {
		go func() {
			var err error
			results[i], err = read(o)
			errs <- err
		}()
	}
	var failed error
	for range owners {
		if err := <-errs; err != nil {
			failed = err
		}
	}
	return results, failed
}
