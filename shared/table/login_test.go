package table_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/id"
	"carechat/shared/login"
	"carechat/shared/notice"
	"carechat/shared/problem"
)

const (
	anasPhone = "+15550100199"
	anaBorn   = "1970-02-03"
	benBorn   = "1988-11-30"
)

// loginTest logs members in, on a table of its own with an organization whose members
// ana and ben share a phone.
type loginTest struct {
	*world
	auth *login.Service
	gate *auth.Verifier
	post *notice.LinkSender

	mu   sync.Mutex
	sent []string
}

func newLoginTest(t *testing.T) *loginTest {
	d := &loginTest{world: newWorld(t)}
	d.sound(t)
	clock := func() time.Time { return d.Now }
	d.auth = &login.Service{Store: d.Table, Now: clock, NewID: id.New}
	d.gate = auth.New(auth.Settings{Store: d.Table, Now: clock})
	d.post = &notice.LinkSender{
		Store: d.Table, Now: clock, NewID: id.New, PublicURL: "https://care.example.org",
		Deliver: func(_ context.Context, contact string, _ []chat.Profile, shortName, link string) (notice.Delivery, error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.sent = append(d.sent, contact+" "+shortName+": "+link)
			return notice.Delivery{Channel: chat.SMS, Decision: chat.Delivered, Rule: "asked"}, nil
		},
	}
	must(t, d.Table.SaveOrganization(t.Context(), chat.Organization{
		ID: "harbor", ShortName: "Harbor", LinkHours: 24, IdleMinutes: 30, SessionHours: 12, Version: 1,
	}, nil))
	for id, born := range map[string]string{"ana": anaBorn, "ben": benBorn} {
		must(t, d.Table.SaveMember(t.Context(), directory.MemberChange{Is: chat.Profile{
			Organization: "harbor", ID: id, Name: "Name of " + id, BirthDate: born, Phone: anasPhone,
			Language: "en", TimeZone: "America/New_York", Active: true, Version: 1,
		}}))
	}
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// link asks for a link and returns the one that is sent.
func (d *loginTest) link(t *testing.T) string {
	t.Helper()
	d.sent = nil
	must(t, d.auth.AskLink(t.Context(), anasPhone, "192.0.2.10"))
	due := d.dueJobs(t, d.Now)
	if len(due) != 1 {
		t.Fatalf("%d links are due", len(due))
	}
	_, err := d.post.Send(t.Context(), due[0].Contact)
	must(t, err)
	if len(d.sent) != 1 {
		t.Fatalf("sent: %q", d.sent)
	}
	_, token, _ := strings.Cut(d.sent[0], "/#/l/")
	return token
}

func (d *loginTest) ana() chat.MemberKey {
	return chat.MemberKey{Organization: "harbor", Member: "ana"}
}

func TestFromAskingToASession(t *testing.T) {
	d := newLoginTest(t)
	token := d.link(t)
	if due := d.dueJobs(t, d.Now.Add(time.Hour)); len(due) != 0 {
		t.Errorf("still due: %+v", due)
	}
	grant, err := d.auth.Exchange(t.Context(), token, benBorn)
	must(t, err)
	c, err := d.gate.Caller(t.Context(), grant.Token, true)
	must(t, err)
	want := chat.Caller{
		Kind: chat.Member, Organization: "harbor", ID: "ben", Name: "Name of ben",
		Language: "en", TimeZone: "America/New_York", Session: c.Session,
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
	d.Now = d.Now.Add(20 * time.Minute)
	_, err = d.gate.Caller(t.Context(), grant.Token, true)
	must(t, err)
	d.Now = d.Now.Add(20 * time.Minute)
	_, err = d.gate.Caller(t.Context(), grant.Token, false)
	must(t, err)
	must(t, d.auth.LogOut(t.Context(), c))
	must(t, d.auth.LogOut(t.Context(), c))
	if _, err := d.gate.Caller(t.Context(), grant.Token, true); !problem.Is(err, problem.NotAuthenticated) {
		t.Error(err)
	}
}

// A caller with a session costs one read.
func TestASessionIsOneRead(t *testing.T) {
	d := newLoginTest(t)
	grant, err := d.auth.Exchange(t.Context(), d.link(t), anaBorn)
	must(t, err)
	used := d.recorder.during(func() { _, err = d.gate.Caller(t.Context(), grant.Token, true) })
	must(t, err)
	if used.read != 1 || used.written != 0 || len(used.calls) != 1 || used.calls[0] != "GetItem (strong)" {
		t.Errorf("%+v", used)
	}
}

// A known contact and an unknown one lead to the same calls.
func TestAskingCostsTheSame(t *testing.T) {
	d := newLoginTest(t)
	var costs []spent
	for source, contact := range map[string]string{"192.0.2.10": anasPhone, "192.0.2.11": "+15550100100", "192.0.2.12": "nobody@example.org"} {
		costs = append(costs, d.recorder.during(func() { must(t, d.auth.AskLink(t.Context(), contact, source)) }))
	}
	for _, each := range costs[1:] {
		if diff := cmp.Diff(costs[0], each, cmp.AllowUnexported(spent{})); diff != "" {
			t.Error(diff)
		}
	}
}

// S3: whoever guesses right among many guesses at once is answered only if the link
// and the count still are what the guess was compared on.
func TestARightGuessIsAnsweredOnTheCountsItWasDecidedOn(t *testing.T) {
	d := newLoginTest(t)
	d.link(t)
	hash := auth.Hash("link", strings.SplitN(d.sent[0], "/#/l/", 2)[1])
	for name, moves := range map[string]func(*login.Guess){
		"link":  func(g *login.Guess) { g.Limits = nil },
		"count": func(g *login.Guess) {},
	} {
		link, err := d.Table.Link(t.Context(), hash)
		must(t, err)
		profile, err := d.Table.Profile(t.Context(), d.ana())
		must(t, err)
		limits, err := d.Table.Limits(t.Context(), d.ana())
		must(t, err)
		link.Version++
		limits[0].Version++
		guess := login.Guess{Link: *link, Limits: limits}
		moves(&guess)
		must(t, d.Table.SaveGuess(t.Context(), guess))
		session, _ := auth.NewSession(*profile, chat.Organization{}, d.Now)
		err = d.Table.BeginSession(t.Context(), login.LogIn{Session: session, Profile: *profile, Link: *link, Limits: limits[0]})
		if !errors.Is(err, chat.ErrConflict) {
			t.Errorf("the %s moved: %v", name, err)
		}
	}
}

// S3: of twenty guesses at once no more than five are answered.
func TestGuessesAtOnce(t *testing.T) {
	d := newLoginTest(t)
	token := d.link(t)
	codes := make(chan problem.Code, 20)
	for n := range 20 {
		go func() {
			_, err := d.auth.Exchange(t.Context(), token, fmt.Sprintf("1999-01-%02d", n+1))
			var p *problem.Problem
			errors.As(err, &p)
			codes <- p.Code
		}()
	}
	counts := map[problem.Code]int{}
	for range 20 {
		counts[<-codes]++
	}
	if counts[problem.FactorRequired] > 5 {
		t.Errorf("%v", counts)
	}
	limits, err := d.Table.Limits(t.Context(), d.ana())
	must(t, err)
	if limits[0].Failures != counts[problem.FactorRequired] {
		t.Errorf("%d failures, answers %v", limits[0].Failures, counts)
	}
}

func TestLogInsAtOnce(t *testing.T) {
	d := newLoginTest(t)
	token := d.link(t)
	for range auth.MaxSessions - 2 {
		_, err := d.auth.Exchange(t.Context(), token, anaBorn)
		must(t, err)
	}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if _, err := d.auth.Exchange(t.Context(), token, anaBorn); err != nil && !problem.Is(err, problem.Unavailable) && !problem.Is(err, problem.TooManyRequests) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if sessions, err := d.Table.Sessions(t.Context(), d.ana()); err != nil || len(sessions) > auth.MaxSessions {
		t.Errorf("%d sessions, %v", len(sessions), err)
	}
}

// Disabling a member while they log in leaves no session (S1).
func TestDisablingAndLoggingInAtOnce(t *testing.T) {
	d := newLoginTest(t)
	token := d.link(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { _, _ = d.auth.Exchange(t.Context(), token, anaBorn) })
	}
	all.Go(func() {
		for {
			was, err := d.Table.Profile(t.Context(), d.ana())
			is := *was
			is.Active, is.Epoch, is.Version = false, is.Epoch+1, is.Version+1
			if err == nil {
				err = d.Table.SaveMember(t.Context(), directory.MemberChange{Was: was, Is: is, LogOut: true})
			}
			if !errors.Is(err, chat.ErrConflict) {
				if err != nil {
					t.Error(err)
				}
				return
			}
		}
	})
	all.Wait()
	if sessions, err := d.Table.Sessions(t.Context(), d.ana()); err != nil || len(sessions) != 0 {
		t.Errorf("%d sessions, %v", len(sessions), err)
	}
	if _, err := d.auth.Exchange(t.Context(), token, anaBorn); !problem.Is(err, problem.FactorRequired) {
		t.Errorf("the link still logs in ben alone: %v", err)
	}
}

// Of two runs that send a link at once, one sends it.
func TestSendersAtOnce(t *testing.T) {
	d := newLoginTest(t)
	must(t, d.auth.AskLink(t.Context(), anasPhone, "192.0.2.10"))
	due := d.dueJobs(t, d.Now)
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if _, err := d.post.Send(t.Context(), due[0].Contact); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(d.sent) != 1 {
		t.Errorf("%d texts", len(d.sent))
	}
}

func TestIssuersAndSubjects(t *testing.T) {
	d := newLoginTest(t)
	ctx := t.Context()
	mine := chat.Issuer{Issuer: "https://id.example.org/harbor", Audience: "care-chats", KeysURL: "https://id.example.org/keys"}
	other := chat.Issuer{Issuer: "https://id.example.org/other"}
	rivera := chat.Subject{Issuer: mine.Issuer, Subject: "rivera"}
	must(t, d.Table.SaveOrganization(ctx, chat.Organization{ID: "harbor", Issuers: []chat.Issuer{mine, other}, Version: 2}, nil))
	must(t, d.Table.SaveDepartment(ctx, "harbor", chat.Department{ID: "nurses", Version: 1}))
	row := chat.CareManagerRow{
		Organization: "harbor", ID: "cm-rivera", DepartmentIDs: []string{"nurses"}, Active: true, Subjects: []chat.Subject{rivera}, Version: 1,
	}
	must(t, d.Table.SaveCareManager(ctx, nil, row, nil, nil))

	issuer, person, err := d.Table.Identity(ctx, rivera)
	must(t, err)
	if diff := cmp.Diff(&auth.Issuer{Organization: "harbor", Issuer: mine}, issuer); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&chat.Person{Kind: chat.CareManager, ID: "cm-rivera"}, person); diff != "" {
		t.Error(diff)
	}
	err = d.Table.SaveOrganization(ctx, chat.Organization{ID: "summit", Issuers: []chat.Issuer{mine}, Version: 1}, nil)
	if !errors.Is(err, chat.ErrConflict) {
		t.Errorf("another organization's issuer: %v", err)
	}
	thief := chat.CareManagerRow{Organization: "harbor", ID: "cm-chen", Active: true, Subjects: []chat.Subject{rivera}, Version: 1}
	if err := d.Table.SaveCareManager(ctx, nil, thief, nil, nil); !errors.Is(err, chat.ErrConflict) {
		t.Errorf("somebody else's subject: %v", err)
	}

	must(t, d.Table.SaveOrganization(ctx, chat.Organization{ID: "harbor", Issuers: []chat.Issuer{other}, Version: 3}, []chat.Issuer{mine, other}))
	if issuer, person, err := d.Table.Identity(ctx, rivera); issuer != nil || person != nil || err != nil {
		t.Errorf("taken away: %v, %v, %v", issuer, person, err)
	}
	without := row
	without.Subjects, without.Version = nil, 2
	must(t, d.Table.SaveCareManager(ctx, &row, without, nil, nil))
	if person, err := d.Table.SubjectOf(ctx, rivera); person != nil || err != nil {
		t.Errorf("%v, %v", person, err)
	}
}

// Once nothing is owed the row of an owed link names nobody, and no row holds a
// secret: they hold hashes.
func TestOwedLinksForgetTheContact(t *testing.T) {
	d := newLoginTest(t)
	d.link(t)
	asked, err := d.Table.OwedLinkTo(t.Context(), anasPhone)
	must(t, err)
	want := login.OwedLink{Contact: asked.Contact, Sent: []time.Time{d.Now}, Version: 4}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
}
