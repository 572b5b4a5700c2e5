package chat

import (
	"context"
	"time"

	"carechat/shared/problem"
)

// FindRequestStore finds requests.
type FindRequestStore interface {
	// FindRequest looks among the open requests, then among the ended ones, so that
	// a request that ends meanwhile is found; nil if there is none.
	FindRequest(ctx context.Context, m MemberKey, id string) (*Request, error)
}

// EndRequestStore ends requests.
type EndRequestStore interface {
	// EndRequest takes the request from the open ones to the ended ones (T9).
	EndRequest(ctx context.Context, r Request) error
}

// findRequest returns a request of a member whom the caller's path may name,
// whatever rights the care side has on it.
func findRequest(ctx context.Context, store FindRequestStore, c Caller, memberID, requestID string) (Request, error) {
	m, err := c.MemberKey(memberID)
	if err != nil || !ValidID(requestID) {
		return Request{}, problem.OrNotFound(err)
	}
	r, err := store.FindRequest(ctx, m, requestID)
	if err != nil || r == nil {
		return Request{}, problem.OrNotFound(err)
	}
	return *r, nil
}

// viewRequestStore finds requests and the rights on them.
type viewRequestStore interface {
	FindRequestStore
	EnrollmentStore
	RightsStore
}

// viewRequest returns a request that the caller has rights on; without any, it
// returns problem.NotFound (A4). Rights on an ended request are those on its
// enrollment, which may have been handed over since.
func viewRequest(ctx context.Context, store viewRequestStore, c Caller, now time.Time, memberID, requestID string) (Request, error) {
	r, err := findRequest(ctx, store, c, memberID, requestID)
	if err != nil || c.Kind == Member {
		return r, err
	}
	ownership := r.Ownership
	if r.State != Open {
		e, err := store.Enrollment(ctx, r.Key(), r.Program.ID)
		if err != nil {
			return Request{}, err
		}
		if e != nil {
			ownership = e.Ownership
		}
	}
	access, err := accessTo(ctx, store, c, now, r.Key(), r.Program.ID, ownership)
	if err != nil || access == NoAccess {
		return Request{}, problem.OrNotFound(err)
	}
	return r, nil
}

// Request reads one request, open or ended.
func (s *ListService) Request(ctx context.Context, c Caller, memberID, requestID string) (Request, error) {
	if err := c.Only(Member, CareManager); err != nil {
		return Request{}, err
	}
	r, err := viewRequest(ctx, s.Store, c, s.Now(), memberID, requestID)
	if err != nil {
		return Request{}, err
	}
	catalog, err := s.Store.Catalog(ctx, c.Organization, false)
	return names{reader: c, catalog: catalog}.request(r), err
}

// requestChange moves a request on by one step.
type requestChange struct {
	find func() (Request, error)
	// decide returns the request's next version; done if nothing needs saving.
	decide func(Request) (next Request, done bool, err error)
	save   func(ctx context.Context, next Request) error
}

// changeRequest finds a request, decides and saves, and starts again if the
// request moved meanwhile (T5). State comes before version (A3): a request that
// has ended is a conflict even under a stale version, and an action that is done
// already returns the current request.
func changeRequest(ctx context.Context, store CatalogStore, c Caller, when Precondition, change requestChange) (changed Request, err error) {
	catalog, err := store.Catalog(ctx, c.Organization, false)
	if err != nil {
		return Request{}, err
	}
	err = RetryOnConflict(ctx, func() error {
		r, err := change.find()
		if err != nil {
			return err
		}
		next, done, err := change.decide(r)
		if changed = next; err != nil || done && r.State != Open {
			return err
		}
		if !when.Allows(r.Version) && !(done && when.Repeats(r.Version)) {
			return problem.WithCurrent(problem.VersionMismatch, r)
		}
		if done {
			return nil
		}
		return change.save(ctx, next)
	})
	n := names{reader: c, catalog: catalog}
	return n.request(changed), n.conflict(err)
}
