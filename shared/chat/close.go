package chat

import (
	"cmp"
	"context"
	"slices"
	"time"

	"carechat/shared/problem"
)

// TaskStore closes tasks and hands enrollments over.
type TaskStore interface {
	HandOverStore
	FindRequestStore
	EnrollmentStore
	EndRequestStore
}

// TaskService closes tasks and hands enrollments over.
type TaskService struct {
	Store TaskStore
	Now   func() time.Time
}

// Closing is how a care manager closes a task.
type Closing struct {
	Outcome string
	Note    string
}

// Close closes the task and with it the request (G5). Closing it again returns the
// same.
func (s *TaskService) Close(ctx context.Context, c Caller, memberID, requestID string, closing Closing, when Precondition) (Request, error) {
	if err := c.Only(CareManager); err != nil {
		return Request{}, err
	}
	if err := s.check(ctx, c, closing); err != nil {
		return Request{}, err
	}
	closing.Note = stored(closing.Note)
	return changeRequest(ctx, s.Store, c, when, requestChange{
		find: func() (Request, error) { return s.closable(ctx, c, memberID, requestID) },
		decide: func(r Request) (Request, bool, error) {
			next, done, err := r.apply(Entry{At: s.Now(), Action: WasClosed, By: CareManager})
			if err == nil && !done {
				next.Outcome, next.Note = closing.Outcome, closing.Note
			}
			return next, done, err
		},
		save: s.Store.EndRequest,
	})
}

// closable returns a request that the caller has rights on, or one that is closed and
// was late, for any care manager of the enrollment's department: a helper's rights
// end with what they close, and a repeat of that call is still answered (T13).
func (s *TaskService) closable(ctx context.Context, c Caller, memberID, requestID string) (Request, error) {
	r, err := viewRequest(ctx, s.Store, c, s.Now(), memberID, requestID)
	if !problem.Is(err, problem.NotFound) {
		return r, err
	}
	ended, failed := findRequest(ctx, s.Store, c, memberID, requestID)
	if failed != nil || !ended.closedLate() {
		return Request{}, cmp.Or(failed, err)
	}
	e, failed := s.Store.Enrollment(ctx, ended.Key(), ended.Program.ID)
	if failed != nil || e == nil || !slices.Contains(c.Departments, e.Department) {
		return Request{}, cmp.Or(failed, err)
	}
	return ended, nil
}

func (s *TaskService) check(ctx context.Context, c Caller, closing Closing) error {
	known := func(c Catalog) bool {
		return slices.ContainsFunc(c.Organization.Outcomes, func(o Outcome) bool { return o.ID == closing.Outcome })
	}
	catalog, err := CatalogWith(ctx, s.Store, c.Organization, known)
	if err != nil {
		return err
	}
	var fields problem.Fields
	if CheckID(&fields, "/outcome", closing.Outcome); fields == nil && !known(catalog) {
		fields.Add("/outcome", "unknown", "is not one of the organization's outcomes")
	}
	if closing.Note != "" {
		checkText(&fields, "/note", stored(closing.Note))
	}
	return fields.Err()
}
