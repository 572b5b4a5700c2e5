package chat

import (
	"slices"
	"time"

	"carechat/shared/problem"
)

// RequestState is where a chat request stands.
type RequestState string

// A request is open, then closed by the care side or cancelled.
const (
	Open      RequestState = "open"
	Closed    RequestState = "closed"
	Cancelled RequestState = "cancelled"
)

// Action is what was done to a request.
type Action string

// What happens to a request, as its history says it.
const (
	Submitted     Action = "submitted"
	ReasonChanged Action = "reasonChanged"
	Assigned      Action = "assigned"
	WasCancelled  Action = "cancelled"
	WasClosed     Action = "closed"
)

// What keeps a request's history, and so its row, small: changes beyond are
// refused, and of its hand-overs the last ones are kept.
const (
	maxReasonChanges = 20
	MaxAssigned      = 50
)

// Request is a member's ask for a chat. As the care side sees it, it is a task:
// same id, due time, owner; closing the task closes the request.
type Request struct {
	Organization string
	ID           string
	Member       Ref
	Program      Ref
	Reason       Ref
	Comment      string
	State        RequestState
	Ownership
	CreatedAt time.Time
	UpdatedAt time.Time
	DueAt     time.Time
	History   []Entry
	Outcome   string // how the care side closed it
	Note      string // the care side's own words on that
	Version   int
}

// Entry is one line of a request's history.
type Entry struct {
	At     time.Time
	Action Action
	By     Kind
	Reason Ref // the reason chosen, where one was
}

// Key says whose request it is.
func (r Request) Key() MemberKey { return MemberKey{r.Organization, r.Member.ID} }

// step is what an action does to a request in a state: it moves on, it is
// already done (the same answer again), or it is refused.
type step struct {
	to      RequestState
	done    bool
	refused problem.Code
}

// steps is the state table of a request (G4), whole: every state, every action.
var steps = map[RequestState]map[Action]step{
	Open: {
		ReasonChanged: {to: Open},
		Assigned:      {to: Open},
		WasCancelled:  {to: Cancelled},
		WasClosed:     {to: Closed},
	},
	Closed: {
		ReasonChanged: {refused: problem.RequestClosed},
		Assigned:      {refused: problem.RequestClosed},
		WasCancelled:  {refused: problem.RequestClosed},
		WasClosed:     {done: true},
	},
	Cancelled: {
		ReasonChanged: {refused: problem.RequestCancelled},
		Assigned:      {refused: problem.RequestCancelled},
		WasCancelled:  {done: true},
		WasClosed:     {refused: problem.RequestCancelled},
	},
}

// apply takes the action, if the state lets it. done means that nothing needs
// saving: it was taken before. What has ended is a conflict that shows it (A3).
func (r Request) apply(e Entry) (next Request, done bool, err error) {
	s := steps[r.State][e.Action]
	if s.refused != "" {
		return r, false, problem.WithCurrent(s.refused, r)
	}
	if s.done {
		return r, true, nil
	}
	r.State = s.to
	r.UpdatedAt = e.At
	r.Version++
	r.History = append(slices.Clone(r.History), e)
	if r.times(Assigned) > MaxAssigned {
		oldest := slices.IndexFunc(r.History, func(e Entry) bool { return e.Action == Assigned })
		r.History = slices.Delete(r.History, oldest, oldest+1)
	}
	return r, false, nil
}

// times counts how often the history says an action.
func (r Request) times(a Action) (n int) {
	for _, e := range r.History {
		if e.Action == a {
			n++
		}
	}
	return n
}
