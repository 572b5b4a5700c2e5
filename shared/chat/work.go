package chat

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"carechat/shared/problem"
)

// WorkStore reads what an owner has to do. These lists may trail a moment (G2).
type WorkStore interface {
	// Tasks reads an owner's open requests, soonest due first, after a position.
	Tasks(ctx context.Context, organization string, o Owner, after string, limit int) ([]Placed[Request], error)
	// Threads reads an owner's threads of a list, longest first, after a position.
	OwnerThreads(ctx context.Context, organization string, o Owner, list InboxList, after string, limit int) ([]Placed[Thread], error)
	// CountTasks counts an owner's open requests that are due before a time, up to most.
	CountTasks(ctx context.Context, organization string, o Owner, dueBefore time.Time, most int) (int, error)
}

// Placed is a row with its position in its list: positions of several owners'
// lists sort together.
type Placed[T any] struct {
	Position string
	Row      T
}

// workPage is how many rows a page of work has.
const workPage = 50

// countedTo is how far tasks are counted.
const countedTo = 100

// Scope is whose tasks a list shows.
type Scope string

// The scopes of a care manager's lists.
const (
	Mine           Scope = "mine"
	DepartmentWide Scope = "department"
)

// TaskQuery asks for a page of tasks: a scope for a care manager, exactly one
// owner for the platform.
type TaskQuery struct {
	Scope         Scope // "" is mine
	CareManagerID string
	DepartmentID  string
	After         string // a position, "" for the first page
}

// WorkPage is a page of work and where the next one starts, "" on the last.
type WorkPage[T any] struct {
	Items []T
	Next  string
}

// Tasks lists open tasks, soonest due first.
func (s *Service) Tasks(ctx context.Context, c Caller, q TaskQuery) (WorkPage[Request], error) {
	if err := c.Only(CareManager, Platform); err != nil {
		return WorkPage[Request]{}, err
	}
	owners, err := s.taskOwners(ctx, c, q)
	if err != nil {
		return WorkPage[Request]{}, err
	}
	return merged(owners, func(o Owner) ([]Placed[Request], error) {
		return s.Store.Tasks(ctx, c.Organization, o, q.After, workPage+1)
	})
}

func (s *Service) taskOwners(ctx context.Context, c Caller, q TaskQuery) ([]Owner, error) {
	if err := q.check(c); err != nil {
		return nil, err
	}
	if c.Kind == Platform {
		return s.namedOwner(ctx, c, q)
	}
	switch q.Scope {
	case "", Mine:
		return []Owner{{Kind: OwnedByCareManager, ID: c.ID}}, nil
	case DepartmentWide:
		return s.departmentOwners(ctx, c)
	}
	return nil, problem.WithField("?scope", "unknown", "must be mine or department")
}

// check refuses what is another kind of caller's to ask: taken in silence, it
// would give a list that looks like the one asked for.
func (q TaskQuery) check(c Caller) error {
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
	return wrong.Err()
}

// namedOwner is the one owner that the platform names: one that is there (A4).
func (s *Service) namedOwner(ctx context.Context, c Caller, q TaskQuery) ([]Owner, error) {
	if (q.CareManagerID == "") == (q.DepartmentID == "") {
		return nil, problem.WithField("?careManagerId", "required", "name exactly one careManagerId or departmentId")
	}
	named, pointer, exists := Owner{Kind: OwnedByCareManager, ID: q.CareManagerID}, "?careManagerId", s.hasCareManager
	if q.DepartmentID != "" {
		named, pointer, exists = Owner{Kind: OwnedByDepartment, ID: q.DepartmentID}, "?departmentId", s.hasDepartment
	}
	found, err := exists(ctx, c.Organization, named.ID)
	if err == nil && !found {
		err = problem.WithField(pointer, "unknown", "is not there")
	}
	return []Owner{named}, err
}

func (s *Service) hasCareManager(ctx context.Context, organization, id string) (bool, error) {
	if !ValidID(id) {
		return false, nil
	}
	row, err := s.Store.CareManager(ctx, organization, id)
	return row != nil, err
}

