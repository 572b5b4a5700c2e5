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
	"carechat/tests/support/town"

	"github.com/google/go-cmp/cmp"
)

const issuer = town.Issuer

var platform = town.Platform

// newTown returns a world whose catalog is the table's own, with an organization in it.
func newTown(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.sound(t)
	w.Chat.On(w.Table)
	w.provision("harbor", issuer)
	for id, name := range map[string]string{"nurses": "Nurses", "coaches": "Coaches"} {
		w.Must(w.Chat.PutDepartment(t.Context(), platform, directory.Put[chat.Department]{ID: id, Entry: chat.Department{Name: name}}))
	}
	w.PutProgram("diabetes", "nurses")
	w.PutReason("symptoms")
	for _, id := range []string{"cm-rivera", "cm-chen"} {
		w.Must(w.Chat.PutCareManager(t.Context(), platform, careManager(id, true, "nurses")))
	}
	w.Must(w.Chat.PutMember(t.Context(), platform, member("ana")))
	w.Enroll("ana", "diabetes", "cm-rivera")
	return w
}

func (w *world) provision(id string, issuers ...string) {
	w.T.Helper()
	w.Must(w.Chat.Provision(w.T.Context(), organization(id, issuers...), nil))
}

func organization(id string, issuers ...string) chat.Organization {
	return town.Settings(id, "", func(o *chat.Organization) {
		o.Notices.QuietHours = &chat.QuietHours{From: "21:00", To: "08:00"}
		o.Calendar.Hours = map[string]chat.QuietHours{"mon": {From: "08:00", To: "17:00"}}
		o.Issuers = nil
		for _, each := range issuers {
			o.Issuers = append(o.Issuers, chat.Issuer{Issuer: each, Audience: "care-chats"})
		}
	})
}

func careManager(id string, active bool, departments ...string) directory.Put[chat.CareManagerRow] {
	return town.CareManagerPut(id, func(m *chat.CareManagerRow) { m.Active, m.DepartmentIDs = active, departments })
}

func member(id string) directory.MemberPut {
	return town.MemberPut(id, town.Phone("+15550100101"), town.Email("Ana@example.org"))
}

func enroll(careManager string) directory.EnrollmentPut {
	return directory.EnrollmentPut{State: chat.EnrollmentActive, CareManagerID: careManager}
}

// A PUT that changes nothing writes nothing; GET gives what was put.
func TestAPutThatSaysTheSameWritesNothing(t *testing.T) {
	w := newTown(t)
	o, err := w.Chat.Settings(t.Context(), platform)
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
		w.Must(w.Chat.PutSettings(t.Context(), platform, directory.Put[chat.Organization]{Entry: again}))
		w.provision("harbor", issuer)
		w.Must(w.Chat.PutProgram(t.Context(), platform, town.ProgramPut("diabetes", "nurses")))
		w.Must(w.Chat.PutCareManager(t.Context(), platform, careManager("cm-rivera", true, "nurses")))
		w.Must(w.Chat.PutMember(t.Context(), platform, member("ana")))
		w.Must(w.Chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", enroll("cm-rivera")))
	})
	if used.written > 0 {
		t.Errorf("%g units written by %v", used.written, used.calls)
	}
}

func TestAnIssuerBelongsToOneOrganization(t *testing.T) {
	w := newTown(t)
	_, err := w.Chat.Provision(t.Context(), organization("summit", "https://id.example/summit", issuer), nil)
	var p *problem.Problem
	if !errors.As(err, &p) || p.Code != problem.ValidationFailed || p.Fields[0].Pointer != "/issuers/1/issuer" {
		t.Fatalf("%+v", err)
	}
	if owner, _ := w.Table.IssuerOwner(t.Context(), "https://id.example/summit"); owner != "" {
		t.Error("half of it was saved")
	}
	w.provision("harbor", "https://new.example")
	if owner, _ := w.Table.IssuerOwner(t.Context(), issuer); owner != "" {
		t.Error("a dropped issuer is still harbor's")
	}
	w.provision("summit", issuer)
	if owner, _ := w.Table.IssuerOwner(t.Context(), issuer); owner != "summit" {
		t.Errorf("it is %q's", owner)
	}
}

