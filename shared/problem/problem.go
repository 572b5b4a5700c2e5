// Package problem defines the one error that crosses package borders: a refusal with a stable public code. It knows neither HTTP nor
// DynamoDB. Any other error reaches a client as an opaque internal error.
package problem

import (
	"errors"
	"fmt"
	"time"
)

// Kind groups codes by what the caller can do about them. apigw turns a kind into a status; everybody else branches on the code.
type Kind int

// The kinds of refusal.
const (
	Internal Kind = iota
	Malformed
	Unauthenticated
	Refused
	Absent
	WrongMethod
	Conflict
	Gone
	Stale
	TooLarge
	WrongMediaType
	Invalid
	Limited
	Busy
)

// Code is the stable public name of a refusal (A4, A8).
type Code string

// The codes that clients may branch on.
const (
	MalformedJSON         Code = "malformed-json"
	MalformedHeader       Code = "malformed-header"
	InvalidCursor         Code = "invalid-cursor"
	IdempotencyKeyMissing Code = "idempotency-key-missing"
	NotAuthenticated      Code = "unauthenticated"
	SessionExpired        Code = "session-expired"
	FactorRequired        Code = "factor-required"
	NotEligible           Code = "not-eligible"
	Forbidden             Code = "forbidden"
	NotFound              Code = "not-found"
	MethodNotAllowed      Code = "method-not-allowed"
	OpenRequestExists     Code = "open-request-exists"
	RequestClosed         Code = "request-closed"
	RequestCancelled      Code = "request-cancelled"
	AlreadyClaimed        Code = "already-claimed"
	ThreadReadOnly        Code = "thread-read-only"
	IdempotencyKeyReused  Code = "idempotency-key-reused"
	CoverageOverlaps      Code = "coverage-overlaps"
	SubjectTaken          Code = "subject-taken"
	TooManyChanges        Code = "too-many-changes"
	TooManyThreads        Code = "too-many-threads"
	LinkInvalid           Code = "link-invalid"
	VersionMismatch       Code = "version-mismatch"
	BodyTooLarge          Code = "too-large"
	UnsupportedMediaType  Code = "unsupported-media-type"
	ValidationFailed      Code = "validation-failed"
	TooManyRequests       Code = "too-many-requests"
	InternalError         Code = "internal"
	Unavailable           Code = "unavailable"
)

// Meanings gives every code its kind and its title, a sentence that is the same in every case.
var Meanings = map[Code]struct {
	Kind  Kind
	Title string
}{
	MalformedJSON:         {Malformed, "The body cannot be read as the JSON that this route takes"},
	MalformedHeader:       {Malformed, "A header cannot be read"},
	InvalidCursor:         {Malformed, "The cursor is damaged or belongs to another list"},
	IdempotencyKeyMissing: {Malformed, "The Idempotency-Key header is missing or malformed"},
	NotAuthenticated:      {Unauthenticated, "A valid bearer token is needed"},
	SessionExpired:        {Unauthenticated, "The session has ended; log in again"},
	FactorRequired:        {Refused, "The birth date is missing or does not match"},
	NotEligible:           {Refused, "No chat can be had in this program"},
	Forbidden:             {Refused, "This caller may not do this"},
	NotFound:              {Absent, "There is nothing here"},
	MethodNotAllowed:      {WrongMethod, "This path does not take this method"},
	OpenRequestExists:     {Conflict, "A chat request is already open in this program"},
	RequestClosed:         {Conflict, "The chat request was closed"},
	RequestCancelled:      {Conflict, "The chat request was cancelled"},
	AlreadyClaimed:        {Conflict, "Somebody else has claimed this enrollment"},
	ThreadReadOnly:        {Conflict, "This thread takes no message from this caller"},
	IdempotencyKeyReused:  {Conflict, "This key was used for something else"},
	CoverageOverlaps:      {Conflict, "The coverage overlaps another one"},
	SubjectTaken:          {Conflict, "The subject belongs to somebody else"},
	TooManyChanges:        {Conflict, "The reason was changed too often"},
	TooManyThreads:        {Conflict, "The enrollment has as many threads as it can hold"},
	LinkInvalid:           {Gone, "The link is unknown, expired or revoked; ask for a new one"},
	VersionMismatch:       {Stale, "The version is not the one that was expected"},
	BodyTooLarge:          {TooLarge, "The body is too large"},
	UnsupportedMediaType:  {WrongMediaType, "The body must be plain application/json"},
	ValidationFailed:      {Invalid, "Some values cannot be accepted"},
	TooManyRequests:       {Limited, "Too many tries; wait before the next one"},
	InternalError:         {Internal, "Something went wrong on our side"},
	Unavailable:           {Busy, "The service is busy; try again"},
}

// Problem is a refusal. Detail and Fields never repeat what the caller sent.
type Problem struct {
	Code   Code
	Detail string
	Reason string // a camelCase refinement of Code, "" for none
	Fields []Field
	// Organization is whose link it is, for a caller who has not logged in (S3).
	Organization *Organization
	// Current is the domain's current value; api gives it its wire shape for the caller.
	Current any
	// RetryAfter is how long to wait before another try; 0 if it does not matter.
	RetryAfter time.Duration
	// Allow lists the methods that the path takes, if the method was wrong.
	Allow string
}

// Organization is what somebody who follows a link may know before they log in.
type Organization struct {
	Name      string
	Languages []string
}

// Field says what is wrong with one value.
type Field struct {
	Pointer string // a JSON pointer into the body, or "?name" for a parameter
	Code    string
	Detail  string
}

func (p *Problem) Error() string {
	if p.Reason != "" {
		return fmt.Sprintf("%s (%s)", p.Code, p.Reason)
	}
	return string(p.Code)
}

// Kind returns the kind of the problem's code.
func (p *Problem) Kind() Kind { return Meanings[p.Code].Kind }

// New returns a problem with a code alone.
func New(code Code) *Problem { return &Problem{Code: code} }

// WithReason returns a problem whose code has several causes.
func WithReason(code Code, reason string) *Problem {
	return &Problem{Code: code, Reason: reason}
}

// WithCurrent returns a conflict that shows the current value.
func WithCurrent(code Code, current any) *Problem {
	return &Problem{Code: code, Current: current}
}

// WithField returns a validation failure of one value.
func WithField(pointer, code, detail string) *Problem {
	return &Problem{Code: ValidationFailed, Fields: []Field{{pointer, code, detail}}}
}

// Is reports whether a Problem in err's chain has this code.
func Is(err error, code Code) bool {
	var p *Problem
	return errors.As(err, &p) && p.Code == code
}

// OrNotFound returns err or, if it is nil, what answers a call for something that
// is not there (A4).
func OrNotFound(err error) error {
	if err != nil {
		return err
	}
	return New(NotFound)
}

// Fields collects the validation failures of one input.
type Fields []Field

// Add adds a failure.
func (f *Fields) Add(pointer, code, detail string) {
	*f = append(*f, Field{pointer, code, detail})
}

// maxFields is how many failures a response lists.
const maxFields = 100

// Err returns a Problem with the failures, nil if there are none.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Problem{Code: ValidationFailed, Fields: f[:min(len(f), maxFields)]}
}
