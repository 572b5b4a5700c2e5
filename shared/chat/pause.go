package chat

import (
	"context"
	"time"

	"carechat/shared/problem"
)

// Pause stops the notices of an enrollment, or starts them again, and returns whether
// they are stopped. A pause leaves the dot alone, is shown to both sides, and is never
// changed by provisioning. Pause refuses nil, which comes from a body that does not
// say.
func (s *PreferenceService) Pause(ctx context.Context, c Caller, memberID, programID string, paused *bool) (bool, error) {
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

func (s *PreferenceService) tryPause(ctx context.Context, c Caller, m MemberKey, programID string, paused bool) error {
	chats, err := s.Store.MemberChats(ctx, m)
	if err != nil {
		return err
	}
	was := chats.Enrolled(programID)
	if was.Enrollment.Version == 0 {
		return notThere(ctx, s.Store, c, s.Now())
	}
	if c.Kind != Platform { // whoever provisions it may pause it
		access, err := accessTo(ctx, s.Store, c, s.Now(), m, programID, was.Enrollment.Ownership)
		if err != nil || !access.Full() {
			return problem.OrNotFound(err)
		}
	}
	plan, changed := planPause(was, paused, s.Now())
	if !changed {
		return nil
	}
	return s.Store.SaveEnrolled(ctx, plan)
}

// planPause returns the rows that pausing changes. When a pause ends, a notice of
// what is unread is due. Every thread moves, the read ones too: a message may
// arrive meanwhile, whose notice was suppressed for the pause that ends here (N1).
func planPause(was Enrolled, paused bool, now time.Time) (plan Enrolled, changed bool) {
	if was.Enrollment.Paused == paused {
		return plan, false
	}
	plan.Enrollment = was.Enrollment.next()
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
