package api

import (
	"time"

	"carechat/shared/chat"
)

// RequestNew is the body of a new chat request.
type RequestNew struct {
	MemberID       string `path:"memberId" json:"-"`
	IdempotencyKey string `header:"idempotency-key" json:"-"`
	ProgramID      string `json:"programId"`
	ReasonID       string `json:"reasonId"`
	Comment        string `json:"comment"`
}

// ReasonChange gives a request another reason.
type ReasonChange struct {
	MemberID  string `path:"memberId" json:"-"`
	RequestID string `path:"requestId" json:"-"`
	IfMatch   string `header:"if-match" json:"-"`
	ReasonID  string `json:"reasonId"`
}

// RequestRef names one request.
type RequestRef struct {
	MemberID  string `path:"memberId" json:"-"`
	RequestID string `path:"requestId" json:"-"`
	IfMatch   string `header:"if-match" json:"-"`
}

// Closing closes a task.
type Closing struct {
	MemberID  string `path:"memberId" json:"-"`
	RequestID string `path:"requestId" json:"-"`
	IfMatch   string `header:"if-match" json:"-"`
	Outcome   string `json:"outcome"`
	Note      string `json:"note,omitempty"`
}

// Request is a chat request with its history.
type Request struct {
	ID              string            `json:"id"`
	URL             string            `json:"url"`
	State           chat.RequestState `json:"state"`
	Program         Named             `json:"program"`
	Reason          Labelled          `json:"reason"`
	Comment         string            `json:"comment"`
	CreatedAt       Time              `json:"createdAt"`
	UpdatedAt       Time              `json:"updatedAt"`
	Version         int               `json:"version"`
	ExpectedReplyBy Time              `json:"expectedReplyBy"`
	Late            bool              `json:"late,omitzero"`
	AllowedActions  []string          `json:"allowedActions"`
	History         []HistoryEntry    `json:"history"`
	Outcome         string            `json:"outcome,omitempty"`
	Note            string            `json:"note,omitempty"`
}

// EndedRequest is a request that has ended, as a list shows it.
type EndedRequest struct {
	ID              string            `json:"id"`
	URL             string            `json:"url"`
	State           chat.RequestState `json:"state"`
	Program         Named             `json:"program"`
	Reason          Labelled          `json:"reason"`
	CreatedAt       Time              `json:"createdAt"`
	UpdatedAt       Time              `json:"updatedAt"`
	Version         int               `json:"version"`
	ExpectedReplyBy Time              `json:"expectedReplyBy"`
	AllowedActions  []string          `json:"allowedActions"`
	Outcome         string            `json:"outcome,omitempty"`
}

// NewEndedRequest shapes a request that has ended. Only the care side is shown how it
// was closed.
func NewEndedRequest(c chat.Caller, r chat.EndedRequest) EndedRequest {
	out := EndedRequest{
		ID: r.ID, URL: requestURL(r.Member.ID, r.ID), State: r.State,
		Program: named(r.Program), Reason: labelled(r.Reason),
		CreatedAt: Time{r.CreatedAt}, UpdatedAt: Time{r.UpdatedAt}, Version: r.Version,
		ExpectedReplyBy: Time{r.DueAt}, AllowedActions: []string{},
	}
	if c.Kind == chat.CareManager {
		out.Outcome = r.Outcome
	}
	return out
}

// HistoryEntry is one thing that happened to a request.
type HistoryEntry struct {
	At     Time        `json:"at"`
	Action chat.Action `json:"action"`
	By     chat.Kind   `json:"by"`
	Reason *Labelled   `json:"reason,omitempty"`
	Why    string      `json:"why,omitempty"` // of a hand-over, to the care side alone
}

// NewRequest shapes a request for a caller, as it is now. Only the care side is shown
// how it was closed.
func NewRequest(c chat.Caller, r chat.Request, now time.Time) Request {
	out := Request{
		ID: r.ID, URL: requestURL(r.Member.ID, r.ID), State: r.State,
		Program: named(r.Program), Reason: labelled(r.Reason), Comment: r.Comment,
		CreatedAt: Time{r.CreatedAt}, UpdatedAt: Time{r.UpdatedAt}, Version: r.Version,
		ExpectedReplyBy: Time{r.DueAt}, Late: r.Late(now), AllowedActions: []string{},
		History: each(r.History, func(e chat.Entry) HistoryEntry { return historyEntry(c, e) }),
	}
	if c.Kind == chat.Member && r.State == chat.Open {
		out.AllowedActions = []string{"changeReason", "cancel"}
	}
	if c.Kind == chat.CareManager {
		out.Outcome, out.Note = r.Outcome, r.Note
	}
	return out
}

func historyEntry(c chat.Caller, e chat.Entry) HistoryEntry {
	out := HistoryEntry{At: Time{e.At}, Action: e.Action, By: e.By}
	if e.Reason.ID != "" {
		reason := labelled(e.Reason)
		out.Reason = &reason
	}
	if c.Kind == chat.CareManager {
		out.Why = e.Why
	}
	return out
}

// Task is an open request as the care side sees it in a list.
type Task struct {
	ID        string   `json:"id"`
	URL       string   `json:"url"`
	Member    Person   `json:"member"`
	Program   Named    `json:"program"`
	Reason    Labelled `json:"reason"`
	Excerpt   string   `json:"excerpt,omitempty"`
	CreatedAt Time     `json:"createdAt"`
	DueAt     Time     `json:"dueAt"`
	Overdue   bool     `json:"overdue"`
	Owner     Owner    `json:"owner"`
	Version   int      `json:"version"`
}

// NewTask shapes an open request as a task. Only care managers are shown what the member wrote.
func NewTask(c chat.Caller, r chat.Request, now time.Time) Task {
	out := Task{
		ID: r.ID, URL: requestURL(r.Member.ID, r.ID), Member: person(r.Member),
		Program: named(r.Program), Reason: labelled(r.Reason),
		CreatedAt: Time{r.CreatedAt}, DueAt: Time{r.DueAt}, Overdue: r.Late(now),
		Owner: newOwner(r.Owner), Version: r.Version,
	}
	if c.Kind == chat.CareManager {
		out.Excerpt = r.Excerpt
	}
	return out
}
