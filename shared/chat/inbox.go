package chat

import (
	"cmp"
	"context"
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
// whom they cover now, those of their departments and what is late in these, whoever
// owns it (T13).
func (s *ListService) Inbox(ctx context.Context, c Caller, list InboxList, after string) (Inbox, error) {
	if err := c.Only(CareManager); err != nil {
		return Inbox{}, err
	}
	if list = cmp.Or(list, Waiting); list != Waiting && list != UnreadByMember {
		return Inbox{}, problem.WithField("?list", "unknown", "must be waiting or unreadByMember")
	}
	owners, err := s.inboxOwners(ctx, c)
	if err != nil {
		return Inbox{}, err
	}
	var inbox Inbox
	err = both(
		func() (err error) {
			inbox.ListPage, err = s.inboxThreads(ctx, c, owners, list, after)
			return err
		},
		func() (err error) {
			inbox.Open, inbox.Overdue, err = s.countTasks(ctx, c, owners)
			return err
		},
	)
	return inbox, err
}

// inboxThreads returns a page of the owners' threads, and of what is late in the
// caller's departments where the list is of what waits.
func (s *ListService) inboxThreads(ctx context.Context, c Caller, owners []Owner, list InboxList, after string) (ListPage[ThreadView], error) {
	var departments []string
	if list == Waiting {
		departments = c.Departments
	}
	page, err := merged(sources(owners, departments), func(f source) ([]Placed[Thread], error) {
		if f.lateIn != "" {
			return s.Store.LateThreads(ctx, c.Organization, f.lateIn, after, workPage+1)
		}
		return s.Store.OwnerThreads(ctx, c.Organization, f.owner, list, after, workPage+1)
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

// inboxOwners returns whose threads and tasks are in the caller's inbox.
func (s *ListService) inboxOwners(ctx context.Context, c Caller) ([]Owner, error) {
	owners, err := s.departmentOwners(ctx, c)
	owners = append(owners, Owner{Kind: OwnedByCareManager, ID: c.ID})
	return unique(append(owners, c.coveredNow(s.Now())...)), err
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

// countTasks counts the owners' open and overdue tasks, up to countedTo of each. It goes
// from owner to owner, and so reads no more rows than it counts.
func (s *ListService) countTasks(ctx context.Context, c Caller, owners []Owner) (open, overdue int, err error) {
	for _, o := range owners {
		if open < countedTo {
			n, err := s.Store.CountTasks(ctx, c.Organization, o, time.Time{}, countedTo-open)
			if err != nil {
				return 0, 0, err
			}
			if open += n; n == 0 {
				continue // nothing of theirs is overdue either
			}
		}
		if overdue < countedTo {
			n, err := s.Store.CountTasks(ctx, c.Organization, o, s.Now(), countedTo-overdue)
			if err != nil {
				return 0, 0, err
			}
			overdue += n
		}
	}
	return open, overdue, nil
}
