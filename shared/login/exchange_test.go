package login

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/problem"
)

const (
	anaBorn = "1970-02-03"
	benBorn = "1988-11-30"
	phone   = "+15550100199"
)

// loginTest is a service on a fake with three members, and a link for some of them.
type loginTest struct {
	*fake
	*Service
	token string
}

func newLoginTest(t *testing.T, ids ...string) *loginTest {
	f := newFake()
	f.settings["harbor"] = chat.Organization{IdleMinutes: 30, SessionHours: 12}
	d := &loginTest{fake: f, Service: &Service{Store: f, Now: f.clock, NewID: func(prefix string) string { return prefix + "_1" }}}
	for id, born := range map[string]string{"ana": anaBorn, "ben": benBorn, "eva": benBorn} {
		f.member(id, born, phone)
	}
	d.token = d.link(ids...)
	return d
}

func (d *loginTest) link(ids ...string) string {
	var members []LinkMember
	for _, id := range ids {
		members = append(members, LinkMember{id, 3})
	}
	link, token := newLink("harbor", members, Home, d.fake.now.Add(24*time.Hour))
	d.links[link.Hash] = link
	return token
}

// try exchanges the link and returns the code of the refusal, or the member's id.
func (d *loginTest) try(t *testing.T, birthDate string) string {
	t.Helper()
	grant, err := d.Exchange(t.Context(), d.token, birthDate)
	var p *problem.Problem
	switch {
	case errors.As(err, &p):
		return string(p.Code)
	case err != nil:
		t.Fatal(err)
	}
	return strings.Split(grant.Token, ".")[2]
}

func (d *loginTest) failures(id string) int { return d.limits[key(id)].Failures }

func key(id string) chat.MemberKey { return chat.MemberKey{Organization: "harbor", Member: id} }

func TestExchangeBeginsASession(t *testing.T) {
	d := newLoginTest(t, "ana")
	grant, err := d.Exchange(t.Context(), d.token, anaBorn)
	check(t, err)
	v := auth.New(auth.Settings{Store: d.fake, Now: d.clock})
	c, err := v.Caller(t.Context(), grant.Token, true)
	check(t, err)
	want := chat.Caller{Kind: chat.Member, Organization: "harbor", ID: "ana", Name: "Name of ana", Language: "es", TimeZone: "America/New_York", Session: c.Session}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
	if !grant.ExpiresAt.Equal(start.Add(12*time.Hour)) || grant.Landing != Home {
		t.Errorf("%+v", grant)
	}
	if got := d.profiles[key("ana")]; got.LogIns != 8 || got.Version != 2 {
		t.Errorf("the profile moved to log-ins %d, version %d", got.LogIns, got.Version)
	}
	if strings.Contains(fmt.Sprint(d.sessions, d.links), strings.Split(grant.Token, ".")[3]) {
		t.Error("the token is kept")
	}
}

func TestALinkWorksTwice(t *testing.T) {
	d := newLoginTest(t, "ana")
	d.try(t, anaBorn)
	d.link("ana") // a newer one does not end it
	if got := d.try(t, anaBorn); got != "ana" {
		t.Error(got)
	}
}

