package directory

import (
	"context"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// EraseStore holds, erases and forgets.
type EraseStore interface {
	chat.MemberChatsStore
	// StoredProfile reads a member's profile, even that of an erased member.
	StoredProfile(ctx context.Context, m chat.MemberKey) (*chat.Profile, error)
	// Mailbox reads a member's; version 0 if there is none.
	Mailbox(ctx context.Context, m chat.MemberKey) (chat.Mailbox, error)
	SaveMember(ctx context.Context, change MemberChange) error
	// SaveHold saves the beginning or the end of a legal hold.
	SaveHold(ctx context.Context, p chat.Profile) error
	// Members lists members in the order of a position.
	Members(ctx context.Context, organization string, since time.Time, after string, limit int) ([]chat.Placed[Listed], error)
	// ForgetThread removes a thread, which the enrollment no longer counts. It returns
	// chat.ErrConflict if any of them has moved, or if the member is held.
	ForgetThread(ctx context.Context, p chat.Profile, e chat.Enrollment, th chat.Thread) error
	// ForgetRequests removes the requests of a member that ended before a time, and returns how many, even with an error.
	// It returns chat.ErrConflict if the profile has moved, or if the member is held.
	ForgetRequests(ctx context.Context, p chat.Profile, before time.Time) (int, error)
}

// Hold begins a legal hold on a member, or ends it: while it lasts nothing of the member is
// erased and no thread is forgotten (T14). It returns the profile, and the problem
// not-found if there is no such member.
func (s *OperatorService) Hold(ctx context.Context, m chat.MemberKey, on bool) (chat.Profile, error) {
	return s.changeProfile(ctx, m, func(p *chat.Profile) error {
		switch {
		case !p.ErasedAt.IsZero():
			return problem.New(problem.NotFound)
		case on != p.HeldAt.IsZero():
			return nil // as it is already
		}
		p.HeldAt = time.Time{}
		if on {
			p.HeldAt = s.Now()
		}
		return s.Store.SaveHold(ctx, *p)
	})
}

// EraseMember leaves only a tombstone of a member. Whatever they could be found, reached or logged in by goes at once,
// in one transaction; upkeep deletes the rest, and until then EraseAt is not zero (T14). It refuses a member under a
// hold. Erasing again changes nothing.
func (s *OperatorService) EraseMember(ctx context.Context, m chat.MemberKey) (chat.Profile, error) {
	return s.changeProfile(ctx, m, func(p *chat.Profile) error {
		switch {
		case !p.ErasedAt.IsZero():
			return nil
		case !p.HeldAt.IsZero():
			return problem.WithField("/member", "held", "is under a legal hold")
		}
		change := MemberChange{Was: p, Is: p.Tombstone(s.Now()), LogOut: true}
		if b, err := s.Store.Mailbox(ctx, m); err != nil {
			return err
		} else if b.Version > 0 {
			b = b.SubscribeTo("", s.Now())
			change.Mailbox = &b
		}
		if err := s.Store.SaveMember(ctx, change); err != nil {
			return err
		}
		*p = change.Is
		return nil
	})
}

// changeProfile reads a member's profile and changes it, again if it moved meanwhile.
func (s *OperatorService) changeProfile(ctx context.Context, m chat.MemberKey, change func(*chat.Profile) error) (is chat.Profile, err error) {
	if err := checkMemberKey(m); err != nil {
		return is, err
	}
	err = chat.RetryOnConflict(ctx, func() error {
		p, err := s.Store.StoredProfile(ctx, m)
		if err != nil || p == nil {
			return problem.OrNotFound(err)
		}
		err = change(p)
		is = *p
		return err
	})
	return is, err
}

// Retained is what a page of a retention did.
type Retained struct {
	Members, Held     int    // looked at, and how many of these are under a hold
	Threads, Requests int    // deleted
	After             string // where the next page begins, "" after the last
}

const (
	// retainedMembers is how many members a page of a retention looks at.
	retainedMembers = 25
	// minYears keeps a thread longer than any row of the why-log that names it.
	minYears, maxYears = 2, 100
)

// Retain forgets, of a page of an organization's members, the inactive threads in which nobody wrote for this many
// years, and the requests that ended before then. It passes over members under a hold (T14).
func (s *OperatorService) Retain(ctx context.Context, organization string, years int, after string) (r Retained, err error) {
	f := &checks{}
	f.id("/organization", organization)
	f.that(years >= minYears && years <= maxYears, "/years", "out-of-range", "must be 2 to 100")
	if err := f.Err(); err != nil {
		return r, err
	}
	page, err := s.Store.Members(ctx, organization, time.Time{}, after, retainedMembers)
	if err != nil {
		return r, err
	}
	if len(page) == retainedMembers {
		r.After = page[len(page)-1].Position
	}
	for _, each := range page {
		if err := s.forget(ctx, chat.MemberKey{Organization: organization, Member: each.Row.ID}, s.Now().AddDate(-years, 0, 0), &r); err != nil {
			return r, err
		}
	}
	return r, nil
}

// forget forgets the inactive threads and the requests of a member that ended before a time.
func (s *OperatorService) forget(ctx context.Context, m chat.MemberKey, before time.Time, r *Retained) error {
	r.Members++
	return chat.RetryOnConflict(ctx, func() error {
		p, err := s.Store.StoredProfile(ctx, m)
		if err != nil || p.Present() == nil {
			return err
		}
		if !p.HeldAt.IsZero() {
			r.Held++
			return nil
		}
		chats, err := s.Store.MemberChats(ctx, m)
		if err != nil {
			return err
		}
		for _, th := range chats.Threads {
			if th.State != chat.ThreadInactive || !th.UpdatedAt.Before(before) {
				continue
			}
			at := slices.IndexFunc(chats.Enrollments, func(e chat.Enrollment) bool { return e.Program.ID == th.Program.ID })
			e := &chats.Enrollments[at]
			e.Threads--
			e.Version++
			if err := s.Store.ForgetThread(ctx, *p, *e, th); err != nil {
				return err
			}
			p.LogIns++
			r.Threads++
		}
		n, err := s.Store.ForgetRequests(ctx, *p, before)
		r.Requests += n
		return err
	})
}

// checkMemberKey refuses a key that cannot name a member.
func checkMemberKey(m chat.MemberKey) error {
	f := &checks{}
	f.id("/organization", m.Organization)
	f.id("/member", m.Member)
	return f.Err()
}
