package chat

import (
	"context"
	"time"
)

// UpkeepStore is what work by the clock reads and writes.
type UpkeepStore interface {
	CatalogStore
	CareManagerStore
	RenameStore
	EnrolledStore
	CoverageMarkStore
	EraseStore
	AttendanceStore
	StaffStore
	OwnerStore
	// Owned reads an owner's enrollments, active or closed, after a position. The list may
	// trail a moment.
	Owned(ctx context.Context, organization string, o Owner, after string, limit int) ([]Placed[Enrollment], error)
	// EndMove saves that a program's former departments own nothing in it any more,
	// together with its present department, which no longer awaits anything.
	EndMove(ctx context.Context, organization string, p Program, departments []Department) error
	// EndHandOver saves that a disabled care manager owns nothing any more, together with
	// their departments, which no longer list them.
	EndHandOver(ctx context.Context, row CareManagerRow, departments []Department) error
	// RequestAndMark reads the open request in a program, nil if there is none, and
	// its mark, of version 0 if there is none.
	RequestAndMark(ctx context.Context, m MemberKey, programID string) (*Request, LateMark, error)
	// ThreadAndMark reads a thread, nil if there is none, and its mark, of version 0
	// if there is none.
	ThreadAndMark(ctx context.Context, m MemberKey, threadID string) (*Thread, LateMark, error)
	// SaveLateness saves what upkeep saw, all or none of it.
	SaveLateness(ctx context.Context, l Lateness) error
}

// Lateness is what upkeep saw of a task or a thread.
type Lateness struct {
	Mark    LateMark
	Gone    bool     // nothing waits: a mark that is there is removed
	Request *Request // whose time came, if it was still to come
	Thread  *Thread  // at its next version, if the time at which it is late was worked out
	Began   string   // the client's id of the message whose time came, "" if it was the mark's
}

// UpkeepService does what becomes due by the clock.
type UpkeepService struct {
	Store UpkeepStore
	Now   func() time.Time
}

// CheckRequest marks the open request in a program as late, or takes the mark away
// if there is none (T13).
func (s *UpkeepService) CheckRequest(ctx context.Context, m MemberKey, programID string) error {
	return RetryOnConflict(ctx, func() error {
		r, mark, err := s.Store.RequestAndMark(ctx, m, programID)
		if err != nil {
			return err
		}
		saw := Lateness{Mark: mark, Gone: r == nil}
		if r != nil {
			saw.Mark = mark.ofRequest(*r, s.Now())
			if !r.CheckAt.IsZero() {
				saw.Request = r
			}
		}
		return s.Store.SaveLateness(ctx, saw)
	})
}

// CheckReply marks a thread that waits for the care side, or takes the mark away if it
// does not. Once it is late, in working time, it is in its department's list (T13).
// Began is the client's id of the message whose time came.
func (s *UpkeepService) CheckReply(ctx context.Context, m MemberKey, threadID, began string) error {
	catalog, err := s.Store.Catalog(ctx, m.Organization, false)
	if err != nil {
		return err
	}
	return RetryOnConflict(ctx, func() error {
		t, mark, err := s.Store.ThreadAndMark(ctx, m, threadID)
		if err != nil {
			return err
		}
		saw := Lateness{Mark: mark, Began: began, Gone: t == nil || t.WaitingSince.IsZero()}
		if !saw.Gone {
			if lateAt := catalog.replyBy(Reason{}, t.WaitingSince); !lateAt.Equal(t.LateAt) {
				t.LateAt = lateAt
				t.Version++
				saw.Thread = t
			}
			saw.Mark = mark.ofThread(*t, s.Now())
		}
		return s.Store.SaveLateness(ctx, saw)
	})
}