// Unknown, expired and void links get the same refusal.
func TestInvalidLinks(t *testing.T) {
	for name, spoil := range map[string]func(*loginTest){
		"unknown":     func(d *loginTest) { d.token = auth.NewSecret(linkBytes) },
		"empty":       func(d *loginTest) { d.token = "" },
		"too short":   func(d *loginTest) { d.token = d.token[:26] },
		"too long":    func(d *loginTest) { d.token += "A" },
		"not a token": func(d *loginTest) { d.token = strings.Repeat("#", 27) },
		"at its end":  func(d *loginTest) { d.fake.now = start.Add(24 * time.Hour) },
		"other epoch": func(d *loginTest) { d.change("ana", func(p *chat.Profile) { p.Epoch++ }) },
		"disabled":    func(d *loginTest) { d.change("ana", func(p *chat.Profile) { p.Active = false }) },
		"of nobody":   func(d *loginTest) { delete(d.profiles, key("ana")) },
		"a session":   func(d *loginTest) { d.token = auth.NewSecret(32) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newLoginTest(t, "ana")
			spoil(d)
			for _, born := range []string{"", anaBorn, benBorn} {
				if got := d.try(t, born); got != string(problem.LinkInvalid) {
					t.Errorf("%q: %s", born, got)
				}
			}
		})
	}
	d := newLoginTest(t, "ana")
	d.fake.now = start.Add(24*time.Hour - time.Millisecond)
	if got := d.try(t, anaBorn); got != "ana" {
		t.Errorf("a moment before its end: %s", got)
	}
}

func (d *loginTest) change(id string, by func(*chat.Profile)) {
	p := d.profiles[key(id)]
	by(&p)
	d.profiles[key(id)] = p
}

func TestTheBirthDateIsNeeded(t *testing.T) {
	d := newLoginTest(t, "ana")
	for range 10 {
		if got := d.try(t, ""); got != string(problem.FactorRequired) {
			t.Fatal(got)
		}
	}
	if d.failures("ana") != 0 {
		t.Error("a missing birth date was counted")
	}
	if got := d.try(t, "1970-02-30"); got != string(problem.ValidationFailed) {
		t.Error(got)
	}
	if d.failures("ana") != 0 {
		t.Error("what is no date was counted")
	}
}

// Two members share a phone: the birth date picks one, a failure counts for both, and
// a success leaves the other's count as it was.
func TestMembersWhoShareAPhone(t *testing.T) {
	d := newLoginTest(t, "ana", "ben")
	d.guess(t, 2, "ana", "ben")
	if d.failures("ana") != 2 || d.failures("ben") != 2 {
		t.Fatalf("%d and %d failures", d.failures("ana"), d.failures("ben"))
	}
	if got := d.try(t, benBorn); got != "ben" {
		t.Fatal(got)
	}
	if d.failures("ana") != 2 || d.failures("ben") != 0 {
		t.Errorf("%d and %d failures", d.failures("ana"), d.failures("ben"))
	}
	d.limits[key("ana")] = Limits{Key: key("ana"), LockedUntil: start.Add(day), Version: 3}
	if got := d.try(t, benBorn); got != "ben" {
		t.Errorf("ana is locked, ben is not: %s", got)
	}
	if got := d.try(t, anaBorn); got != string(problem.FactorRequired) {
		t.Errorf("ana is locked: %s", got)
	}
}

// If all members of a link are locked, the first lock to end says how long to wait.
func TestTheFirstLockToEndSaysHowLongToWait(t *testing.T) {
	for _, ids := range [][]string{{"ana", "ben"}, {"ben", "ana"}} {
		d := newLoginTest(t, ids...)
		d.limits[key("ana")] = Limits{Key: key("ana"), LockedUntil: start.Add(time.Hour), Version: 5}
		d.limits[key("ben")] = Limits{Key: key("ben"), LockedUntil: start.Add(time.Minute), Version: 5}
		_, err := d.Exchange(t.Context(), d.token, anaBorn)
		var p *problem.Problem
		if !errors.As(err, &p) || p.Code != problem.TooManyRequests || p.RetryAfter != time.Minute {
			t.Errorf("%v: %+v", ids, err)
		}
		d.fake.now = start.Add(time.Minute)
		if got := d.try(t, anaBorn); got != string(problem.FactorRequired) {
			t.Errorf("who is still locked: %s", got)
		}
		if got := d.try(t, benBorn); got != "ben" {
			t.Errorf("whose lock is over: %s", got)
		}
	}
}

