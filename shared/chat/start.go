package chat

import (
	"context"

	"carechat/shared/problem"
)

// Start sends a care manager's message to a member in a program. The first one makes
// their thread; later ones are added to it.
func (s *SendService) Start(ctx context.Context, c Caller, memberID, programID string, d Draft) (Posted, error) {
	d.Text = stored(d.Text)
	if err := c.Only(CareManager); err != nil {
		return Posted{}, err
	}
	m, err := c.MemberKey(memberID)
	if err != nil {
		return Posted{}, err
	}
	if !ValidID(programID) { // no thread, and so no record, can belong to it
		fields := d.check()
		CheckID(&fields, "/programId", programID)
		return Posted{}, fields.Err()
	}
	n, err := readNames(ctx, s.Store, c, func(c Catalog) bool { return c.HasProgram(programID) })
	if err != nil {
		return Posted{}, err
	}
	var posted Posted
	err = RetryOnConflict(ctx, func() error {
		e, t, err := s.Store.EnrollmentAndThread(ctx, m, programID, ThreadID(programID, c.ID))
		if err != nil {
			return err
		}
		posted, err = s.tryStart(ctx, c, e, t, d, n.catalog)
		if err != nil && t == nil { // the first try may have made it since it was looked for (A2)
			var failed error
			if t, failed = s.Store.Thread(ctx, m, ThreadID(programID, c.ID)); failed != nil {
				return failed
			}
		}
		if t == nil {
			return err
		}
		return s.orReplay(ctx, c, *t, d, &posted, err)
	})
	posted.Thread = n.thread(posted.Thread)
	return posted, err
}

func (s *SendService) tryStart(ctx context.Context, c Caller, e *Enrollment, t *Thread, d Draft, catalog Catalog) (Posted, error) {
	if e == nil {
		return Posted{}, notThere(ctx, s.Store, c, s.Now())
	}
	ownership, closed := e.Ownership, e.State == EnrollmentClosed
	if t != nil { // what is saved decides: the enrollment beside it may be of another moment (T3)
		ownership, closed = t.Ownership, t.State == ThreadInactive
	}
	access, err := accessTo(ctx, s.Store, c, s.Now(), e.Key(), e.Program.ID, ownership)
	if err != nil || access == NoAccess {
		return Posted{}, problem.OrNotFound(err)
	}
	switch invalid := d.check().Err(); {
	case invalid != nil:
		return Posted{}, invalid
	case closed:
		return Posted{}, problem.WithReason(problem.NotEligible, "closed")
	case catalog.Programs[e.Program.ID].Kind != Guided && e.Threads == 0: // what was begun can be answered
		return Posted{}, problem.WithReason(problem.NotEligible, "classic")
	case t == nil && !e.hasRoomFor(c):
		return Posted{}, problem.New(problem.TooManyThreads)
	}
	wait := catalog.Organization.delays()
	if t != nil {
		return s.post(ctx, c, access, *t, d, wait)
	}
	next, msg := s.newThread(c, *e, catalog).add(s.message(c, d), wait)
	if access == Helping {
		return s.claim(ctx, c, next, msg, e.Version)
	}
	moved := e.next()
	moved.Threads++
	return Posted{Thread: next, Access: access, Message: msg}, s.Store.StartThread(ctx, moved, next, msg)
}

// newThread returns the caller's thread in an enrollment, without its first message.
func (s *SendService) newThread(c Caller, e Enrollment, catalog Catalog) Thread {
	return Thread{
		Organization: e.Organization, ID: ThreadID(e.Program.ID, c.ID),
		Member: e.Member, Program: catalog.named(e.Program), CareManager: Ref{c.ID, c.Name},
		State: ThreadActive, Ownership: e.Ownership, CreatedAt: s.Now(),
	}
}
