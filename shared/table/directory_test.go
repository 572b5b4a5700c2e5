package table_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/login"
	"carechat/shared/problem"

	"github.com/google/go-cmp/cmp"
)

const issuer = "https://id.example/harbor"

var platform = chat.Caller{Kind: chat.Platform, Organization: "harbor", ID: "platform", Issuer: issuer}

// newTown is a world whose catalog is the table's own, with an organization in it.
func newTown(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.sound(t)
	w.chat.On(w.table)
	provision(t, w, "harbor", issuer)
	put(t)(w.chat.PutDepartment(t.Context(), platform, directory.Put[chat.Department]{ID: "nurses", Entry: chat.Department{Name: "Nurses"}}))
	put(t)(w.chat.PutDepartment(t.Context(), platform, directory.Put[chat.Department]{ID: "coaches", Entry: chat.Department{Name: "Coaches"}}))
	put(t)(w.chat.PutProgram(t.Context(), platform, program("diabetes", "nurses")))
	put(t)(w.chat.PutReason(t.Context(), platform, directory.Put[chat.Reason]{
		ID: "symptoms", Entry: chat.Reason{Labels: chat.Labels{"en": "How I feel"}, Active: true},
	}))
	for _, id := range []string{"cm-rivera", "cm-chen"} {
		put(t)(w.chat.PutCareManager(t.Context(), platform, careManager(id, true, "nurses")))
	}
	put(t)(w.chat.PutMember(t.Context(), platform, member("ana")))
	put(t)(w.chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", enroll("cm-rivera")))
	return w
}

// put fails the test where a use case fails.
func put(t *testing.T) func(any, error) {
	return func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%+v", err)
		}
	}
}

func provision(t *testing.T, w *world, id string, issuers ...string) {
	t.Helper()
	_, err := w.chat.Provision(t.Context(), organization(id, issuers...), nil)
	if err != nil {
		t.Fatalf("%+v", err)
	}
}

func organization(id string, issuers ...string) chat.Organization {
	o := chat.Organization{
		ID: id, Name: "Harbor Care", ShortName: "Harbor", Languages: []string{"en"}, TimeZone: "America/New_York",
		RequestIntro: chat.Labels{"en": "Tell us."}, Emergency: chat.Labels{"en": "Call 911."}, Countries: []string{"+1"},
		Outcomes: []chat.Outcome{{ID: "answered", Labels: chat.Labels{"en": "Answered"}}}, LinkHours: 24,
		IdleMinutes: 30, SessionHours: 12,
		Notices: chat.NoticeRules{
			DelaySeconds: 120, ReminderHours: 24, TextsPerDay: 3, QuietHours: &chat.QuietHours{From: "21:00", To: "08:00"},
		},
		Calendar: chat.Calendar{Hours: map[string]chat.QuietHours{"mon": {From: "08:00", To: "17:00"}}, ReplyHours: 24},
	}
	for _, each := range issuers {
		o.Issuers = append(o.Issuers, chat.Issuer{Issuer: each, Audience: "care-chats"})
	}
	return o
}

func program(id, department string) directory.Put[chat.Program] {
	return directory.Put[chat.Program]{ID: id, Entry: chat.Program{Name: "Diabetes", Kind: chat.Guided, DepartmentID: department}}
}

func careManager(id string, active bool, departments ...string) directory.Put[chat.CareManagerRow] {
	return directory.Put[chat.CareManagerRow]{ID: id, Entry: chat.CareManagerRow{Name: "Name of " + id, DepartmentIDs: departments, Active: active}}
}

func member(id string) directory.MemberPut {
	p := directory.MemberPut{}
	p.ID = id
	p.Entry = chat.Profile{
		Name: "Ana Reyes", BirthDate: "1970-02-03", Phone: "+15550100101", Email: "Ana@example.org",
		Language: "en", TimeZone: "America/New_York", Active: true,
	}
	return p
}

func enroll(careManager string) directory.EnrollmentPut {
	return directory.EnrollmentPut{State: chat.EnrollmentActive, CareManagerID: careManager}
}

