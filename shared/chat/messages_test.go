package chat

import (
	"cmp"
	"context"
	"testing"
	"time"

	"carechat/shared/problem"
)

// talk is a table with one enrollment and perhaps a thread, in which one message
// is recorded: whoever asks for a record of their side finds it.
type talk struct {
	departments
	enrollment Enrollment
	thread     *Thread
	sent       *Message
	kind       ProgramKind // Guided if ""
}

func (t talk) Catalog(context.Context, string, bool) (Catalog, error) {
	return Catalog{Programs: map[string]Program{"diabetes": {ID: "diabetes", Kind: cmp.Or(t.kind, Guided)}}}, nil
}

func (talk) Colleagues(context.Context, string) (map[string]CareManagerRow, error) { return nil, nil }

func (t talk) Thread(context.Context, MemberKey, string) (*Thread, error) { return t.thread, nil }

func (t talk) EnrollmentAndThread(context.Context, MemberKey, string, string) (*Enrollment, *Thread, error) {
	return &t.enrollment, t.thread, nil
}

func (t talk) Sent(context.Context, MemberKey, string, Kind, string) (*Message, error) {
	return t.sent, nil
}

func (t talk) AddMessage(context.Context, Thread, Message) error { return nil }

func (t talk) StartThread(context.Context, Enrollment, Thread, Message) error { return nil }

func (t talk) service() *SendService {
	return &SendService{Store: t, Now: func() time.Time { return noon }, NewID: func(prefix string) string { return prefix + "_1" }}
}

var (
	hello   = Draft{ClientMessageID: "client-message-0001", Text: "Hello"}
	herself = Caller{Kind: CareManager, Organization: "harbor", ID: "cm-1", Departments: []string{"nurses"}}
	hers    = Ownership{Owner{Kind: OwnedByCareManager, ID: "cm-1"}, "nurses"}
)

// A2: a care manager's message is no repeat for another one who may do everything in the
// thread but write, even if they send the same with the same id.
func TestRepeatsAreOnlyForTheirAuthor(t *testing.T) {
	thread := Thread{Organization: "harbor", ID: ThreadID("diabetes", "cm-1"), Member: Ref{ID: "ana"}, CareManager: Ref{ID: "cm-1"}, State: ThreadInactive, Ownership: hers, CareManagerSide: Side{Sent: 1}}
	s := talk{thread: &thread, sent: &Message{ID: "msg_0", Seq: 1, Text: hello.Text}}.service()
	cover := Caller{Kind: CareManager, Organization: "harbor", ID: "cm-2", Covers: []Cover{{Ref{ID: "cm-1"}, noon, noon.Add(time.Hour)}}}
	if posted, err := s.Send(t.Context(), cover, "ana", thread.ID, hello); !problem.Is(err, problem.ThreadReadOnly) {
		t.Errorf("the one who covers: %+v, %v", posted, err)
	}
	posted, err := s.Send(t.Context(), herself, "ana", thread.ID, hello)
	if err != nil || !posted.Replayed || posted.Message.ID != "msg_0" {
		t.Errorf("the author: %+v, %v", posted, err)
	}
}

// A4: where the member can write, the owner can answer, even if the program became classic.
func TestWhatWasBegunInAClassicProgramCanBeAnswered(t *testing.T) {
	for has, want := range map[int]problem.Code{0: problem.NotEligible, 1: ""} {
		e := Enrollment{Organization: "harbor", Member: Ref{ID: "ana"}, Program: Ref{ID: "diabetes"}, State: EnrollmentActive, Ownership: hers, Threads: has, Version: 1}
		if _, err := (talk{enrollment: e, kind: Classic}).service().Start(t.Context(), herself, "ana", "diabetes", hello); !refused(err, want) {
			t.Errorf("beside %d: %v, want %q", has, err, want)
		}
	}
}

// T9: an enrollment has few threads, for a hand-over moves them all at once. The threads of
// former colleagues do not count against the owner, who can always answer.
func TestTheNinetyFirstThreadIsTooMany(t *testing.T) {
	department := Ownership{Owner: Owner{Kind: OwnedByDepartment, ID: "nurses"}, Department: "nurses"}
	for _, c := range []struct {
		of   Ownership
		has  int
		want problem.Code
	}{
		{department, 0, ""}, {department, maxBegun - 1, ""}, {department, maxBegun, problem.TooManyThreads},
		{hers, maxBegun, ""}, {hers, MaxThreads - 1, ""}, {hers, MaxThreads, problem.TooManyThreads},
	} {
		e := Enrollment{Organization: "harbor", Member: Ref{ID: "ana"}, Program: Ref{ID: "diabetes"}, State: EnrollmentActive, Ownership: c.of, Threads: c.has, Version: 1}
		if _, err := (talk{enrollment: e}).service().Start(t.Context(), herself, "ana", "diabetes", hello); !refused(err, c.want) {
			t.Errorf("beside %d of %s: %v, want %q", c.has, c.of.Owner.ID, err, c.want)
		}
	}
}

// T9: nobody who could not answer becomes the owner.
func TestAnOwnerCanAnswer(t *testing.T) {
	full := Enrolled{Enrollment: Enrollment{Ownership: hers, Version: 1}, Threads: make([]Thread, MaxThreads)}
	full.Threads[0].CareManager.ID = "cm-had-one"
	for owner, can := range map[Owner]bool{
		{Kind: OwnedByCareManager, ID: "cm-new"}: false, {Kind: OwnedByCareManager, ID: "cm-had-one"}: true, {Kind: OwnedByDepartment, ID: "nurses"}: true,
	} {
		becomes := full.Enrollment
		becomes.Owner = owner
		if _, err := full.MoveTo(becomes, Platform, noon); (err == nil) != can {
			t.Errorf("%s: %v", owner.ID, err)
		}
	}
	full.Threads = full.Threads[1:]
	becomes := full.Enrollment
	becomes.Owner = Owner{Kind: OwnedByCareManager, ID: "cm-new"}
	if _, err := full.MoveTo(becomes, Platform, noon); err != nil {
		t.Errorf("beside one less: %v", err)
	}
}
