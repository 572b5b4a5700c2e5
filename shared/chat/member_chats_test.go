package chat

import (
	"context"
	"testing"
	"time"
)

// shown is a table with a member's screen and three programs, one of them by
// telephone only.
type shown struct{ *screens }

func (shown) Catalog(context.Context, string, bool) (Catalog, error) {
	return Catalog{
		Programs: map[string]Program{
			"diabetes": {ID: "diabetes", Kind: Guided}, "heart": {ID: "heart", Kind: Guided}, "calls": {ID: "calls", Kind: Classic},
		},
		Reasons: map[string]Reason{"symptoms": {ID: "symptoms", Active: true}, "old": {ID: "old"}},
	}, nil
}

func (shown) Colleagues(context.Context, string) (map[string]CareManagerRow, error) { return nil, nil }

func show(s MemberChats) *ListService {
	return &ListService{Store: shown{&screens{all: s}}, Now: func() time.Time { return noon }}
}

func enrolled(id string, state EnrollmentState) Enrollment {
	return Enrollment{Program: Ref{id, "Name of " + id}, State: state, Version: 1}
}

// G3, T9: the dot is what is unread in active threads, alike wherever it is shown.
func TestTheDotIsOfActiveThreads(t *testing.T) {
	thread := func(id string, state ThreadState, sent, read int) Thread {
		return Thread{ID: id, State: state, CareManagerSide: Side{Sent: sent}, MemberSide: Side{ReadSeq: read, ReadSent: read}}
	}
	for want, threads := range map[Unread][]Thread{
		{}:           {thread("t1", ThreadActive, 3, 3), thread("t2", ThreadInactive, 2, 0)},
		{true, 2, 4}: {thread("t1", ThreadActive, 3, 0), thread("t2", ThreadActive, 2, 1), thread("t3", ThreadInactive, 9, 1), thread("t4", ThreadActive, 1, 1)},
	} {
		s := show(MemberChats{Threads: threads})
		dot, _, err := s.Unread(t.Context(), ana, "me")
		chats, again := s.Chats(t.Context(), ana, "me")
		if err != nil || again != nil || dot != want || chats.Unread != want {
			t.Errorf("want %+v, got %+v and, on the screen, %+v; %v %v", want, dot, chats.Unread, err, again)
		}
	}
}

// S7: whoever is only named on a thread cannot mark it read, so it is not in their dot.
func TestTheDotIsOfWhatTheCallerMayMarkRead(t *testing.T) {
	thread := func(owner string) Thread {
		return Thread{State: ThreadActive, CareManager: Ref{ID: "cm-1"}, Ownership: Ownership{Owner: Owner{Kind: OwnedByCareManager, ID: owner}}, MemberSide: Side{Sent: 3}}
	}
	view, err := viewOf(t.Context(), departments{}, Caller{Kind: CareManager, ID: "cm-1"}, noon, MemberChats{Threads: []Thread{thread("cm-1"), thread("cm-2")}})
	if dot, want := unread(view.threads, CareManager), (Unread{true, 1, 3}); err != nil || len(view.threads) != 2 || dot != want {
		t.Errorf("%+v of %d threads, %v, want %+v", dot, len(view.threads), err, want)
	}
}

// G4: who has an open request in one program can still ask in another one.
func TestWhenAMemberCanRequest(t *testing.T) {
	both := []Enrollment{enrolled("diabetes", EnrollmentActive), enrolled("heart", EnrollmentActive)}
	asked := func(programs ...string) (all []Request) {
		for _, id := range programs {
			all = append(all, Request{Program: Ref{ID: id}})
		}
		return all
	}
	for name, c := range map[string]struct {
		screen MemberChats
		want   RequestRule
	}{
		"in two programs":          {MemberChats{Enrollments: both}, RequestRule{Allowed: true}},
		"asked in one of them":     {MemberChats{Enrollments: both, Requests: asked("diabetes")}, RequestRule{Allowed: true}},
		"asked in the other one":   {MemberChats{Enrollments: both, Requests: asked("heart")}, RequestRule{Allowed: true}},
		"asked in both":            {MemberChats{Enrollments: both, Requests: asked("heart", "diabetes")}, RequestRule{Reason: "openRequest"}},
		"in none":                  {MemberChats{}, RequestRule{Reason: "noProgram"}},
		"in one that is closed":    {MemberChats{Enrollments: []Enrollment{enrolled("heart", EnrollmentClosed)}}, RequestRule{Reason: "noProgram"}},
		"in one by telephone only": {MemberChats{Enrollments: []Enrollment{enrolled("calls", EnrollmentActive)}}, RequestRule{Reason: "noProgram"}},
	} {
		chats, err := show(c.screen).Chats(t.Context(), ana, "me")
		if err != nil || chats.CanRequest != c.want {
			t.Errorf("%s: %+v, want %+v; %v", name, chats.CanRequest, c.want, err)
		}
	}
}

// A program that is closed is not listed as paused, though it was when it closed.
func TestAClosedProgramIsNotPaused(t *testing.T) {
	open, closed := enrolled("diabetes", EnrollmentActive), enrolled("heart", EnrollmentClosed)
	open.Paused, closed.Paused = true, true
	chats, err := show(MemberChats{Enrollments: []Enrollment{open, closed}}).Chats(t.Context(), Caller{Kind: Member, Organization: "harbor", ID: "ana"}, "me")
	if err != nil || len(chats.Paused) != 1 || chats.Paused[0] != "diabetes" {
		t.Errorf("%v, %v", chats.Paused, err)
	}
}
