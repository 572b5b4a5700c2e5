package chat

import (
	"context"
	"time"

	"carechat/shared/problem"
)

// LinkStore reads who may have a link sent to a member.
type LinkStore interface {
	ProfileStore
	MemberChatsStore
	RightsStore
}

// LinkService decides to whom a caller may have a link sent. It does not send it.
type LinkService struct {
	Store LinkStore
	Now   func() time.Time
}

// Recipient returns the member to whom the caller may have a link sent. The caller
// is the platform, or a care manager with more than read-only rights on one of the
// member's enrollments (S4). To a care manager without such rights it returns
// problem.Forbidden.
func (s *LinkService) Recipient(ctx context.Context, c Caller, memberID string) (MemberKey, error) {
	m, view, err := viewMember(ctx, s.Store, c, s.Now(), memberID)
	if err == nil && c.Kind == CareManager && len(view.Enrollments) == 0 {
		err = problem.New(problem.Forbidden)
	}
	return m, err
}

// viewMember returns the key of a member of whom a care manager may see something,
// and what they may see. The platform may name any member who exists.
func viewMember(ctx context.Context, store LinkStore, c Caller, now time.Time, memberID string) (MemberKey, chatsView, error) {
	if err := c.Only(CareManager, Platform); err != nil {
		return MemberKey{}, chatsView{}, err
	}
	m, err := c.MemberKey(memberID)
	if err != nil {
		return m, chatsView{}, err
	}
	if c.Kind == CareManager {
		view, err := viewChats(ctx, store, c, now, memberID)
		return m, view, err
	}
	p, err := store.Profile(ctx, m)
	if err != nil || p == nil {
		err = problem.OrNotFound(err)
	}
	return m, chatsView{}, err
}
