package chat

import (
	"context"
	"time"

	"carechat/shared/problem"
)

// Pause stops the notices of an enrollment, or starts them again, and says how it
// is now. The dot goes on and both sides see it; provisioning never touches it.
// nil is no decision, which is refused.
func (s *Service) Pause(ctx context.Context, c Caller, memberID, programID string, paused *bool) (bool, error) {
	m, err := c.MemberKey(memberID)
	if err != nil || !ValidID(programID) {
		return false, problem.OrNotFound(err)
	}
	if paused == nil {
		return false, problem.WithField("/paused", "required", "must be given")
	}
	err = RetryOnConflict(ctx, func() error { return s.tryPause(ctx, c, m, programID, *paused) })
	return *paused, err
}

func (s *Service) tryPause(ctx context.Context, c Caller, m MemberKey, programID string, paused bool) error {
	chats, err := s.Store.MemberChats(ctx, m)
	if err != nil {
		return err
	}
	was := chats.Enrolled(programID)
	if was.Enrollment.Version == 0 {
		return problem.New(problem.NotFound)
	}
	if c.Kind != Platform { // who provisions it may pause it
		access, err := s.access(ctx, c, was.Enrollment.Ownership)
		if err != nil || access != FullAccess {
			return problem.OrNotFound(err)
		}
	}
	plan, changed := planPause(was, paused, s.Now())
	if !changed {
		return nil
	}
	return s.Store.SaveEnrolled(ctx, plan)
}

// planPause decides what pausing comes to. Ending a pause owes a notice of what
// is unread. It moves every thread, the read ones too: of a message that arrives
// meanwhile a notice may have been suppressed for the pause that ends here (N1).
func planPause(was Enrolled, paused bool, now time.Time) (plan Enrolled, changed bool) {
	if was.Enrollment.Paused == paused {
		return plan, false
	}
	plan.Enrollment = was.Enrollment.moved()
	plan.Enrollment.Paused = paused
	if !paused {
		plan.Threads = ResumeNotices(was.Threads, now)
	}
	return plan, true
}

// ResumeNotices returns threads whose notices may have been held back, each at its next
// version: a notice of what is unread is due now.
func ResumeNotices(threads []Thread, now time.Time) []Thread {
	var all []Thread
	for _, t := range threads {
		t = t.resume(now)
		t.Version++
		all = append(all, t)
	}
	return all
}
