package chat

import (
	"context"
	"errors"
	"testing"
	"time"

	"carechat/shared/problem"

	"github.com/google/go-cmp/cmp"
)

// screens is a table that has ana's enrollments, her threads and the disabled
// care managers of departments.
type screens struct {
	departments
	all     MemberChats
	profile *Profile
	moves   int
	saved   []Enrolled
}

func (s *screens) MemberChats(_ context.Context, m MemberKey) (MemberChats, error) {
	if m.Member != "ana" || m.Organization != "harbor" {
		return MemberChats{}, nil
	}
	return s.all, nil
}

func (s *screens) Profile(_ context.Context, m MemberKey) (*Profile, error) {
	if s.profile == nil || s.profile.Key() != m {
		return nil, nil
	}
	return s.profile, nil
}

func (s *screens) SaveEnrolled(_ context.Context, e Enrolled) error {
	if s.moves--; s.moves >= 0 {
		return ErrConflict
	}
	s.saved = append(s.saved, e)
	return nil
}

// anas are an enrollment of cm-rivera, handed over by cm-past, and a department's.
func anas() *screens {
	rivera := Ownership{Owner{OwnedByCareManager, "cm-rivera", "Sam Rivera"}, "nurses"}
	queued := Ownership{Owner{OwnedByDepartment, "coaches", "Coaches"}, "coaches"}
	return &screens{
		profile: &Profile{Organization: "harbor", ID: "ana"},
		all: MemberChats{
			Enrollments: []Enrollment{
				{Program: Ref{ID: "diabetes"}, State: EnrollmentActive, Ownership: rivera, Version: 7},
				{Program: Ref{ID: "heart"}, State: EnrollmentActive, Ownership: queued, Version: 2, Paused: true},
			},
			Threads: []Thread{
				{ID: "t1", Program: Ref{ID: "diabetes"}, CareManager: Ref{ID: "cm-past"}, Ownership: rivera, Version: 4, State: ThreadActive},
			},
		},
	}
}

// N1, in every case: ending a pause owes a notice of what is unread, and of
// nothing else.
func TestEndingAPauseMakesNoticesDue(t *testing.T) {
	unread := Thread{ID: "unread", Version: 3, State: ThreadActive, CareManagerSide: Side{Sent: 2}, MemberSide: Side{ReadSeq: 1, ReadSent: 1}}
	read := Thread{ID: "read", Version: 5, State: ThreadActive, CareManagerSide: Side{Sent: 1}, MemberSide: Side{ReadSeq: 1, ReadSent: 1}}
	closed := Thread{ID: "closed", Version: 6, State: ThreadInactive, CareManagerSide: Side{Sent: 1}}
	due := func(t Thread) Thread {
		t.DueRule, t.DueAt = Resumed, noon
		return t
	}
	next := func(t Thread) Thread {
		t.Version++
		return t
	}
	for name, c := range map[string]struct {
		was, asked bool
		changed    bool
		threads    []Thread
	}{
		"paused":       {false, true, true, nil},
		"paused again": {true, true, false, nil},
		"ended":        {true, false, true, []Thread{next(due(unread)), next(read), next(closed)}},
		"ended again":  {false, false, false, nil},
	} {
		was := Enrolled{Enrollment: Enrollment{Paused: c.was, Version: 7}, Request: &Request{ID: "r"}, Threads: []Thread{unread, read, closed}}
		got, changed := planPause(was, c.asked, noon)
		want := Enrolled{Enrollment: Enrollment{Paused: c.asked, Version: 8}, Threads: c.threads}
		if !c.changed {
			want = Enrolled{}
		}
		if diff := cmp.Diff(want, got); diff != "" || changed != c.changed {
			t.Errorf("%s: changed %v: %s", name, changed, diff)
		}
	}
}

// S7: the member, whoever has more than read-only rights, and the platform.
func TestWhoMayPause(t *testing.T) {
	manager := func(id string, departments ...string) Caller {
		return Caller{Kind: CareManager, Organization: "harbor", ID: id, Departments: departments}
	}
	platform := Caller{Kind: Platform, Organization: "harbor"}
	for name, c := range map[string]struct {
		caller          Caller
		member, program string
		can             bool
	}{
		"the member":                   {ana, "me", "diabetes", true},
		"the member, in no such":       {ana, "me", "wellness", false},
		"another member":               {Caller{Kind: Member, Organization: "harbor", ID: "ben"}, "ana", "diabetes", false},
		"another organization's":       {Caller{Kind: Member, Organization: "summit", ID: "ana"}, "me", "diabetes", false},
		"its owner":                    {manager("cm-rivera", "nurses"), "ana", "diabetes", true},
		"its owner, in another's":      {manager("cm-rivera", "nurses"), "ana", "heart", false},
		"of its department":            {manager("cm-1", "coaches"), "ana", "heart", true},
		"a colleague of its owner":     {manager("cm-1", "nurses"), "ana", "diabetes", false},
		"who is named on a thread":     {manager("cm-past", "nurses"), "ana", "diabetes", false},
		"the platform":                 {platform, "ana", "diabetes", true},
		"the platform, in no such":     {platform, "ana", "wellness", false},
		"the platform, of nobody":      {platform, "ben", "diabetes", false},
		"another platform":             {Caller{Kind: Platform, Organization: "summit"}, "ana", "diabetes", false},
		"the member, in what is no id": {ana, "me", "a b", false},
	} {
		table := anas()
		s := &PreferenceService{Store: table, Now: func() time.Time { return noon }}
		want := table.all.Enrolled(c.program).Enrollment
		paused := !want.Paused
		got, err := s.Pause(t.Context(), c.caller, c.member, c.program, &paused)
		switch {
		case c.can && (err != nil || got != paused || len(table.saved) != 1 || table.saved[0].Enrollment.Version != want.Version+1):
			t.Errorf("%s: %v %v, saved %+v", name, got, err, table.saved)
		case !c.can && (!problem.Is(err, problem.NotFound) || table.saved != nil):
			t.Errorf("%s: %v, saved %+v", name, err, table.saved)
		}
	}
}

// A row that moved is decided anew (T5), and a body that does not say is refused.
func TestPausingAgain(t *testing.T) {
	table := anas()
	table.moves = 3
	s := &PreferenceService{Store: table, Now: func() time.Time { return noon }}
	paused := true
	if _, err := s.Pause(t.Context(), ana, "me", "diabetes", &paused); err != nil || len(table.saved) != 1 {
		t.Errorf("%v, saved %+v", err, table.saved)
	}
	if got, err := s.Pause(t.Context(), ana, "me", "heart", &paused); err != nil || !got || len(table.saved) != 1 {
		t.Errorf("paused already: %v %v, saved %+v", got, err, table.saved)
	}
	_, err := s.Pause(t.Context(), ana, "me", "diabetes", nil)
	var p *problem.Problem
	if !errors.As(err, &p) || p.Code != problem.ValidationFailed || p.Fields[0].Pointer != "/paused" {
		t.Error(err)
	}
}
