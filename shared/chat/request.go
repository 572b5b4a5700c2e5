package chat

import (
	"slices"
	"time"

	"carechat/shared/problem"
)

// RequestState says how far a chat request has come.
type RequestState string

// A request is open, then closed by the care side or cancelled.
const (
	Open      RequestState = "open"
	Closed    RequestState = "closed"
	Cancelled RequestState = "cancelled"
)

// Action says what was done to a request.
type Action string

// The actions in a request's history.
const (
	Submitted     Action = "submitted"
	ReasonChanged Action = "reasonChanged"
	Assigned      Action = "assigned"
	WasCancelled  Action = "cancelled"
	WasClosed     Action = "closed"
)

// These bounds keep a request's history, and so its row, small: further changes of
// the reason are refused, and of the hand-overs the last ones stay.
const (
	maxReasonChanges = 20
	MaxAssigned      = 50
)

// Request is a chat that a member asks for. To the care side it is a task, with the
// same id, a due time and an owner; closing the task closes the request.
type Request struct {
	Organization string
	ID           string
	Member       Ref
	Program      Ref
	Reason       Ref
	Comment      string
	Excerpt      string // of the comment, at most 200 code points; "" once the request has ended
	State        RequestState
	Ownership
	CreatedAt time.Time
	UpdatedAt time.Time
	DueAt     time.Time
	CheckAt   time.Time // when upkeep marks it as late, unless it has (T13)
	History   []Entry
	Outcome   string // how the care side closed it
	Note      string // what the care side noted on that
	Version   int
}

// Entry is one line of a request's history.
type Entry struct {
	At     time.Time
	Action Action
	By     Kind
	Reason Ref    // the reason chosen, if one was
	Why    string // what was said of a hand-over; "" for nothing
}

// Key returns whose request it is.
func (r Request) Key() MemberKey { return MemberKey{r.Organization, r.Member.ID} }

// step is what an action does to a request in a state: the request moves on, the
// action is done already (the same answer again), or it is refused.
type step struct {
	to      RequestState
	done    bool
	refused problem.Code
}

// steps is the whole state table of a request (G4): every state, every action.
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

// apply returns the request after an action; done if the action was taken before
// and nothing needs saving. On a request that has ended it returns a conflict that
// shows it (A3).
func (r Request) apply(e Entry) (next Request, done bool, err error) {
	s := steps[r.State][e.Action]
	if s.refused != "" {
		return r, false, problem.WithCurrent(s.refused, r)
	}
	if s.done {
		return r, true, nil
	}
	if r.State = s.to; r.State != Open {
		r.CheckAt = time.Time{}
	}
	r.UpdatedAt = e.At
	r.Version++
	r.History = append(slices.Clone(r.History), e)
	if r.times(Assigned) > MaxAssigned {
		oldest := slices.IndexFunc(r.History, func(e Entry) bool { return e.Action == Assigned })
		r.History = slices.Delete(r.History, oldest, oldest+1)
	}
	return r, false, nil
}

// withReason gives the open request another reason; done if it has that one
// already.
func (r Request) withReason(reason Ref, at time.Time) (next Request, done bool, err error) {
	next, _, err = r.apply(Entry{At: at, Action: ReasonChanged, By: Member, Reason: reason})
	switch {
	case err != nil:
		return r, false, err
	case r.Reason.ID == reason.ID:
		return r, true, nil
	case r.times(ReasonChanged) >= maxReasonChanges:
		return r, false, problem.WithCurrent(problem.TooManyChanges, r)
	}
	next.Reason = reason
	return next, false, nil
}

// times returns how often the history has an action.
func (r Request) times(a Action) (n int) {
	for _, e := range r.History {
		if e.Action == a {
			n++
		}
	}
	return n
}
