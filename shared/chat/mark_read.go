package chat

import (
	"context"
	"time"

	"carechat/shared/problem"
)

// MarkReadStore moves read cursors.
type MarkReadStore interface {
	RightsStore
	// ThreadAndMessage reads both at once, each nil if there is none.
	ThreadAndMessage(ctx context.Context, m MemberKey, threadID string, seq int) (*Thread, *Message, error)
	// SaveRead saves a thread whose cursor moved.
	SaveRead(ctx context.Context, t Thread) error
}

// MarkReadService moves read cursors.
type MarkReadService struct {
	Store MarkReadStore
	Now   func() time.Time
}

// MarkRead moves the cursor of the caller's side up to seq. A lower seq than the
// stored one changes nothing: a cursor never goes back (G3).
func (s *MarkReadService) MarkRead(ctx context.Context, c Caller, memberID, threadID string, seq int) (Thread, error) {
	m, err := threadOf(c, memberID, threadID)
	if err != nil {
		return Thread{}, err
	}
	if seq < 0 || seq > maxSeq {
		return Thread{}, problem.WithField("/seq", "out-of-range", "must be 0 or more and not beyond the last message")
	}
	var read Thread
	err = RetryOnConflict(ctx, func() error {
		t, at, err := s.Store.ThreadAndMessage(ctx, m, threadID, seq)
		if err != nil {
			return err
		}
		if t == nil {
			return notThere(ctx, s.Store, c, s.Now())
		}
		read, err = s.try(ctx, c, *t, at, seq)
		return err
	})
	return read, err
}

func (s *MarkReadService) try(ctx context.Context, c Caller, t Thread, at *Message, seq int) (Thread, error) {
	access, err := accessToThread(ctx, s.Store, c, s.Now(), t)
	switch {
	case err != nil || access == NoAccess:
		return t, problem.OrNotFound(err)
	case access == ReadOnly:
		return t, problem.New(problem.Forbidden)
	case seq > t.LastSeq():
		return t, problem.WithField("/seq", "out-of-range", "is beyond the thread's last message")
	case seq <= t.ReadSeq(c.Kind):
		return t, nil
	case at == nil:
		return t, ErrConflict // the thread is newer than the message read beside it
	}
	next := t.read(c.Kind, *at, s.Now())
	return next, s.Store.SaveRead(ctx, next)
}