func (s *Service) hasDepartment(ctx context.Context, organization, id string) (bool, error) {
	catalog, err := CatalogWith(ctx, s.Store, organization, func(c Catalog) bool { return c.HasDepartment(id) })
	return catalog.HasDepartment(id), err
}

// departmentOwners are the caller's departments and their disabled colleagues:
// what those still own is in nobody else's list (G10).
func (s *Service) departmentOwners(ctx context.Context, c Caller) ([]Owner, error) {
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

// unique names each owner once: a colleague may be both disabled and covered.
func unique(owners []Owner) []Owner {
	var all []Owner
	for _, o := range owners {
		if !slices.Contains(all, o) {
			all = append(all, o)
		}
	}
	return all
}

// InboxList is which threads an inbox shows.
type InboxList string

// The inbox's lists: threads that wait for the care side, and threads that the
// member has left unread past the reminder.
const (
	Waiting        InboxList = "waiting"
	UnreadByMember InboxList = "unreadByMember"
)

// Inbox is a page of a care manager's inbox with the count of their tasks.
type Inbox struct {
	WorkPage[Reached]
	Open    int // counted to 100
	Overdue int // counted to 100
}

// Inbox lists what waits for the caller: theirs, of those whom they cover now
// and of their departments, longest first.
func (s *Service) Inbox(ctx context.Context, c Caller, list InboxList, after string) (Inbox, error) {
	if err := c.Only(CareManager); err != nil {
		return Inbox{}, err
	}
	if list = cmp.Or(list, Waiting); list != Waiting && list != UnreadByMember {
		return Inbox{}, problem.WithField("?list", "unknown", "must be waiting or unreadByMember")
	}
	owners, err := s.departmentOwners(ctx, c)
	if err != nil {
		return Inbox{}, err
	}
	owners = append(owners, Owner{Kind: OwnedByCareManager, ID: c.ID})
	for _, v := range c.Covers {
		if v.Running(s.Now()) {
			owners = append(owners, Owner{Kind: OwnedByCareManager, ID: v.Of.ID})
		}
	}
	owners = unique(owners)
	page, err := merged(owners, func(o Owner) ([]Placed[Thread], error) {
		return s.Store.OwnerThreads(ctx, c.Organization, o, list, after, workPage+1)
	})
	if err != nil {
		return Inbox{}, err
	}
	inbox := Inbox{WorkPage: WorkPage[Reached]{Next: page.Next}}
	for _, t := range page.Items {
		inbox.Items = append(inbox.Items, Reached{t, FullAccess})
	}
	inbox.Open, inbox.Overdue, err = s.countTasks(ctx, c, owners)
	return inbox, err
}

func (s *Service) countTasks(ctx context.Context, c Caller, owners []Owner) (open, overdue int, err error) {
	type counts struct{ open, overdue int }
	all, err := sideBySide(owners, func(o Owner) (n counts, err error) {
		if n.open, err = s.Store.CountTasks(ctx, c.Organization, o, time.Time{}, countedTo); err == nil && n.open > 0 {
			n.overdue, err = s.Store.CountTasks(ctx, c.Organization, o, s.Now(), countedTo)
		}
		return n, err
	})
	for _, n := range all {
		open, overdue = min(open+n.open, countedTo), min(overdue+n.overdue, countedTo)
	}
	return open, overdue, err
}

// merged reads a page of each owner side by side and makes one page of them. It
// asks each for one row more than a page has: so it knows whether more follows.
func merged[T any](owners []Owner, read func(Owner) ([]Placed[T], error)) (WorkPage[T], error) {
	lists, err := sideBySide(owners, read)
	if err != nil {
		return WorkPage[T]{}, err
	}
	all := slices.Concat(lists...)
	slices.SortFunc(all, func(a, b Placed[T]) int { return strings.Compare(a.Position, b.Position) })
	var page WorkPage[T]
	for i, each := range all {
		if i == workPage {
			page.Next = all[i-1].Position
			break
		}
		page.Items = append(page.Items, each.Row)
	}
	return page, nil
}

// sideBySide calls read for each owner at once and keeps their order.
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
