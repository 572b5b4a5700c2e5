package chat

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"slices"
	"time"

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

// KeyRecord remembers what an Idempotency-Key was used for (A2).
type KeyRecord struct {
	Key       string
	RequestID string
	Body      string // a hash of the decoded body
	ExpiresAt time.Time
}

// keyLife is how long an Idempotency-Key is remembered (A2).
const keyLife = 30 * 24 * time.Hour

var keyPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{16,128}$`)

// Ask is what a member submits.
type Ask struct {
	IdempotencyKey string
	ProgramID      string
	ReasonID       string
	Comment        string
}

func (a Ask) hash() string {
	sum := sha256.Sum256([]byte(a.ProgramID + "\x00" + a.ReasonID + "\x00" + a.Comment))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// check refuses what no state of the table could make right.
func (a Ask) check() error {
	if !keyPattern.MatchString(a.IdempotencyKey) {
		return problem.New(problem.IdempotencyKeyMissing)
	}
	var fields problem.Fields
	checkID(&fields, "/programId", a.ProgramID)
	checkID(&fields, "/reasonId", a.ReasonID)
	checkText(&fields, "/comment", a.Comment)
	return fields.Err()
}

func checkID(fields *problem.Fields, pointer, id string) {
	switch {
	case id == "":
		fields.Add(pointer, "required", "must be given")
	case !ValidID(id):
		fields.Add(pointer, "invalid", "must be 1 to 64 letters, digits, - or _")
	}
}

// SubmittedRequest is a request as it stands, and whether it answers a repeat of
// an earlier call.
type SubmittedRequest struct {
	Request  Request
	Replayed bool
}

// Submit makes a chat request: at most one is open per enrollment (G4), and the
// same Idempotency-Key makes one request however often it is sent (A2).
func (s *Service) Submit(ctx context.Context, c Caller, memberID string, ask Ask) (SubmittedRequest, error) {
	if err := c.only(Member); err != nil {
		return SubmittedRequest{}, err
	}
	m, err := c.member(memberID)
	if err != nil {
		return SubmittedRequest{}, err
	}
	if err := ask.check(); err != nil {
		return SubmittedRequest{}, err
	}
	catalog, err := s.catalogWith(ctx, c.Organization, func(c Catalog) bool {
		_, program := c.Programs[ask.ProgramID]
		_, reason := c.Reasons[ask.ReasonID]
		return program && reason
	})
	if err != nil {
		return SubmittedRequest{}, err
	}
	var made SubmittedRequest
	err = Settle(ctx, func() error {
		made, err = s.trySubmit(ctx, c, m, ask, catalog)
		return err
	})
	return made, err
}

func (s *Service) trySubmit(ctx context.Context, c Caller, m MemberKey, ask Ask, catalog Catalog) (SubmittedRequest, error) {
	enrollment, open, record, err := s.Store.RequestIntent(ctx, m, ask.ProgramID, ask.IdempotencyKey)
	if err != nil {
		return SubmittedRequest{}, err
	}
	now := s.Now()
	if record != nil && now.Before(record.ExpiresAt) {
		return s.replaySubmit(ctx, m, *record, ask)
	}
	if err := decideSubmit(enrollment, open, ask, catalog); err != nil {
		return SubmittedRequest{}, err
	}
	reason := catalog.Reasons[ask.ReasonID]
	chosen := Ref{reason.ID, catalog.Organization.In(reason.Labels, c.Language)}
	r := Request{
		Organization: m.Organization, ID: s.NewID("req"),
		Member: enrollment.Member, Program: enrollment.Program, Reason: chosen,
		Comment: ask.Comment, State: Open, Holding: enrollment.Holding,
		CreatedAt: now, UpdatedAt: now, DueAt: now.Add(catalog.replyWithin(reason)),
		History: []Entry{{At: now, Action: Submitted, By: Member, Reason: chosen}},
		Version: 1,
	}
	key := KeyRecord{ask.IdempotencyKey, r.ID, ask.hash(), now.Add(keyLife)}
	return SubmittedRequest{Request: r}, s.Store.CreateRequest(ctx, r, enrollment.moved(), key)
}

// decideSubmit refuses what this member cannot ask for now.
func decideSubmit(e *Enrollment, open *Request, ask Ask, catalog Catalog) error {
	switch {
	case e == nil:
		return problem.WithReason(problem.NotEligible, "notEnrolled")
	case e.State == EnrollmentClosed:
		return problem.WithReason(problem.NotEligible, "closed")
	case catalog.Programs[ask.ProgramID].Kind != Guided:
		return problem.WithReason(problem.NotEligible, "classic")
	case open != nil:
		return problem.WithCurrent(problem.OpenRequestExists, *open)
	}
	return checkReason(catalog, ask.ReasonID, ask.ProgramID)
}

func checkReason(catalog Catalog, reasonID, programID string) error {
	if !catalog.Reasons[reasonID].Fits(programID) {
		return problem.WithField("/reasonId", "unknown", "is not a reason that can be chosen in this program")
	}
	return nil
}

// replaySubmit answers a repeat with the request as it stands (A2).
func (s *Service) replaySubmit(ctx context.Context, m MemberKey, k KeyRecord, ask Ask) (SubmittedRequest, error) {
	if k.Body != ask.hash() {
		return SubmittedRequest{}, problem.New(problem.IdempotencyKeyReused)
	}
	r, err := s.Store.FindRequest(ctx, m, k.RequestID)
	if err != nil || r == nil {
		return SubmittedRequest{}, orAbsent(err)
	}
	return SubmittedRequest{Request: *r, Replayed: true}, nil
}

// Request reads one request, open or ended.
func (s *Service) Request(ctx context.Context, c Caller, memberID, requestID string) (Request, error) {
	if err := c.only(Member, CareManager); err != nil {
		return Request{}, err
	}
	return s.reachRequest(ctx, c, memberID, requestID)
}

// reachRequest finds a request that the caller has rights on; what they have
// none on is not there (A4). An ended request is reached by its enrollment's
// rights, which a hand-over may have moved since.
func (s *Service) reachRequest(ctx context.Context, c Caller, memberID, requestID string) (Request, error) {
	m, err := c.member(memberID)
	if err != nil || !ValidID(requestID) {
		return Request{}, orAbsent(err)
	}
	r, err := s.Store.FindRequest(ctx, m, requestID)
	if err != nil || r == nil {
		return Request{}, orAbsent(err)
	}
	if c.Kind == Member {
		return *r, nil
	}
	holding := r.Holding
	if r.State != Open {
		e, err := s.Store.Enrollment(ctx, m, r.Program.ID)
		if err != nil {
			return Request{}, err
		}
		if e != nil {
			holding = e.Holding
		}
	}
	access, err := s.access(ctx, c, holding)
	if err != nil || access == NoAccess {
		return Request{}, orAbsent(err)
	}
	return *r, nil
}

// orAbsent is err or, without one, the answer to whatever is not there (A4).
func orAbsent(err error) error {
	if err != nil {
		return err
	}
	return problem.New(problem.NotFound)
}

// ChangeReason gives an open request another reason, at most 20 times; the
// reason that it already has changes nothing.
func (s *Service) ChangeReason(ctx context.Context, c Caller, memberID, requestID, reasonID string, when Precondition) (Request, error) {
	if err := c.only(Member); err != nil {
		return Request{}, err
	}
	var fields problem.Fields
	if checkID(&fields, "/reasonId", reasonID); fields != nil {
		return Request{}, fields.Err()
	}
	return s.changeRequest(ctx, c, memberID, requestID, when, func(r Request) (Request, bool, error) {
		catalog, err := s.catalogWith(ctx, c.Organization, func(c Catalog) bool { return c.Reasons[reasonID].ID != "" })
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
		case r.changes() >= maxReasonChanges:
			return r, false, problem.WithCurrent(problem.TooManyChanges, r)
		}
		next.Reason = chosen
		return next, false, checkReason(catalog, reasonID, r.Program.ID)
	})
}

// Cancel ends the member's own open request; again it answers the same.
func (s *Service) Cancel(ctx context.Context, c Caller, memberID, requestID string, when Precondition) (Request, error) {
	if err := c.only(Member); err != nil {
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
	if err := c.only(CareManager); err != nil {
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
	catalog, err := s.catalogWith(ctx, c.Organization, known)
	if err != nil {
		return err
	}
	var fields problem.Fields
	if checkID(&fields, "/outcome", closing.Outcome); fields == nil && !known(catalog) {
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
	err := Settle(ctx, func() error {
		r, err := s.reachRequest(ctx, c, memberID, requestID)
		if err != nil {
			return err
		}
		next, done, err := decide(r)
		if settled = next; err != nil || done && r.State != Open {
			return err
		}
		if !when.allows(r.Version) && !(done && when.repeats(r.Version)) {
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