// A PUT of what stands writes nothing; GET gives what was put.
func TestAPutThatSaysTheSameWritesNothing(t *testing.T) {
	w := newTown(t)
	o, err := w.chat.Settings(t.Context(), platform)
	if err != nil {
		t.Fatal(err)
	}
	want := organization("harbor", issuer)
	want.Version = 1
	if diff := cmp.Diff(want, o); diff != "" {
		t.Error(diff)
	}
	used := w.recorder.during(func() {
		again := organization("harbor", issuer)
		put(t)(w.chat.PutSettings(t.Context(), platform, directory.Put[chat.Organization]{Entry: again}))
		provision(t, w, "harbor", issuer)
		put(t)(w.chat.PutProgram(t.Context(), platform, program("diabetes", "nurses")))
		put(t)(w.chat.PutCareManager(t.Context(), platform, careManager("cm-rivera", true, "nurses")))
		put(t)(w.chat.PutMember(t.Context(), platform, member("ana")))
		put(t)(w.chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", enroll("cm-rivera")))
	})
	if used.written > 0 {
		t.Errorf("%g units written by %v", used.written, used.calls)
	}
}

func TestAnIssuerBelongsToOneOrganization(t *testing.T) {
	w := newTown(t)
	_, err := w.chat.Provision(t.Context(), organization("summit", "https://id.example/summit", issuer), nil)
	var p *problem.Problem
	if !errors.As(err, &p) || p.Code != problem.ValidationFailed || p.Fields[0].Pointer != "/issuers/1/issuer" {
		t.Fatalf("%+v", err)
	}
	if owner, _ := w.table.IssuerOwner(t.Context(), "https://id.example/summit"); owner != "" {
		t.Error("half of it was saved")
	}
	provision(t, w, "harbor", "https://new.example")
	if owner, _ := w.table.IssuerOwner(t.Context(), issuer); owner != "" {
		t.Error("a dropped issuer is still harbor's")
	}
	provision(t, w, "summit", issuer)
	if owner, _ := w.table.IssuerOwner(t.Context(), issuer); owner != "summit" {
		t.Errorf("it is %q's", owner)
	}
}

func TestASubjectIsOnePersons(t *testing.T) {
	w := newTown(t)
	taken := careManager("cm-new", true, "nurses")
	taken.Entry.Subjects = []chat.Subject{{Issuer: issuer, Subject: "cm-rivera"}}
	if _, err := w.chat.PutCareManager(t.Context(), platform, taken); !problem.Is(err, problem.SubjectTaken) {
		t.Errorf("by a care manager: %v", err)
	}
	ana := member("ana")
	ana.Entry.Subjects = taken.Entry.Subjects
	if _, err := w.chat.PutMember(t.Context(), platform, ana); !problem.Is(err, problem.SubjectTaken) {
		t.Errorf("by a member: %v", err)
	}
	freed := careManager("cm-rivera", true, "nurses")
	freed.Entry.Subjects = []chat.Subject{}
	put(t)(w.chat.PutCareManager(t.Context(), platform, freed))
	put(t)(w.chat.PutCareManager(t.Context(), platform, taken))
	if h, _ := w.table.SubjectOf(t.Context(), taken.Entry.Subjects[0]); h == nil || h.ID != "cm-new" {
		t.Errorf("it is %+v", h)
	}
}

// T11: the departments say who is disabled, and stop saying it.
func TestDisablingACareManagerIsListedWithTheirDepartments(t *testing.T) {
	w := newTown(t)
	disabled := func(want ...string) {
		t.Helper()
		got, err := w.table.DisabledIn(t.Context(), "harbor", []string{"nurses", "coaches"})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("got %v, %v; want %v", got, err, want)
		}
	}
	disabled()
	put(t)(w.chat.PutCareManager(t.Context(), platform, careManager("cm-rivera", false, "nurses", "coaches")))
	disabled("cm-rivera")
	put(t)(w.chat.PutDepartment(t.Context(), platform, directory.Put[chat.Department]{ID: "nurses", Entry: chat.Department{Name: "Nursing"}}))
	disabled("cm-rivera")
	put(t)(w.chat.PutCareManager(t.Context(), platform, careManager("cm-rivera", true, "nurses")))
	disabled()
	staff, err := w.table.Staff(t.Context(), "harbor")
	if err != nil || len(staff) != 2 {
		t.Errorf("staff: %+v, %v", staff, err)
	}
}

// T2: whatever changes with a care manager who has every department and log-in
// that they may have fits into one transaction.
func TestEverythingOfACareManagerChangesAtOnce(t *testing.T) {
	w := newTown(t)
	most := func(word string) directory.Put[chat.CareManagerRow] {
		p := careManager("cm-busy", false)
		p.Entry.Subjects = nil
		for n := range 30 {
			id := fmt.Sprint(word, n)
			put(t)(w.chat.PutDepartment(t.Context(), platform, directory.Put[chat.Department]{ID: id, Entry: chat.Department{Name: id}}))
			p.Entry.DepartmentIDs = append(p.Entry.DepartmentIDs, id)
			if n < 10 {
				p.Entry.Subjects = append(p.Entry.Subjects, chat.Subject{Issuer: issuer, Subject: id})
			}
		}
		return p
	}
	put(t)(w.chat.PutCareManager(t.Context(), platform, most("a")))
	put(t)(w.chat.PutCareManager(t.Context(), platform, most("b")))
	one := careManager("cm-busy", false, "nurses")
	for range 31 {
		one.Entry.DepartmentIDs = append(one.Entry.DepartmentIDs, "nurses")
	}
	if _, err := w.chat.PutCareManager(t.Context(), platform, one); !problem.Is(err, problem.ValidationFailed) {
		t.Errorf("too many departments: %v", err)
	}
}

