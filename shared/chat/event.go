package chat

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"
)

// EventType says what happened.
type EventType string

// The events that the platform hears of (N8).
const (
	RequestSubmitted     EventType = "chatRequest.submitted"
	RequestReasonChanged EventType = "chatRequest.reasonChanged"
	RequestCancelled     EventType = "chatRequest.cancelled"
	RequestClosed        EventType = "chatRequest.closed"
	RequestLate          EventType = "chatRequest.late"
	EnrollmentAssigned   EventType = "enrollment.assigned"
	MessageSent          EventType = "message.sent"
	MemberUnreadTooLong  EventType = "member.unreadTooLong"
	CoverageStarted      EventType = "coverage.started"
	CoverageEnded        EventType = "coverage.ended"
	DepartmentUnattended EventType = "department.unattended"
	DepartmentAttended   EventType = "department.attended"
	MemberErased         EventType = "member.erased"
)

// Event is something that happened. It has ids and times, never a name or what a person wrote
// (N8).
type Event struct {
	Type      EventType
	Key       MemberKey
	Aggregate string // what the sequence belongs to, such as a request
	Sequence  int    // the version of the aggregate's row: it grows, with gaps
	At        time.Time
	Owner     Owner // of the enrollment, at that moment; zero if it is about no member
	Program   string

	Request     string    // of chatRequest events
	DueAt       time.Time // of chatRequest events
	Thread      string    // of message.sent and member.unreadTooLong
	CareManager string    // named on the thread, or covered
	Author      Kind      // of message.sent: its side
	Seq         int       // of message.sent
	UnreadSince time.Time // of member.unreadTooLong
	Coverage    string    // of coverage events
	Cover       string    // the care manager who covers
	From, To    time.Time // of coverage events
	Department  string    // of department events
}

// ID returns the event's id. It follows from what happened, so it is the same
// however often the event is made.
func (e Event) ID() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%d", e.Key.Organization, e.Aggregate, e.Type, e.Sequence))
	return "evt_" + base64.RawURLEncoding.EncodeToString(sum[:16])
}

// EventOf returns the event for a change of a row. was and is are the row before and after, nil
// where there was none: pointers to a Request, an Enrollment, a Thread, a LateMark, a
// CoverageMark, an Attendance or a Profile. at is when it changed, for a row that does not say.
// EventOf returns false for a change that the platform is not told of.
func EventOf(was, is any, at time.Time) (Event, bool) {
	switch is := is.(type) {
	case *Request:
		before, _ := was.(*Request)
		return requestEvent(before, is)
	case *Enrollment:
		before, _ := was.(*Enrollment)
		return enrollmentEvent(before, is, at)
	case *Thread:
		before, _ := was.(*Thread)
		return threadEvent(before, is, at)
	case *LateMark:
		before, _ := was.(*LateMark)
		return lateEvent(before, is, at)
	case *CoverageMark:
		before, _ := was.(*CoverageMark)
		return coverageEvent(before, is, at)
	case *Attendance:
		before, _ := was.(*Attendance)
		return attendanceEvent(before, is, at)
	case *Profile:
		before, _ := was.(*Profile)
		return erasedEvent(before, is, at)
	}
	return Event{}, false
}

// requestEvent names what happened to a request. A hand-over, which changes its
// owner, is its enrollment's event.
func requestEvent(was, is *Request) (Event, bool) {
	e := Event{
		Key: is.Key(), Aggregate: "chatRequest/" + is.ID, Sequence: is.Version, At: is.UpdatedAt,
		Owner: is.Owner, Program: is.Program.ID, Request: is.ID, DueAt: is.DueAt,
	}
	switch {
	case was == nil: // an ended request has a row of its own (T9)
		e.Type = map[RequestState]EventType{Open: RequestSubmitted, Cancelled: RequestCancelled, Closed: RequestClosed}[is.State]
	case was.Reason.ID != is.Reason.ID:
		e.Type = RequestReasonChanged
	}
	return e, e.Type != ""
}

// enrollmentEvent names an active enrollment's new owner: it is handed over, new, or
// active again.
func enrollmentEvent(was, is *Enrollment, at time.Time) (Event, bool) {
	if is.State != EnrollmentActive || was != nil && was.State == EnrollmentActive && was.Owner.Is(is.Owner) {
		return Event{}, false
	}
	return Event{
		Type: EnrollmentAssigned, Key: is.Key(), Aggregate: "enrollment/" + is.Member.ID + "/" + is.Program.ID,
		Sequence: is.Version, At: at, Owner: is.Owner, Program: is.Program.ID,
	}, true
}

// threadEvent names the message that a thread got, or that its member has not read
// it for so long that the care side sees it (N3).
func threadEvent(was, is *Thread, at time.Time) (Event, bool) {
	if was == nil {
		was = &Thread{}
	}
	e := Event{
		Key: is.Key(), Aggregate: "thread/" + is.Member.ID + "/" + is.ID, Sequence: is.Version, At: at,
		Owner: is.Owner, Program: is.Program.ID, Thread: is.ID, CareManager: is.CareManager.ID,
	}
	switch {
	case is.LastSeq() > was.LastSeq():
		e.Type, e.At, e.Author, e.Seq = MessageSent, is.Last.SentAt, is.Last.Role, is.Last.Seq
	case was.UnreadByMemberSince.IsZero() && !is.UnreadByMemberSince.IsZero():
		e.Type, e.UnreadSince = MemberUnreadTooLong, is.UnreadByMemberSince
	}
	return e, e.Type != ""
}

// lateEvent names a request that is now in its department's list of what is late
// (T13). A mark has versions of its own, and another request's begins them anew.
func lateEvent(was, is *LateMark, at time.Time) (Event, bool) {
	if is.RequestID == "" || !is.Listed || was != nil && was.Listed && was.RequestID == is.RequestID {
		return Event{}, false
	}
	return Event{
		Type: RequestLate, Key: is.Key, Aggregate: "lateRequest/" + is.RequestID, Sequence: is.Version, At: at,
		Owner: is.Owner, Program: is.ProgramID, Request: is.RequestID, DueAt: is.LateAt,
	}, true
}
