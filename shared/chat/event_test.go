package chat

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	rivera    = Owner{Kind: OwnedByCareManager, ID: "cm-rivera", Name: "R. Rivera"}
	nurses    = Owner{Kind: OwnedByDepartment, ID: "nurses", Name: "Nurses"}
	eventTime = time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC)
)

// changed returns a copy of a row after a change.
func changed[T any](row T, change func(*T)) *T {
	change(&row)
	return &row
}

// N8: which changes of rows the platform hears of, and by what name.
func TestWhichChangesAreEvents(t *testing.T) {
	ownership := Ownership{Owner: rivera, Department: "nurses"}
	request := Request{ID: "req_1", State: Open, Reason: Ref{ID: "symptoms"}, Ownership: ownership, Version: 1}
	enrollment := Enrollment{State: EnrollmentActive, Ownership: ownership, Version: 1}
	thread := Thread{ID: "thr_1", State: ThreadActive, Ownership: ownership, MemberSide: Side{Sent: 1}, Version: 1}
	to := func(s RequestState) *Request { return changed(request, func(r *Request) { r.State = s }) }
	coverage := Coverage{ID: "vacation", By: Ref{ID: "cm-chen"}, From: eventTime, To: eventTime.Add(time.Hour)}
	enrolled := func(s EnrollmentState, o Owner) *Enrollment {
		return changed(enrollment, func(e *Enrollment) { e.State, e.Owner = s, o })
	}
	for name, test := range map[string]struct {
		was, is any
		want    EventType
	}{
		"a new request":                     {nil, &request, RequestSubmitted},
		"another reason":                    {&request, changed(request, func(r *Request) { r.Reason.ID = "other" }), RequestReasonChanged},
		"a request that is handed over":     {&request, changed(request, func(r *Request) { r.Owner = nurses }), ""},
		"an open request's row that goes":   {&request, nil, ""},
		"a cancelled request":               {nil, to(Cancelled), RequestCancelled},
		"a closed request":                  {nil, to(Closed), RequestClosed},
		"a new enrollment":                  {nil, &enrollment, EnrollmentAssigned},
		"another owner":                     {&enrollment, enrolled(EnrollmentActive, nurses), EnrollmentAssigned},
		"another name of the owner":         {&enrollment, enrolled(EnrollmentActive, Owner{Kind: rivera.Kind, ID: rivera.ID}), ""},
		"an enrollment that is closed":      {&enrollment, enrolled(EnrollmentClosed, rivera), ""},
		"a closed one that is new":          {nil, enrolled(EnrollmentClosed, rivera), ""},
		"one that is opened again":          {enrolled(EnrollmentClosed, rivera), &enrollment, EnrollmentAssigned},
		"a thread's first message":          {nil, &thread, MessageSent},
		"a message of the care manager":     {&thread, changed(thread, func(t *Thread) { t.CareManagerSide.Sent++ }), MessageSent},
		"a thread that is read":             {&thread, changed(thread, func(t *Thread) { t.CareManagerSide.ReadSeq++ }), ""},
		"a thread that is unread too long":  {&thread, changed(thread, func(t *Thread) { t.UnreadByMemberSince = eventTime }), MemberUnreadTooLong},
		"a message in it":                   {changed(thread, func(t *Thread) { t.UnreadByMemberSince = eventTime }), changed(thread, func(t *Thread) { t.MemberSide.Sent++; t.UnreadByMemberSince = eventTime }), MessageSent},
		"a task that may be late":           {nil, &LateMark{RequestID: "req_1"}, ""},
		"a task that is late":               {&LateMark{RequestID: "req_1"}, &LateMark{RequestID: "req_1", Listed: true}, RequestLate},
		"one that is late still":            {&LateMark{RequestID: "req_1", Listed: true}, &LateMark{RequestID: "req_1", Listed: true}, ""},
		"the next one in its program":       {&LateMark{RequestID: "req_1", Listed: true}, &LateMark{RequestID: "req_2", Listed: true}, RequestLate},
		"a thread that is late":             {nil, &LateMark{ThreadID: "thr_1", Listed: true}, ""},
		"a coverage to come":                {nil, &CoverageMark{Next: coverage}, ""},
		"a coverage that starts":            {&CoverageMark{Next: coverage}, &CoverageMark{Told: coverage}, CoverageStarted},
		"a coverage that is longer":         {&CoverageMark{Told: coverage}, &CoverageMark{Told: coverage.until(eventTime)}, ""},
		"a coverage that ends":              {&CoverageMark{Told: coverage}, &CoverageMark{}, CoverageEnded},
		"one that another is to follow":     {&CoverageMark{Told: coverage}, &CoverageMark{Next: coverage}, CoverageEnded},
		"a department nobody is in":         {nil, &Attendance{}, ""},
		"one that has work":                 {&Attendance{}, &Attendance{Unattended: true}, DepartmentUnattended},
		"one that has work still":           {&Attendance{Unattended: true}, &Attendance{Unattended: true}, ""},
		"one that somebody is in again":     {&Attendance{Unattended: true}, &Attendance{}, DepartmentAttended},
		"a member who is new":               {nil, &Profile{ID: "ana"}, ""},
		"one who is being erased":           {&Profile{ID: "ana"}, &Profile{ID: "ana", ErasedAt: eventTime, EraseAt: eventTime}, ""},
		"one who has been":                  {&Profile{ID: "ana", ErasedAt: eventTime, EraseAt: eventTime}, &Profile{ID: "ana", ErasedAt: eventTime}, MemberErased},
		"one who is put again":              {&Profile{ID: "ana", ErasedAt: eventTime}, &Profile{ID: "ana"}, ""},
		"a row of another kind":             {nil, &Person{ID: "ana"}, ""},
		"a row that this release knows not": {nil, nil, ""},
	} {
		e, ok := EventOf(test.was, test.is, eventTime)
		if e.Type != test.want && ok || ok != (test.want != "") {
			t.Errorf("%s: %q %v, want %q", name, e.Type, ok, test.want)
		}
	}
}

// An event's id is the same however often it is made, and no other event's: not of
// the next version, another member or another organization.
func TestAnEventsIDFollowsFromWhatHappened(t *testing.T) {
	row := Thread{Organization: "harbor", ID: "thr_1", Member: Ref{ID: "ana"}, MemberSide: Side{Sent: 1}, Version: 3}
	id := func(row Thread, at time.Time) string {
		e, _ := EventOf(nil, &row, at)
		return e.ID()
	}
	if diff := cmp.Diff(id(row, eventTime), id(row, eventTime.Add(time.Hour))); diff != "" {
		t.Error(diff)
	}
	seen := map[string]bool{id(row, eventTime): true}
	for _, change := range []func(*Thread){
		func(t *Thread) { t.Version++ }, func(t *Thread) { t.Member.ID = "ben" },
		func(t *Thread) { t.Organization = "summit" }, func(t *Thread) { t.ID = "thr_2" },
	} {
		other := id(*changed(row, change), eventTime)
		if seen[other] {
			t.Errorf("%s is another event's", other)
		}
		seen[other] = true
	}
}
