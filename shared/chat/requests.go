package chat

import (
	"context"
	"slices"

	"carechat/shared/problem"
)

// RequestStore keeps chat requests.
type RequestStore interface {
	// RequestIntent reads, at once, what making a request depends on: the
	// enrollment, the open request in its program and the key's record, each nil
	// if there is none.
	RequestIntent(ctx context.Context, m MemberKey, programID, key string) (*Enrollment, *Request, *KeyRecord, error)
	// FindRequest looks among the open requests, then among the ended ones: a
	// request that ends meanwhile is found all the same. nil if there is none.
	FindRequest(ctx context.Context, m MemberKey, id string) (*Request, error)
	// CreateRequest saves a new request with the moved enrollment (T4) and the key's record.
	CreateRequest(ctx context.Context, r Request, e Enrollment, k KeyRecord) error
	// UpdateRequest saves an open request that builds on the version before it.
	UpdateRequest(ctx context.Context, r Request) error
	// EndRequest takes the request from the open ones to the ended ones (T9).
	EndRequest(ctx context.Context, r Request) error
	// Enrollment reads one; nil if there is none.
	Enrollment(ctx context.Context, m MemberKey, programID string) (*Enrollment, error)
}

// Request reads one request, open or ended.
func (s *Service) Request(ctx context.Context, c Caller, memberID, requestID string) (Request, error) {
	if err := c.Only(Member, CareManager); err != nil {
		return Request{}, err
	}
	return s.reachRequest(ctx, c, memberID, requestID)
}

// reachRequest finds a request that the caller has rights on; what they have
// none on is not there (A4). An ended request is reached by its enrollment's
// rights, which a hand-over may have moved since.
func (s *Service) reachRequest(ctx context.Context, c Caller, memberID, requestID string) (Request, error) {
	m, err := c.MemberKey(memberID)
	if err != nil || !ValidID(requestID) {
		return Request{}, problem.OrNotFound(err)
	}
	r, err := s.Store.FindRequest(ctx, m, requestID)
	if err != nil || r == nil {
		return Request{}, problem.OrNotFound(err)
	}
	if c.Kind == Member {
		return *r, nil
	}
	holding := r.Ownership
	if r.State != Open {
		e, err := s.Store.Enrollment(ctx, m, r.Program.ID)
		if err != nil {
			return Request{}, err
		}
		if e != nil {
			holding = e.Ownership
		}
	}
	access, err := s.access(ctx, c, holding)
	if err != nil || access == NoAccess {
		return Request{}, problem.OrNotFound(err)
	}
	return *r, nil
}

// ChangeReason gives an open request another reason, at most 20 times; the
// reason that it already has changes nothing.
func (s *Service) ChangeReason(ctx context.Context, c Caller, memberID, requestID, reasonID string, when Precondition) (Request, error) {
	if err := c.Only(Member); err != nil {
		return Request{}, err
	}
	var fields problem.Fields
	if CheckID(&fields, "/reasonId", reasonID); fields != nil {
		return Request{}, fields.Err()
	}
	return s.changeRequest(ctx, c, memberID, requestID, when, func(r Request) (Request, bool, error) {
		catalog, err := CatalogWith(ctx, s.Store, c.Organization, func(c Catalog) bool { return c.Reasons[reasonID].ID != "" })
		if err != nil {
			return r, false, err
		}
		chosen := Ref{reasonID, catalog.Organization.In(catalog.Reasons[reasonID].Labels, c.Language)}
		next, _, err := r.apply(Entry{At: s.Now(), Action: ReasonChanged, By: Member, Reason: chosen})
		switch {
		case err != nil:
			return r, false, err
		case r.Reason.ID == reasonID:
			return r, true, nil
		case r.times(ReasonChanged) >= maxReasonChanges:
			return r, false, problem.WithCurrent(problem.TooManyChanges, r)
		}
		next.Reason = chosen
		return next, false, checkReason(catalog, reasonID, r.Program.ID)
	})
}

// Cancel ends the member's own open request; again it answers the same.
func (s *Service) Cancel(ctx context.Context, c Caller, memberID, requestID string, when Precondition) (Request, error) {
	if err := c.Only(Member); err != nil {
		return Request{}, err
	}
	return s.changeRequest(ctx, c, memberID, requestID, when, func(r Request) (Request, bool, error) {
		return r.apply(Entry{At: s.Now(), Action: WasCancelled, By: Member})
	})
}

// Closing is how a care manager closes a task.
type Closing struct {
	Outcome string
	Note    string
}

// Close closes the task and with it the request (G5); again it answers the same.
func (s *Service) Close(ctx context.Context, c Caller, memberID, requestID string, closing Closing, when Precondition) (Request, error) {
	if err := c.Only(CareManager); err != nil {
		return Request{}, err
	}
	if err := s.checkClosing(ctx, c, closing); err != nil {
		return Request{}, err
	}
	return s.changeRequest(ctx, c, memberID, requestID, when, func(r Request) (Request, bool, error) {
		next, done, err := r.apply(Entry{At: s.Now(), Action: WasClosed, By: CareManager})
		if err == nil && !done {
			next.Outcome, next.Note = closing.Outcome, closing.Note
		}
		return next, done, err
	})
}

func (s *Service) checkClosing(ctx context.Context, c Caller, closing Closing) error {
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
		checkText(&fields, "/note", closing.Note)
	}
	return fields.Err()
}

// changeRequest loads a request, lets decide take it a step on and saves it.
// State comes before version (A3): what has ended is a conflict even to a stale
// version, and what is done already is answered as it stands.
func (s *Service) changeRequest(ctx context.Context, c Caller, memberID, requestID string, when Precondition,
	decide func(Request) (next Request, done bool, err error),
) (Request, error) {
	var settled Request
	err := RetryOnConflict(ctx, func() error {
		r, err := s.reachRequest(ctx, c, memberID, requestID)
		if err != nil {
			return err
		}
		next, done, err := decide(r)
		if settled = next; err != nil || done && r.State != Open {
			return err
		}
		if !when.Allows(r.Version) && !(done && when.Repeats(r.Version)) {
			return problem.WithCurrent(problem.VersionMismatch, r)
		}
		switch {
		case done:
			return nil
		case next.State == Open:
			return s.Store.UpdateRequest(ctx, next)
		}
		return s.Store.EndRequest(ctx, next)
	})
	return settled, err
}
