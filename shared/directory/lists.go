package directory

import (
	"context"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// EntryKind is a kind of entry in an organization's own lists.
type EntryKind string

// The kinds of entries.
const (
	Programs     EntryKind = "programs"
	Reasons      EntryKind = "reasons"
	Departments  EntryKind = "departments"
	CareManagers EntryKind = "careManagers"
)

// Listed is an entry as a list shows it: enough to find what differs.
type Listed struct {
	ID        string
	Version   int
	UpdatedAt time.Time // zero for a row of a release that kept no times
}

// ListStore lists what was provisioned, closed and disabled too, after a position.
type ListStore interface {
	// Entries lists the entries of a kind by id.
	Entries(ctx context.Context, organization string, kind EntryKind, after string, limit int) ([]chat.Placed[Listed], error)
	// Enrollments lists a member's enrollments by program.
	Enrollments(ctx context.Context, m chat.MemberKey, after string, limit int) ([]chat.Placed[Listed], error)
	// Members lists the members who were changed at a time or later, in no order
	// that means anything. It may trail a moment (T6).
	Members(ctx context.Context, organization string, since time.Time, after string, limit int) ([]chat.Placed[Listed], error)
}

// listPage is how many entries a page has.
const listPage = 100

// Entries lists the entries of a kind.
func (s *Service) Entries(ctx context.Context, c chat.Caller, kind EntryKind, after string) (chat.ListPage[Listed], error) {
	if err := c.Only(chat.Platform); err != nil {
		return chat.ListPage[Listed]{}, err
	}
	return page(s.Store.Entries(ctx, c.Organization, kind, after, listPage+1))
}

// Members lists the members who were changed at a time or later: RFC 3339, "" for
// all members. It returns the problem validation-failed for any other text.
func (s *Service) Members(ctx context.Context, c chat.Caller, updatedSince, after string) (chat.ListPage[Listed], error) {
	if err := c.Only(chat.Platform); err != nil {
		return chat.ListPage[Listed]{}, err
	}
	var since time.Time
	if updatedSince != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, updatedSince); err != nil {
			return chat.ListPage[Listed]{}, problem.WithField("?updatedSince", "invalid", "must be a time such as 2026-03-02T12:00:00Z")
		}
	}
	return page(s.Store.Members(ctx, c.Organization, since, after, listPage+1))
}

// Enrollments lists a member's enrollments. It returns the problem not-found if
// there is no such member.
func (s *Service) Enrollments(ctx context.Context, c chat.Caller, memberID, after string) (chat.ListPage[Listed], error) {
	if _, err := s.Member(ctx, c, memberID); err != nil {
		return chat.ListPage[Listed]{}, err
	}
	m := chat.MemberKey{Organization: c.Organization, Member: memberID}
	return page(s.Store.Enrollments(ctx, m, after, listPage+1))
}

// page makes a page of what was read: one more than a page has, if more follow.
func page(all []chat.Placed[Listed], err error) (p chat.ListPage[Listed], _ error) {
	for i, each := range all {
		if i == listPage {
			p.Next = all[i-1].Position
			break
		}
		p.Items = append(p.Items, each.Row)
	}
	return p, err
}
