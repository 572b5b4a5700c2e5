package chat

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"carechat/shared/problem"
)

// KeyRecord remembers what an Idempotency-Key was used for (A2).
type KeyRecord struct {
	Key       string
	RequestID string
	Body      string // a hash of the decoded body
	ExpiresAt time.Time
}

// keyLife is how long an Idempotency-Key is remembered (A2).
const keyLife = 30 * 24 * time.Hour

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
	var fields problem.Fields
	CheckID(&fields, "/programId", a.ProgramID)
	CheckID(&fields, "/reasonId", a.ReasonID)
	checkText(&fields, "/comment", a.Comment)
	return fields.Err()
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
	if err := c.Only(Member); err != nil {
		return SubmittedRequest{}, err
	}
	m, err := c.MemberKey(memberID)
	if err != nil {
		return SubmittedRequest{}, err
	}
	if !validKey(ask.IdempotencyKey) {
		return SubmittedRequest{}, problem.New(problem.IdempotencyKeyMissing)
	}
	catalog, err := CatalogWith(ctx, s.Store, c.Organization, func(c Catalog) bool {
		_, program := c.Programs[ask.ProgramID]
		_, reason := c.Reasons[ask.ReasonID]
		return program && reason
	})
	if err != nil {
		return SubmittedRequest{}, err
	}
	var made SubmittedRequest
	err = RetryOnConflict(ctx, func() error {
		made, err = s.trySubmit(ctx, c, m, ask, catalog)
		return err
	})
	return made, err
}

func (s *Service) trySubmit(ctx context.Context, c Caller, m MemberKey, ask Ask, catalog Catalog) (SubmittedRequest, error) {
	program := ask.ProgramID
	if !ValidID(program) {
		program = "" // nothing is of that
	}
	enrollment, open, record, err := s.Store.RequestIntent(ctx, m, program, ask.IdempotencyKey)
	if err != nil {
		return SubmittedRequest{}, err
	}
	refused := cmp.Or(ask.check(), decideSubmit(enrollment, open, ask, catalog))
	if refused != nil && record == nil { // the first try may have won between the reads: they are no snapshot (A2)
		if _, _, record, err = s.Store.RequestIntent(ctx, m, program, ask.IdempotencyKey); err != nil {
			return SubmittedRequest{}, err
		}
	}
	now := s.Now()
	switch {
	case record != nil && now.Before(record.ExpiresAt):
		return s.replaySubmit(ctx, m, *record, ask)
	case refused != nil:
		return SubmittedRequest{}, refused
	}
	reason := catalog.Reasons[ask.ReasonID]
	chosen := Ref{reason.ID, catalog.Organization.In(reason.Labels, c.Language)}
	r := Request{
		Organization: m.Organization, ID: s.NewID("req"),
		Member: enrollment.Member, Program: enrollment.Program, Reason: chosen,
		Comment: ask.Comment, State: Open, Ownership: enrollment.Ownership,
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
		return SubmittedRequest{}, problem.OrNotFound(err)
	}
	return SubmittedRequest{Request: *r, Replayed: true}, nil
}
