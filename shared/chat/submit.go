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

// RequestStore makes requests and changes their reason.
type RequestStore interface {
	CatalogStore
	FindRequestStore
	// RequestIntent reads, at once, what making a request depends on: the
	// enrollment, the open request in its program and the key's record, each nil
	// if there is none.
	RequestIntent(ctx context.Context, m MemberKey, programID, key string) (*Enrollment, *Request, *KeyRecord, error)
	// CreateRequest saves a new request with the moved enrollment (T4) and the key's record.
	CreateRequest(ctx context.Context, r Request, e Enrollment, k KeyRecord) error
	// UpdateRequest saves an open request that builds on the version before it.
	UpdateRequest(ctx context.Context, r Request) error
}

// RequestService makes a member's chat requests and changes their reason.
type RequestService struct {
	Store RequestStore
	Now   func() time.Time
	// NewID makes an id that sorts by time, with a prefix such as "req" (A1).
	NewID func(prefix string) string
}

// RequestDraft is what a member submits.
type RequestDraft struct {
	IdempotencyKey string
	ProgramID      string
	ReasonID       string
	Comment        string
}

func (d RequestDraft) hash() string {
	sum := sha256.Sum256([]byte(d.ProgramID + "\x00" + d.ReasonID + "\x00" + d.Comment))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// check refuses what is wrong whatever the table holds.
func (d RequestDraft) check() error {
	var fields problem.Fields
	CheckID(&fields, "/programId", d.ProgramID)
	CheckID(&fields, "/reasonId", d.ReasonID)
	checkText(&fields, "/comment", d.Comment)
	return fields.Err()
}

// SubmittedRequest is the current request, and whether an earlier call made it.
type SubmittedRequest struct {
	Request  Request
	Replayed bool
}

// Submit makes a chat request. At most one is open per enrollment (G4), and the
// same Idempotency-Key makes one request however often it is sent (A2).
func (s *RequestService) Submit(ctx context.Context, c Caller, memberID string, d RequestDraft) (SubmittedRequest, error) {
	d.Comment = stored(d.Comment)
	m, err := c.own(memberID)
	if err != nil {
		return SubmittedRequest{}, err
	}
	if !validKey(d.IdempotencyKey) {
		return SubmittedRequest{}, problem.New(problem.IdempotencyKeyMissing)
	}
	catalog, err := CatalogWith(ctx, s.Store, c.Organization, func(c Catalog) bool {
		_, program := c.Programs[d.ProgramID]
		_, reason := c.Reasons[d.ReasonID]
		return program && reason
	})
	if err != nil {
		return SubmittedRequest{}, err
	}
	var made SubmittedRequest
	err = RetryOnConflict(ctx, func() error {
		made, err = s.trySubmit(ctx, c, m, d, catalog)
		return err
	})
	n := names{reader: c, catalog: catalog}
	made.Request = n.request(made.Request)
	return made, n.conflict(err)
}

func (s *RequestService) trySubmit(ctx context.Context, c Caller, m MemberKey, d RequestDraft, catalog Catalog) (SubmittedRequest, error) {
	program := d.ProgramID
	if !ValidID(program) {
		program = "" // which nothing belongs to
	}
	enrollment, open, record, err := s.Store.RequestIntent(ctx, m, program, d.IdempotencyKey)
	if err != nil {
		return SubmittedRequest{}, err
	}
	refused := cmp.Or(d.check(), refuseSubmit(enrollment, open, d, catalog))
	if refused != nil && record == nil { // the first try may have won between the reads: they are no snapshot (A2)
		if _, _, record, err = s.Store.RequestIntent(ctx, m, program, d.IdempotencyKey); err != nil {
			return SubmittedRequest{}, err
		}
	}
	now := s.Now()
	switch {
	case record != nil && now.Before(record.ExpiresAt):
		return s.replaySubmit(ctx, m, *record, d)
	case refused != nil:
		return SubmittedRequest{}, refused
	}
	reason := catalog.Reasons[d.ReasonID]
	chosen := Ref{reason.ID, catalog.Organization.In(reason.Labels, c.Language)}
	dueAt := catalog.replyBy(reason, now)
	r := Request{
		Organization: m.Organization, ID: s.NewID("req"),
		Member: enrollment.Member, Program: catalog.named(enrollment.Program), Reason: chosen,
		Comment: d.Comment, Excerpt: excerpt(d.Comment), State: Open, Ownership: enrollment.Ownership,
		CreatedAt: now, UpdatedAt: now, DueAt: dueAt, CheckAt: dueAt,
		History: []Entry{{At: now, Action: Submitted, By: Member, Reason: chosen}},
		Version: 1,
	}
	key := KeyRecord{d.IdempotencyKey, r.ID, d.hash(), now.Add(keyLife)}
	return SubmittedRequest{Request: r}, s.Store.CreateRequest(ctx, r, enrollment.next(), key)
}

// refuseSubmit returns why this member cannot make this request now, nil if they
// can.
func refuseSubmit(e *Enrollment, open *Request, d RequestDraft, catalog Catalog) error {
	switch {
	case e == nil:
		return problem.WithReason(problem.NotEligible, "notEnrolled")
	case e.State == EnrollmentClosed:
		return problem.WithReason(problem.NotEligible, "closed")
	case catalog.Programs[d.ProgramID].Kind != Guided:
		return problem.WithReason(problem.NotEligible, "classic")
	case open != nil:
		return problem.WithCurrent(problem.OpenRequestExists, *open)
	}
	return checkReason(catalog, d.ReasonID, d.ProgramID)
}

func checkReason(catalog Catalog, reasonID, programID string) error {
	if !catalog.Reasons[reasonID].OfferedIn(programID) {
		return problem.WithField("/reasonId", "unknown", "is not a reason that can be chosen in this program")
	}
	return nil
}

// replaySubmit answers a repeat with the current request (A2).
func (s *RequestService) replaySubmit(ctx context.Context, m MemberKey, k KeyRecord, d RequestDraft) (SubmittedRequest, error) {
	if k.Body != d.hash() {
		return SubmittedRequest{}, problem.New(problem.IdempotencyKeyReused)
	}
	r, err := s.Store.FindRequest(ctx, m, k.RequestID)
	if err != nil || r == nil {
		return SubmittedRequest{}, problem.OrNotFound(err)
	}
	return SubmittedRequest{Request: *r, Replayed: true}, nil
}