// S5: which claims count is read with the issuer on each call, and stays when the
// platform puts the organization's settings.
func TestWhichClaimsCountIsKept(t *testing.T) {
	w := newTown(t)
	o := organization("harbor", issuer)
	o.Issuers[0] = chat.Issuer{
		Issuer: issuer, Audience: "care-chats/use", KeysURL: "https://id.example/keys", AudienceClaim: "scope", SubjectClaim: "username",
		Platform: chat.PlatformClaim{Claim: "scope", Value: "care-chats/provision"},
	}
	w.Must(w.Chat.Provision(t.Context(), o, nil))
	settings := o
	settings.Name, settings.Issuers = "Harbor", nil
	w.Must(w.Chat.PutSettings(t.Context(), platform, directory.Put[chat.Organization]{Entry: settings}))
	is, _, err := w.Table.Identity(t.Context(), chat.Subject{Issuer: issuer})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(o.Issuers[0], is.Issuer); diff != "" {
		t.Error(diff)
	}
}

func TestASubjectNamesOnePerson(t *testing.T) {
	w := newTown(t)
	taken := careManager("cm-new", true, "nurses")
	taken.Entry.Subjects = []chat.Subject{{Issuer: issuer, Subject: "cm-rivera"}}
	if _, err := w.Chat.PutCareManager(t.Context(), platform, taken); !problem.Is(err, problem.SubjectTaken) {
		t.Errorf("by a care manager: %v", err)
	}
	ana := member("ana")
	ana.Entry.Subjects = taken.Entry.Subjects
	if _, err := w.Chat.PutMember(t.Context(), platform, ana); !problem.Is(err, problem.SubjectTaken) {
		t.Errorf("by a member: %v", err)
	}
	freed := careManager("cm-rivera", true, "nurses")
	freed.Entry.Subjects = []chat.Subject{}
	w.Must(w.Chat.PutCareManager(t.Context(), platform, freed))
	w.Must(w.Chat.PutCareManager(t.Context(), platform, taken))
	if h, _ := w.Table.SubjectOf(t.Context(), taken.Entry.Subjects[0]); h == nil || h.ID != "cm-new" {
		t.Errorf("it is %+v", h)
	}
}

// T11: the departments say who is disabled, and stop saying it.
func TestDisablingACareManagerIsListedWithTheirDepartments(t *testing.T) {
	w := newTown(t)
	disabled := func(want ...string) {
		t.Helper()
		all, err := w.Table.Departments(t.Context(), "harbor", []string{"nurses", "nowhere", "coaches"})
		w.Must(nil, err)
		var got []string
		for _, d := range all {
			got = append(got, d.Disabled...)
		}
		slices.Sort(got)
		if got = slices.Compact(got); len(all) != 2 || !slices.Equal(got, want) {
			t.Errorf("%d departments, of which %v; want %v", len(all), got, want)
		}
	}
	disabled()
	w.Must(w.Chat.PutCareManager(t.Context(), platform, careManager("cm-rivera", false, "nurses", "coaches")))
	disabled("cm-rivera")
	w.Must(w.Chat.PutDepartment(t.Context(), platform, directory.Put[chat.Department]{ID: "nurses", Entry: chat.Department{Name: "Nursing"}}))
	disabled("cm-rivera")
	w.Must(w.Chat.PutCareManager(t.Context(), platform, careManager("cm-rivera", true, "nurses")))
	disabled()
	staff, err := w.Table.Staff(t.Context(), "harbor")
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
			w.Must(w.Chat.PutDepartment(t.Context(), platform, directory.Put[chat.Department]{ID: id, Entry: chat.Department{Name: id}}))
			p.Entry.DepartmentIDs = append(p.Entry.DepartmentIDs, id)
			if n < 10 {
				p.Entry.Subjects = append(p.Entry.Subjects, chat.Subject{Issuer: issuer, Subject: id})
			}
		}
		return p
	}
	w.Must(w.Chat.PutCareManager(t.Context(), platform, most("a")))
	w.Must(w.Chat.PutCareManager(t.Context(), platform, most("b")))
	one := careManager("cm-busy", false, "nurses")
	for range 31 {
		one.Entry.DepartmentIDs = append(one.Entry.DepartmentIDs, "nurses")
	}
	if _, err := w.Chat.PutCareManager(t.Context(), platform, one); !problem.Is(err, problem.ValidationFailed) {
		t.Errorf("too many departments: %v", err)
	}
}

