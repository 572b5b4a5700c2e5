package chat

import (
	"context"
	"time"

	"carechat/shared/problem"
)

// Decision is what became of a notice.
type Decision string

// The decisions of the why-log (N3).
const (
	Delivered  Decision = "sent"       // handed to SNS
	Deferred   Decision = "deferred"   // decided again later
	Suppressed Decision = "suppressed" // not sent, for a reason that holds
	Failed     Decision = "failed"     // tried in vain
)

// Notice is one decision about telling a member of something: a row of the why-log.
type Notice struct {
	Key      MemberKey
	ID       string  // sorts by time
	Channel  Channel // "" where none was chosen
	Decision Decision
	Rule     string // why, by name (N3)
	At       time.Time
	Threads  []string // what it was about
}

// NoticeStore reads the why-log.
type NoticeStore interface {
	// Notices reads up to limit of a member's notices, newest first: those before
	// the one with an id, or from the newest on.
	Notices(ctx context.Context, m MemberKey, before string, limit int) ([]Notice, error)
}

// noticePage is how many rows a page of the why-log has.
const noticePage = 50

// Notices reads a page of a member's why-log, newest first: those before the one
// with an id, or with "" from the newest on. It is for the platform and for every
// care manager who reaches anything of the member (S7).
func (s *Service) Notices(ctx context.Context, c Caller, memberID, before string) (page WorkPage[Notice], err error) {
	m, _, err := s.lookedAfter(ctx, c, memberID)
	if err != nil {
		return page, err
	}
	if before != "" && !ValidID(before) {
		return page, problem.New(problem.InvalidCursor)
	}
	page.Items, err = s.Store.Notices(ctx, m, before, noticePage+1)
	if len(page.Items) > noticePage {
		page.Items = page.Items[:noticePage]
		page.Next = page.Items[noticePage-1].ID
	}
	return page, err
}

// Addressee is a member to whom the caller may have a link sent: the platform, or
// a care manager with more than read-only rights on an enrollment of theirs (S4).
func (s *Service) Addressee(ctx context.Context, c Caller, memberID string) (MemberKey, error) {
	m, screen, err := s.lookedAfter(ctx, c, memberID)
	if err == nil && c.Kind == CareManager && len(screen.Enrollments) == 0 {
		err = problem.New(problem.Forbidden)
	}
	return m, err
}

// lookedAfter is a member of whom a care manager reaches something, and what; for
// the platform any member who is there.
func (s *Service) lookedAfter(ctx context.Context, c Caller, memberID string) (MemberKey, reachedChats, error) {
	m := MemberKey{c.Organization, memberID}
	if c.Kind == Platform {
		return m, reachedChats{}, s.hasMember(ctx, c, memberID)
	}
	screen, err := s.reachChats(ctx, c, memberID, CareManager)
	return m, screen, err
}

// hasMember refuses a member who is not there.
func (s *Service) hasMember(ctx context.Context, c Caller, memberID string) error {
	m, err := c.MemberKey(memberID)
	if err != nil {
		return err
	}
	p, err := s.Store.Profile(ctx, m)
	if err != nil || p == nil {
		return problem.OrNotFound(err)
	}
	return nil
}
