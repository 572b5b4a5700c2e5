package chat

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"carechat/shared/problem"
)

// asked is a table where a key was used for a request that was made.
type asked struct {
	talk
	record KeyRecord
}

func (a asked) RequestIntent(_ context.Context, _ MemberKey, programID, _ string) (*Enrollment, *Request, *KeyRecord, error) {
	if programID != "" && !ValidID(programID) {
		return nil, nil, nil, errors.New("no key can hold this")
	}
	return nil, nil, &a.record, nil
}

// A2: the record is looked for before any refusal, even of a body that could
// never be accepted: under a used key it is another body.
func TestAnInvalidBodyUnderAUsedKeyIsAnotherBody(t *testing.T) {
	thread := Thread{Organization: "harbor", ID: ThreadID("diabetes", "cm-1"), Member: Ref{ID: "ana"}, CareManager: Ref{ID: "cm-1"}, State: ThreadActive, Ownership: hers, CareManagerSide: Side{Sent: 1}}
	used := talk{enrollment: Enrollment{Ownership: hers, State: EnrollmentActive, Program: Ref{ID: "diabetes"}}, thread: &thread, sent: &Message{Seq: 1, Text: hello.Text}}
	empty := Draft{ClientMessageID: hello.ClientMessageID, Text: " "}
	_, sent := used.service().Send(t.Context(), herself, "ana", thread.ID, empty)
	_, started := used.service().Start(t.Context(), herself, "ana", "diabetes", empty)
	s := &RequestService{Store: asked{used, KeyRecord{Body: "another", ExpiresAt: noon.Add(time.Hour)}}, Now: func() time.Time { return noon }}
	ana := Caller{Kind: Member, Organization: "harbor", ID: "ana"}
	_, none := s.Submit(t.Context(), ana, "me", RequestDraft{IdempotencyKey: "0123456789abcdef"})
	_, noID := s.Submit(t.Context(), ana, "me", RequestDraft{IdempotencyKey: "0123456789abcdef", ProgramID: strings.Repeat("#", 5000)})
	for name, err := range map[string]error{"a message": sent, "a first message": started, "a request": none, "a request of no program": noID} {
		if !problem.Is(err, problem.IdempotencyKeyReused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	used.sent = nil
	if _, err := used.service().Send(t.Context(), herself, "ana", thread.ID, empty); !problem.Is(err, problem.ValidationFailed) {
		t.Errorf("under a new key: %v", err)
	}
}

// A2: a repeat shows the thread in its current state: after a hand-over its
// author may only read it.
func TestARepeatAfterAHandOverSaysThatTheThreadIsNotTheirs(t *testing.T) {
	theirs := Ownership{Owner{Kind: OwnedByCareManager, ID: "cm-2"}, "heart"}
	thread := Thread{Organization: "harbor", ID: ThreadID("diabetes", "cm-1"), Member: Ref{ID: "ana"}, CareManager: Ref{ID: "cm-1"}, State: ThreadActive, Ownership: theirs, CareManagerSide: Side{Sent: 1}}
	rows := talk{enrollment: Enrollment{Ownership: theirs, Program: Ref{ID: "diabetes"}}, thread: &thread, sent: &Message{Seq: 1, Text: hello.Text}}
	posted, err := rows.service().Start(t.Context(), herself, "ana", "diabetes", hello)
	if rule := posted.Thread.CanReply(herself, posted.Access); err != nil || !posted.Replayed || rule.Reason != "notYours" {
		t.Errorf("%+v, %+v, %v", posted, rule, err)
	}
}

// staffed is a table with one care manager, one department and no tasks.
type staffed struct{ store }

func (staffed) CareManager(_ context.Context, _, id string) (*CareManagerRow, error) {
	if id == "cm-1" {
		return &CareManagerRow{ID: id}, nil
	}
	return nil, nil
}

func (staffed) Catalog(context.Context, string, bool) (Catalog, error) {
	return Catalog{Departments: map[string]Department{"nurses": {ID: "nurses"}}}, nil
}

func (staffed) Colleagues(context.Context, string) (map[string]CareManagerRow, error) {
	return nil, nil
}

func (staffed) Tasks(context.Context, string, Work, string, int) ([]Placed[Request], error) {
	return nil, nil
}

// A4: an unknown id in a query is 422, with the parameter that it is in.
func TestPlatformNamesOneExistingOwner(t *testing.T) {
	s := &ListService{Store: staffed{}}
	for q, pointer := range map[WorkQuery]string{
		{CareManagerID: "cm-1"}:  "",
		{DepartmentID: "nurses"}: "",
		{}:                       "?careManagerId",
		{CareManagerID: "cm-1", DepartmentID: "nurses"}: "?careManagerId",
		{CareManagerID: "nobody"}:                       "?careManagerId",
		{CareManagerID: "#"}:                            "?careManagerId",
		{DepartmentID: "nothing"}:                       "?departmentId",
		{DepartmentID: "#"}:                             "?departmentId",
	} {
		_, err := s.Tasks(t.Context(), Caller{Kind: Platform, Organization: "harbor"}, q)
		got := ""
		var p *problem.Problem
		if errors.As(err, &p) {
			got = p.Fields[0].Pointer
		}
		if got != pointer {
			t.Errorf("%+v: %q (%v), want %q", q, got, err, pointer)
		}
	}
}