func reachedBy(t *testing.T, w *world, address string) string {
	t.Helper()
	asked, err := w.Table.OwedLinkTo(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	members, err := w.Table.MembersWith(t.Context(), asked.Contact, 21)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(members)
}

// S1, S2: a member who loses a contact or is disabled is logged out, and no log-in at
// the same time survives that.
func TestAChangedContactEndsSessions(t *testing.T) {
	w := newTown(t)
	ana := chat.MemberKey{Organization: "harbor", Member: "ana"}
	const here = "[{harbor ana}]"
	if reachedBy(t, w, "+15550100101") != here || reachedBy(t, w, "ana@example.org") != here {
		t.Error("a contact does not reach its member")
	}
	profile, err := w.Table.Profile(t.Context(), ana)
	if err != nil {
		t.Fatal(err)
	}
	logIn := func(p chat.Profile, hash string) error {
		limits, err := w.Table.Limits(t.Context(), ana)
		w.Must(nil, err)
		limits[0].Version++
		link := login.Link{Hash: hash, Organization: "harbor", ExpiresAt: w.Now.Add(time.Hour)}
		w.Must(nil, w.Table.SaveOwedLink(t.Context(), login.OwedLink{Contact: hash, Version: 1}, link))
		link.Version++
		return w.Table.BeginSession(t.Context(), login.LogIn{
			Profile: p, Link: link, Limits: limits[0], Session: auth.Session{Key: ana, Hash: hash, ExpiresAt: w.Now.Add(time.Hour)},
		})
	}
	if err := logIn(*profile, "one"); err != nil {
		t.Fatal(err)
	}
	changed := member("ana")
	changed.Entry.Phone = "+15550100199"
	w.Must(w.Chat.PutMember(t.Context(), platform, changed))
	if s, err := w.Table.Session(t.Context(), ana, "one"); s != nil || err != nil {
		t.Errorf("the session is still there: %v, %v", s, err)
	}
	if reachedBy(t, w, "+15550100101") != "[]" || reachedBy(t, w, "+15550100199") != here {
		t.Error("the contact's rows did not follow")
	}
	after, err := w.Table.Profile(t.Context(), ana)
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
	if err := w.Table.SaveMember(t.Context(), directory.MemberChange{Was: after, Is: stale, LogOut: true}); !errors.Is(err, chat.ErrConflict) {
		t.Errorf("disabling that has not seen a log-in: %v", err)
	}
}

func TestRefusedPuts(t *testing.T) {
	w := newTown(t)
	stranger := platform
	stranger.Kind = chat.CareManager
	disabled := careManager("cm-chen", false, "nurses")
	w.Must(w.Chat.PutCareManager(t.Context(), platform, disabled))
	for name, c := range map[string]struct {
		try  func() (any, error)
		want problem.Code
	}{
		"by a care manager": {func() (any, error) { return w.Chat.PutProgram(t.Context(), stranger, town.ProgramPut("p", "nurses")) }, problem.Forbidden},
		"under no id":       {func() (any, error) { return w.Chat.PutProgram(t.Context(), platform, town.ProgramPut("a b", "nurses")) }, problem.NotFound},
		"of no department":  {func() (any, error) { return w.Chat.PutProgram(t.Context(), platform, town.ProgramPut("p", "x")) }, problem.ValidationFailed},
		"me":                {func() (any, error) { return w.Chat.PutMember(t.Context(), platform, member("me")) }, problem.NotFound},
		"me, of the staff": {func() (any, error) {
			return w.Chat.PutCareManager(t.Context(), platform, careManager("me", true, "nurses"))
		}, problem.NotFound},
		"nobody's enrollment": {func() (any, error) { return w.Chat.PutEnrollment(t.Context(), platform, "x", "diabetes", enroll("")) }, problem.NotFound},
		"in no program":       {func() (any, error) { return w.Chat.PutEnrollment(t.Context(), platform, "ana", "x", enroll("")) }, problem.ValidationFailed},
		"to nobody": {func() (any, error) {
			return w.Chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", enroll("x"))
		}, problem.ValidationFailed},
		"to someone disabled": {func() (any, error) {
			return w.Chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", enroll("cm-chen"))
		}, problem.ValidationFailed},
		"what is not there":         {func() (any, error) { return w.Chat.Program(t.Context(), platform, "x") }, problem.NotFound},
		"a person who is not there": {func() (any, error) { return w.Chat.Member(t.Context(), platform, "x") }, problem.NotFound},
	} {
		if _, err := c.try(); !problem.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := town.ProgramPut("diabetes", "nurses")
	other.Entry.ID = "heart"
	if _, err := w.Chat.PutProgram(t.Context(), platform, other); !problem.Is(err, problem.ValidationFailed) {
		t.Errorf("another's id: %v", err)
	}
}
