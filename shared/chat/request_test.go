package chat

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"carechat/shared/problem"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func openRequest() Request {
	return Request{
		Organization: "harbor", ID: "req_1", Member: Ref{"ana", "Ana"}, Program: Ref{"diabetes", "Diabetes"},
		Reason: Ref{"symptoms", "Symptoms"}, State: Open, CreatedAt: noon, UpdatedAt: noon, Version: 1,
		History: []Entry{{At: noon, Action: Submitted, By: Member}},
	}
}

// Every state and every action, with what must come of it (G4).
func TestEveryActionOnEveryStateOfARequest(t *testing.T) {
	moves, repeats := "moves", "is done already"
	want := map[RequestState]map[Action]string{
		Open:      {ReasonChanged: moves, Assigned: moves, WasCancelled: moves, WasClosed: moves},
		Closed:    {ReasonChanged: "request-closed", Assigned: "request-closed", WasCancelled: "request-closed", WasClosed: repeats},
		Cancelled: {ReasonChanged: "request-cancelled", Assigned: "request-cancelled", WasCancelled: repeats, WasClosed: "request-cancelled"},
	}
	to := map[Action]RequestState{ReasonChanged: Open, Assigned: Open, WasCancelled: Cancelled, WasClosed: Closed}
	for state, actions := range want {
		for action, outcome := range actions {
			t.Run(fmt.Sprintf("%s %s", state, action), func(t *testing.T) {
				r := openRequest()
				r.State = state
				next, done, err := r.apply(Entry{At: noon.Add(time.Hour), Action: action, By: Member})
				var p *problem.Problem
				switch {
				case outcome == moves:
					if err != nil || done || next.State != to[action] || next.Version != 2 || len(next.History) != 2 || !next.UpdatedAt.Equal(noon.Add(time.Hour)) {
						t.Errorf("got %+v, done %v, %v", next, done, err)
					}
				case outcome == repeats:
					if err != nil || !done || next.Version != 1 || len(next.History) != 1 {
						t.Errorf("got %+v, done %v, %v", next, done, err)
					}
				case !errors.As(err, &p) || string(p.Code) != outcome || p.Current.(Request).State != state:
					t.Errorf("got %v, want %s with the request as it stands", err, outcome)
				}
			})
		}
	}
	if len(steps) != len(want) || len(steps[Open]) != len(want[Open]) {
		t.Error("a state or an action is not in this test")
	}
}

func TestApplyLeavesItsReceiverAlone(t *testing.T) {
	r := openRequest()
	r.History = append(make([]Entry, 0, 10), r.History...)
	a, _, _ := r.apply(Entry{Action: ReasonChanged, Reason: Ref{ID: "a"}})
	b, _, _ := r.apply(Entry{Action: ReasonChanged, Reason: Ref{ID: "b"}})
	if a.History[1].Reason.ID != "a" || b.History[1].Reason.ID != "b" || len(r.History) != 1 {
		t.Error("two decisions on one request share their history")
	}
}

// A request that is handed over again and again keeps its beginning, every change of its
// reason and its last hand-overs: a row has room for 400 KB.
func TestAHistoryKeepsTheLastHandOvers(t *testing.T) {
	r := openRequest()
	for n := range 10 * MaxAssigned {
		action := Assigned
		if n%MaxAssigned == 0 {
			action = ReasonChanged
		}
		r, _, _ = r.apply(Entry{At: noon.Add(time.Duration(n) * time.Hour), Action: action, By: Platform})
	}
	if r.History[0].Action != Submitted || r.times(ReasonChanged) != 10 || r.times(Assigned) != MaxAssigned || r.Version != 10*MaxAssigned+1 {
		t.Errorf("%d lines, version %d", len(r.History), r.Version)
	}
	if last := r.History[len(r.History)-1]; !last.At.Equal(r.UpdatedAt) {
		t.Errorf("the last line is of %v", last.At)
	}
}

func catalog() Catalog {
	return Catalog{
		Organization: Organization{ID: "harbor", Languages: []string{"en"}, Calendar: Calendar{ReplyHours: 24}},
		Programs: map[string]Program{
			"diabetes": {ID: "diabetes", Kind: Guided}, "wellness": {ID: "wellness", Kind: Classic},
		},
		Reasons: map[string]Reason{
			"symptoms": {ID: "symptoms", Active: true},
			"retired":  {ID: "retired"},
			"heart":    {ID: "heart", Active: true, ProgramIDs: []string{"heart"}, ReplyHours: 2},
		},
	}
}

