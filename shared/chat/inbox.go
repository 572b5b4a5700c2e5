package chat

import (
	"cmp"
	"context"
	"slices"
	"time"

	"carechat/shared/problem"
)

// InboxList says which threads an inbox shows.
type InboxList string

// The inbox's lists: threads that wait for the care side, and threads that the
// member has left unread past the reminder.
const (
	Waiting        InboxList = "waiting"
	UnreadByMember InboxList = "unreadByMember"
)

// countedTo is how far tasks are counted.
const countedTo = 100

// Inbox is a page of a care manager's inbox with the count of their tasks.
type Inbox struct {
	ListPage[ThreadView]
	Open    int // counted to 100
	Overdue int // counted to 100
}

// Inbox lists the threads that wait for the caller, longest first: their own, those of
// colleagues whom they cover now, those of their departments, and what is late in these,
// whoever owns it (T13).
func (s *ListService) Inbox(ctx context.Context, c Caller, list InboxList, after string) (Inbox, error) {
	if err := c.Only(CareManager); err != nil {
		return Inbox{}, err
	}
	if list = cmp.Or(list, Waiting); list != Waiting && list != UnreadByMember {
		return Inbox{}, problem.WithField("?list", "unknown", "must be waiting or unreadByMember")
	}
	from, err := s.inboxWork(ctx, c)
	if err != nil {
		return Inbox{}, err
	}
	var inbox Inbox
	err = both(
		func() (err error) {
			inbox.ListPage, err = s.inboxThreads(ctx, c, from, list, after)
			return err
		},
		func() (err error) {
			inbox.Open, inbox.Overdue, err = s.countTasks(ctx, c, from)
			return err
		},
	)
	return inbox, err
}

// inboxThreads returns a page of the threads in this work, and of what is late in the
// caller's departments where the list is of what waits.
func (s *ListService) inboxThreads(ctx context.Context, c Caller, from []source, list InboxList, after string) (ListPage[ThreadView], error) {
	if list == Waiting {
		from = slices.Concat(from, lateIn(c.Departments))
	}
	page, err := merged(from, func(f source) ([]Placed[Thread], error) {
		if f.lateIn != "" {
			return s.Store.LateThreads(ctx, c.Organization, f.lateIn, after, workPage+1)
		}
		return s.Store.OwnerThreads(ctx, c.Organization, f.Work, list, after, workPage+1)
	})
	if err != nil {
		return ListPage[ThreadView]{}, err
	}
	views := ListPage[ThreadView]{Next: page.Next}
	for _, t := range page.Items {
		views.Items = append(views.Items, ThreadView{Thread: t, Access: FullAccess})
	}
	n, err := readNames(ctx, s.Store, c, anything)
	if err != nil {
		return ListPage[ThreadView]{}, err
	}
	n.nameThreads(views.Items, s.Now())
	return views, nil
}

// inboxWork returns the work whose threads and tasks are in the caller's inbox.
func (s *ListService) inboxWork(ctx context.Context, c Caller) ([]source, error) {
	from, err := s.departmentWork(ctx, c)
	from = append(from, owned(Owner{Kind: OwnedByCareManager, ID: c.ID})...)
	return unique(append(from, owned(c.coveredNow(s.Now())...)...)), err
}

// coveredNow returns whom the caller covers at a time.
func (c Caller) coveredNow(at time.Time) (owners []Owner) {
	for _, v := range c.Covers {
		if v.Running(at) {
			owners = append(owners, Owner{Kind: OwnedByCareManager, ID: v.Of.ID})
		}
	}
	return owners
}

// countTasks counts the open and overdue tasks in this work, up to countedTo of each.
func (s *ListService) countTasks(ctx context.Context, c Caller, from []source) (open, overdue int, err error) {
	lists, err := sideBySide(from, func(f source) ([]time.Time, error) {
		return s.Store.TasksDue(ctx, c.Organization, f.Work, countedTo)
	})
	for _, due := range slices.Concat(lists...) {
		open++
		if s.Now().After(due) {
			overdue++
		}
	}
	return min(open, countedTo), min(overdue, countedTo), err
}