func reachedBy(t *testing.T, w *world, address string) string {
	t.Helper()
	asked, err := w.table.OwedLinkTo(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	members, err := w.table.MembersWith(t.Context(), asked.Contact)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(members)
}

// S1, S2: who loses a contact or is disabled is out, and no log-in at the same
// time survives it.
func TestAChangedContactEndsSessions(t *testing.T) {
	w := newTown(t)
	ana := chat.MemberKey{Organization: "harbor", Member: "ana"}
	const here = "[{harbor ana}]"
	if reachedBy(t, w, "+15550100101") != here || reachedBy(t, w, "ana@example.org") != here {
		t.Error("a contact does not reach its member")
	}
	profile, err := w.table.Profile(t.Context(), ana)
	if err != nil {
		t.Fatal(err)
	}
	logIn := func(p chat.Profile, hash string) error {
		return w.table.BeginSession(t.Context(), login.LogIn{Profile: p, Session: auth.Session{Key: ana, Hash: hash, ExpiresAt: w.now.Add(time.Hour)}})
	}
	if err := logIn(*profile, "one"); err != nil {
		t.Fatal(err)
	}
	changed := member("ana")
	changed.Entry.Phone = "+15550100199"
	put(t)(w.chat.PutMember(t.Context(), platform, changed))
	if s, err := w.table.Session(t.Context(), ana, "one"); s != nil || err != nil {
		t.Errorf("the session is still there: %v, %v", s, err)
	}
	if reachedBy(t, w, "+15550100101") != "[]" || reachedBy(t, w, "+15550100199") != here {
		t.Error("the contact's rows did not follow")
	}
	after, err := w.table.Profile(t.Context(), ana)
	if err != nil || after.Epoch != profile.Epoch+1 || after.LogIns != 1 || after.Version != 2 {
		t.Errorf("the profile is %+v, %v", after, err)
	}
	if err := logIn(*profile, "two"); !errors.Is(err, chat.ErrConflict) {
		t.Errorf("a log-in with the old contacts: %v", err)
	}
	stale := *after
	if err := logIn(*after, "three"); err != nil {
		t.Fatal(err)
	}
	stale.Version++
	stale.Active = false
	if err := w.table.SaveMember(t.Context(), directory.MemberChange{Was: after, Is: stale, LogOut: true}); !errors.Is(err, chat.ErrConflict) {
		t.Errorf("disabling that has not seen a log-in: %v", err)
	}
}

func TestRefusedPuts(t *testing.T) {
	w := newTown(t)
	stranger := platform
	stranger.Kind = chat.CareManager
	disabled := careManager("cm-chen", false, "nurses")
	put(t)(w.chat.PutCareManager(t.Context(), platform, disabled))
	for name, c := range map[string]struct {
		try  func() (any, error)
		want problem.Code
	}{
		"by a care manager": {func() (any, error) { return w.chat.PutProgram(t.Context(), stranger, program("p", "nurses")) }, problem.Forbidden},
		"under no id":       {func() (any, error) { return w.chat.PutProgram(t.Context(), platform, program("a b", "nurses")) }, problem.NotFound},
		"of no department":  {func() (any, error) { return w.chat.PutProgram(t.Context(), platform, program("p", "x")) }, problem.ValidationFailed},
		"me":                {func() (any, error) { return w.chat.PutMember(t.Context(), platform, member("me")) }, problem.NotFound},
		"me, of the staff": {func() (any, error) {
			return w.chat.PutCareManager(t.Context(), platform, careManager("me", true, "nurses"))
		}, problem.NotFound},
		"nobody's enrollment": {func() (any, error) { return w.chat.PutEnrollment(t.Context(), platform, "x", "diabetes", enroll("")) }, problem.NotFound},
		"in no program":       {func() (any, error) { return w.chat.PutEnrollment(t.Context(), platform, "ana", "x", enroll("")) }, problem.NotFound},
		"to nobody": {func() (any, error) {
			return w.chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", enroll("x"))
		}, problem.ValidationFailed},
		"to someone disabled": {func() (any, error) {
			return w.chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", enroll("cm-chen"))
		}, problem.ValidationFailed},
		"what is not there":         {func() (any, error) { return w.chat.Program(t.Context(), platform, "x") }, problem.NotFound},
		"a person who is not there": {func() (any, error) { return w.chat.Member(t.Context(), platform, "x") }, problem.NotFound},
	} {
		if _, err := c.try(); !problem.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := program("diabetes", "nurses")
	other.Entry.ID = "heart"
	if _, err := w.chat.PutProgram(t.Context(), platform, other); !problem.Is(err, problem.ValidationFailed) {
		t.Errorf("another's id: %v", err)
	}
}