func TestTwoMatchesAreRefused(t *testing.T) {
	d := newLoginTest(t, "ben", "eva")
	if got := d.try(t, benBorn); got != string(problem.FactorRequired) || d.failures("ben") != 1 || d.failures("eva") != 1 {
		t.Errorf("%s, %d and %d failures", got, d.failures("ben"), d.failures("eva"))
	}
}

// A member is disabled, or gets another phone, between the guess and the session.
func TestAMemberDisabledMeanwhileIsRefused(t *testing.T) {
	for name, change := range map[string]func(*chat.Profile){
		"disabled":    func(p *chat.Profile) { p.Active = false },
		"other phone": func(p *chat.Profile) { p.Epoch++ },
	} {
		t.Run(name, func(t *testing.T) {
			d := newLoginTest(t, "ana")
			d.before = func(operation string) error {
				if operation == "BeginSession" {
					d.change("ana", change)
				}
				return nil
			}
			if got := d.try(t, anaBorn); got != string(problem.LinkInvalid) || len(d.sessions) != 0 {
				t.Errorf("%s, %d sessions", got, len(d.sessions))
			}
		})
	}
}

func TestOneSessionTooManyEndsTheOldest(t *testing.T) {
	d := newLoginTest(t, "ana")
	for range auth.MaxSessions + 2 {
		d.try(t, anaBorn)
		d.fake.now = d.fake.now.Add(time.Minute)
	}
	var made []time.Time
	for _, s := range d.sessions {
		made = append(made, s.CreatedAt)
	}
	if oldest := slices.MinFunc(made, time.Time.Compare); len(made) != auth.MaxSessions || !oldest.Equal(start.Add(2*time.Minute)) {
		t.Errorf("%d sessions, the oldest of %v", len(made), oldest)
	}
}

// A session's secret, its token and a link's stored hash are refused as a link, and a
// link's token is refused as a session's.
func TestSecretsOfOtherKinds(t *testing.T) {
	d := newLoginTest(t, "ana")
	grant, err := d.Exchange(t.Context(), d.token, anaBorn)
	check(t, err)
	if hashToken("secret") == auth.Hash("session", "secret") {
		t.Error("a link's hash is a session's")
	}
	if n := len(auth.NewSecret(linkBytes)); n != 27 {
		t.Errorf("a link has %d characters", n)
	}
	v := auth.New(auth.Settings{Store: d.fake, Now: d.clock})
	for _, bearer := range []string{d.token, "m.harbor.ana." + d.token} {
		if _, err := v.Caller(t.Context(), bearer, true); !problem.Is(err, problem.NotAuthenticated) {
			t.Errorf("a link as a session: %v", err)
		}
	}
	given := map[string]string{"a session": strings.Split(grant.Token, ".")[3], "its token": grant.Token, "a link's hash": hashToken(d.token)}
	for name, token := range given {
		d.token = token
		if got := d.try(t, anaBorn); got != string(problem.LinkInvalid) {
			t.Errorf("%s as a link: %s", name, got)
		}
	}
}

func TestLogOut(t *testing.T) {
	d := newLoginTest(t, "ana")
	v := auth.New(auth.Settings{Store: d.fake, Now: d.clock})
	grant, err := d.Exchange(t.Context(), d.token, anaBorn)
	check(t, err)
	c, err := v.Caller(t.Context(), grant.Token, true)
	check(t, err)
	check(t, d.LogOut(t.Context(), c))
	if _, err := v.Caller(t.Context(), grant.Token, true); !problem.Is(err, problem.NotAuthenticated) {
		t.Error(err)
	}
	check(t, d.LogOut(t.Context(), c))
	check(t, d.LogOut(t.Context(), chat.Caller{Kind: chat.Member, Organization: "harbor", ID: "ana"}))
	for _, kind := range []chat.Kind{chat.CareManager, chat.Platform} {
		if err := d.LogOut(t.Context(), chat.Caller{Kind: kind}); !problem.Is(err, problem.Forbidden) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