func TestRefusedRequests(t *testing.T) {
	active := &Enrollment{State: EnrollmentActive, Program: Ref{"diabetes", "Diabetes"}}
	open := openRequest()
	for name, c := range map[string]struct {
		enrollment      *Enrollment
		open            *Request
		program, reason string
		want            string
	}{
		"nothing against it":          {active, nil, "diabetes", "symptoms", ""},
		"paused makes no difference":  {&Enrollment{State: EnrollmentActive, Paused: true}, nil, "diabetes", "symptoms", ""},
		"no enrollment":               {nil, nil, "diabetes", "symptoms", "not-eligible (notEnrolled)"},
		"a closed enrollment":         {&Enrollment{State: EnrollmentClosed}, nil, "diabetes", "symptoms", "not-eligible (closed)"},
		"telephone only":              {active, nil, "wellness", "symptoms", "not-eligible (classic)"},
		"one is open":                 {active, &open, "diabetes", "symptoms", "open-request-exists"},
		"an unknown reason":           {active, nil, "diabetes", "nonsense", "validation-failed"},
		"a retired reason":            {active, nil, "diabetes", "retired", "validation-failed"},
		"a reason of another program": {active, nil, "diabetes", "heart", "validation-failed"},
	} {
		t.Run(name, func(t *testing.T) {
			err := refuseSubmit(c.enrollment, c.open, RequestDraft{ProgramID: c.program, ReasonID: c.reason}, catalog())
			if got := fmt.Sprint(err); c.want != "" && got != c.want || c.want == "" && err != nil {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestARequestIsDueByItsReasonElseByTheCalendar(t *testing.T) {
	c := catalog()
	if got := c.replyBy(c.Reasons["heart"], noon); !got.Equal(noon.Add(2 * time.Hour)) {
		t.Errorf("by reason: %v", got)
	}
	if got := c.replyBy(c.Reasons["symptoms"], noon); !got.Equal(noon.Add(24 * time.Hour)) {
		t.Errorf("by calendar: %v", got)
	}
}

// T13: asked on a Saturday, an office that opens on Monday answers on Monday.
func TestARequestIsDueInTheOrganizationsWorkingTime(t *testing.T) {
	c := catalog()
	c.Organization.TimeZone = "America/New_York"
	c.Organization.Calendar = week("08:00", "17:00", "mon", "tue", "wed", "thu", "fri")
	c.Organization.Calendar.ReplyHours = 9
	saturday := time.Date(2026, 3, 7, 16, 0, 0, 0, time.UTC)
	if got, monday := c.replyBy(c.Reasons["symptoms"], saturday), time.Date(2026, 3, 9, 21, 0, 0, 0, time.UTC); !got.Equal(monday) {
		t.Errorf("a reply by %v, not %v", got, monday)
	}
}

func TestPreconditions(t *testing.T) {
	for name, c := range map[string]struct {
		when    Precondition
		version int
		want    bool
	}{
		"none":                       {Precondition{}, 3, true},
		"If-Match of this version":   {Precondition{Matches: []int{1, 3}}, 3, true},
		"If-Match of another":        {Precondition{Matches: []int{2}}, 3, false},
		"If-Match of no version":     {Precondition{Matches: []int{}}, 3, false},
		"If-Match * of nothing":      {Precondition{Exists: true}, 0, false},
		"If-Match * of something":    {Precondition{Exists: true}, 1, true},
		"If-None-Match * of nothing": {Precondition{Absent: true}, 0, true},
		"If-None-Match * of a thing": {Precondition{Absent: true}, 1, false},
	} {
		if got := c.when.Allows(c.version); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// A request's reason changes at most twenty times; the one it has costs no change.
func TestAReasonChangesTwentyTimes(t *testing.T) {
	r := openRequest()
	for n := range maxReasonChanges {
		next, done, err := r.withReason(Ref{ID: fmt.Sprint("reason-", n)}, noon)
		if done || err != nil {
			t.Fatalf("change %d: %v, %v", n+1, done, err)
		}
		r = next
	}
	if _, done, err := r.withReason(r.Reason, noon); !done || err != nil {
		t.Errorf("the reason that it has: %v, %v", done, err)
	}
	if _, _, err := r.withReason(Ref{ID: "one-more"}, noon); !problem.Is(err, problem.TooManyChanges) {
		t.Errorf("one more: %v", err)
	}
}

// A3: state comes before version: a request that has ended is answered as ended, even
// under a stale If-Match.
func TestAStaleVersionOfAnEndedRequest(t *testing.T) {
	closed := openRequest()
	closed.State, closed.Version = Closed, 3
	change := func(action Action) error {
		_, err := changeRequest(t.Context(), shown{}, ana, Precondition{Matches: []int{1}}, requestChange{
			find:   func() (Request, error) { return closed, nil },
			decide: func(r Request) (Request, bool, error) { return r.apply(Entry{At: noon, Action: action}) },
			save:   func(context.Context, Request) error { t.Error("saved"); return nil },
		})
		return err
	}
	if err := change(WasCancelled); !problem.Is(err, problem.RequestClosed) {
		t.Errorf("cancelled: %v", err)
	}
	if err := change(WasClosed); err != nil {
		t.Errorf("closed again: %v", err)
	}
}
