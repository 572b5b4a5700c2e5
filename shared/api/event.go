package api

import "carechat/shared/chat"

// Event is a message on the topic of events; events.json is its contract (N8).
type Event struct {
	EventID        string         `json:"eventId"`
	Type           chat.EventType `json:"type"`
	OrganizationID string         `json:"organizationId"`
	Aggregate      string         `json:"aggregate"`
	Sequence       int            `json:"sequence"`
	At             Time           `json:"at"`
	MemberID       string         `json:"memberId,omitzero"`
	ProgramID      string         `json:"programId,omitzero"`
	Owner          OwnerID        `json:"owner,omitzero"`
	ChatRequestID  string         `json:"chatRequestId,omitzero"`
	DueAt          Time           `json:"dueAt,omitzero"`
	ThreadID       string         `json:"threadId,omitzero"`
	CareManagerID  string         `json:"careManagerId,omitzero"`
	Author         chat.Kind      `json:"author,omitzero"`
	Seq            int            `json:"seq,omitzero"`
	UnreadSince    Time           `json:"unreadSince,omitzero"`
	CoverageID     string         `json:"coverageId,omitzero"`
	CoverID        string         `json:"coverId,omitzero"`
	From           Time           `json:"from,omitzero"`
	To             Time           `json:"to,omitzero"`
	DepartmentID   string         `json:"departmentId,omitzero"`
}

// OwnerID is an owner without a name.
type OwnerID struct {
	Kind chat.OwnerKind `json:"kind"`
	ID   string         `json:"id"`
}

// NewEvent shapes an event. It copies only ids and times.
func NewEvent(e chat.Event) Event {
	return Event{
		EventID: e.ID(), Type: e.Type, OrganizationID: e.Key.Organization, Aggregate: e.Aggregate, Sequence: e.Sequence, At: Time{e.At},
		MemberID: e.Key.Member, ProgramID: e.Program, Owner: OwnerID{e.Owner.Kind, e.Owner.ID},
		ChatRequestID: e.Request, DueAt: Time{e.DueAt},
		ThreadID: e.Thread, CareManagerID: e.CareManager, Author: e.Author, Seq: e.Seq, UnreadSince: Time{e.UnreadSince},
		CoverageID: e.Coverage, CoverID: e.Cover, From: Time{e.From}, To: Time{e.To}, DepartmentID: e.Department,
	}
}
