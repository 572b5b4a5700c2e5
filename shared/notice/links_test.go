package notice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/owed"
)

// linksTest is a sender of links on a fake, and what it sent.
type linksTest struct {
	*fake
	*LinkSender
	login *login.Service
	sent  []string // phone and text
	fail  error    // of the next texts
}

const contact = "hash of " + phone

func newLinksTest() *linksTest {
	p := &linksTest{fake: newFake()}
	p.settings["harbor"] = chat.Organization{ID: "harbor", ShortName: "Harbor", LinkHours: 2}
	p.settings["summit"] = chat.Organization{ID: "summit", ShortName: "Summit", LinkURL: "https://summit.example.org"}
	p.login = &login.Service{Store: p.fake, Now: p.clock, NewID: newID, Local: true}
	p.LinkSender = &LinkSender{
		Store: p.fake, Now: p.clock, NewID: newID, PublicURL: "https://care.example.org",
		Deliver: func(_ context.Context, contact string, whose []chat.Profile, shortName, link string) (Delivery, error) {
			if p.fail == nil {
				p.sent = append(p.sent, contact+" "+whose[0].Language+" "+shortName+" "+link)
			}
			return Delivery{Channel: chat.SMS, Decision: chat.Delivered, Rule: ruleAsked, MessageID: "text-1"}, p.fail
		},
	}
	return p
}

func newID(prefix string) string { return prefix + "_1" }

// run sends what is owed to the contact, after a while.
func (p *linksTest) run(t *testing.T, after time.Duration) error {
	t.Helper()
	p.fake.now = p.fake.now.Add(after)
	_, err := p.Send(t.Context(), contact)
	return err
}

func (p *linksTest) ask(t *testing.T) {
	t.Helper()
	check(t, p.login.AskLink(t.Context(), phone, ""))
}

// nothingOwed fails the test unless nothing is owed and the address is forgotten.
func (p *linksTest) nothingOwed(t *testing.T) {
	t.Helper()
	a := p.owed[contact]
	if a.Address != "" || !a.DueAt.IsZero() || a.Attempts != 0 || a.Lost != 0 || a.Served != nil {
		t.Errorf("still owed: %+v", a)
	}
}

func TestALinkPerOrganization(t *testing.T) {
	p := newLinksTest()
	p.member("ana", anaBorn, phone)
	p.member("bennett", benBorn, phone)
	p.memberOf("summit", "ana", anaBorn, phone)
	p.member("elsewhere", anaBorn, "+15550100100")
	p.ask(t)
	check(t, p.run(t, 0))
	if len(p.sent) != 2 || !strings.HasPrefix(p.sent[0], phone+" es Harbor https://care.example.org/#/l/") ||
		!strings.HasPrefix(p.sent[1], phone+" es Summit https://summit.example.org/#/l/") {
		t.Fatalf("%q", p.sent)
	}
	p.nothingOwed(t)
	_, token, _ := strings.Cut(p.sent[0], "/#/l/")
	link := p.links[auth.Hash("link", token)]
	want := login.Link{
		Hash: auth.Hash("link", token), Organization: "harbor", Landing: login.Home, ExpiresAt: start.Add(2 * time.Hour),
		Members: []login.LinkMember{{ID: "ana", Epoch: 3}, {ID: "bennett", Epoch: 3}},
	}
	if diff := cmp.Diff(want, link); diff != "" {
		t.Error(diff)
	}
	if grant, err := p.login.Exchange(t.Context(), token, benBorn); err != nil || !strings.HasPrefix(grant.Token, "m.harbor.bennett.") {
		t.Errorf("%v", err)
	}
	check(t, p.run(t, time.Hour))
	if len(p.sent) != 2 {
		t.Error("sent again")
	}
}

// A birth date tells only a few members apart: the phone of a whole house logs nobody
// in, except a member whom somebody sends a link.
func TestAPhoneSharedByTooManyGetsNoLink(t *testing.T) {
	p := newLinksTest()
	p.memberOf("summit", "ana", anaBorn, phone)
	for n := range maxSharing {
		p.member(fmt.Sprintf("guest-%d", n), benBorn, phone)
	}
	p.ask(t)
	check(t, p.run(t, 0))
	if len(p.sent) != 2 {
		t.Fatalf("%d share it: %d links", maxSharing, len(p.sent))
	}
	p.member("ana", anaBorn, phone)
	p.ask(t)
	check(t, p.run(t, 0))
	if len(p.sent) != 3 || !strings.Contains(p.sent[2], " Summit ") {
		t.Errorf("one more: %q", p.sent[2:])
	}
	p.nothingOwed(t)
	check(t, p.login.AskLinkFor(t.Context(), chat.MemberKey{Organization: "harbor", Member: "ana"}, chat.AskedByPlatform))
	check(t, p.run(t, 0))
	if len(p.sent) != 4 || !strings.Contains(p.sent[3], " Harbor ") {
		t.Errorf("sent to one of them: %q", p.sent[3:])
	}
	for n := range maxSharing {
		check(t, p.login.AskLinkFor(t.Context(), chat.MemberKey{Organization: "harbor", Member: fmt.Sprintf("guest-%d", n)}, chat.AskedByPlatform))
	}
	check(t, p.login.AskLinkFor(t.Context(), chat.MemberKey{Organization: "harbor", Member: "ana"}, chat.AskedByPlatform))
	check(t, p.run(t, 0))
	if len(p.sent) != 6 {
		t.Errorf("sent to more of them by name than one link may be for: %q", p.sent[4:])
	}
	p.nothingOwed(t)
}

// Contacts that no active member has get nothing.
func TestContactsThatGetNothing(t *testing.T) {
	for name, arrange := range map[string]func(*linksTest){
		"unknown":           func(p *linksTest) {},
		"disabled":          func(p *linksTest) { m := p.member("ana", anaBorn, phone); m.Active = false; p.profiles[m.Key()] = m },
		"another phone now": func(p *linksTest) { p.member("ana", anaBorn, "+15550100100") },
	} {
		t.Run(name, func(t *testing.T) {
			p := newLinksTest()
			arrange(p)
			p.ask(t)
			check(t, p.run(t, 0))
			p.nothingOwed(t)
			if len(p.sent)+len(p.links) != 0 || len(p.owed[contact].Sent) != 1 {
				t.Errorf("%q, counted %d times", p.sent, len(p.owed[contact].Sent))
			}
		})
	}
	p := newLinksTest()
	check(t, p.login.AskLink(t.Context(), "ana@example.org", ""))
	_, err := p.Send(t.Context(), "hash of ana@example.org")
	check(t, err)
	if a := p.owed["hash of ana@example.org"]; a.Address != "" || !a.DueAt.IsZero() {
		t.Errorf("an email: %+v", a)
	}
}

// A crash before or after any save leads to at most one more text, and never to none.
func TestACrashMeansAtMostOneRepeat(t *testing.T) {
	crash := errors.New("crash")
	for at := 1; at <= 3; at++ {
		saves := 0
		fail := func(string) error {
			if saves++; saves == at {
				return crash
			}
			return nil
		}
		for mode, arrange := range map[string]func(*linksTest){
			"before": func(p *linksTest) { p.before = fail },
			"after":  func(p *linksTest) { p.after = fail },
		} {
			saves = 0
			p := newLinksTest()
			p.member("ana", anaBorn, phone)
			p.ask(t)
			arrange(p)
			if err := p.run(t, 0); !errors.Is(err, crash) {
				t.Fatalf("%v", err)
			}
			first := len(p.sent)
			for range 5 {
				check(t, p.run(t, owed.Lease))
			}
			if len(p.sent) == 0 || len(p.sent)-first > 1 {
				t.Errorf("a crash %s save %d: %d texts, then %d", mode, at, first, len(p.sent)-first)
			}
			p.nothingOwed(t)
		}
	}
}

// A crash after every text, again and again: the text goes out twice, then no more.
func TestACrashThatRepeatsIsGivenUp(t *testing.T) {
	p := newLinksTest()
	p.member("ana", anaBorn, phone)
	p.ask(t)
	crash, before := errors.New("crash"), 0
	p.before = func(string) error {
		if len(p.sent) > before {
			return crash // the claim stands, the text is out: its outcome is lost
		}
		return nil
	}
	givenUp := 0
	for range 6 {
		before = len(p.sent)
		err := p.run(t, owed.Lease)
		if err != nil && !errors.Is(err, crash) && !errors.Is(err, errLinkGivenUp) {
			t.Fatal(err)
		}
		if errors.Is(err, errLinkGivenUp) {
			givenUp++
		}
	}
	if len(p.sent) != 2 || givenUp != 1 {
		t.Errorf("%d texts, given up %d times", len(p.sent), givenUp)
	}
	p.nothingOwed(t)
}

// While one run sends, no other does.
func TestAClaimHoldsOthersOff(t *testing.T) {
	p := newLinksTest()
	p.member("ana", anaBorn, phone)
	p.ask(t)
	send := p.Deliver
	p.Deliver = func(ctx context.Context, contact string, whose []chat.Profile, shortName, link string) (Delivery, error) {
		_, err := p.Send(ctx, "hash of "+contact)
		check(t, err)
		return send(ctx, contact, whose, shortName, link)
	}
	check(t, p.run(t, 0))
	if len(p.sent) != 1 {
		t.Errorf("%d texts", len(p.sent))
	}
}

func TestOnlyWhatFailedIsSentAgain(t *testing.T) {
	p := newLinksTest()
	p.member("ana", anaBorn, phone)
	p.memberOf("summit", "ana", anaBorn, phone)
	p.ask(t)
	send := p.Deliver
	p.Deliver = func(ctx context.Context, contact string, whose []chat.Profile, shortName, link string) (Delivery, error) {
		if shortName == "Summit" {
			return Delivery{}, errors.New("down")
		}
		return send(ctx, contact, whose, shortName, link)
	}
	if p.run(t, 0) == nil {
		t.Fatal("no failure")
	}
	p.Deliver = send
	check(t, p.run(t, time.Minute))
	p.nothingOwed(t)
	if len(p.sent) != 2 || !slices.ContainsFunc(p.sent, func(s string) bool { return strings.Contains(s, "Summit") }) {
		t.Errorf("%q", p.sent)
	}
}

// A link that is asked for again while a text is being sent is sent too.
func TestAnAskInBetweenIsNotLost(t *testing.T) {
	p := newLinksTest()
	p.member("ana", anaBorn, phone)
	p.ask(t)
	send := p.Deliver
	p.Deliver = func(ctx context.Context, contact string, whose []chat.Profile, shortName, link string) (Delivery, error) {
		p.Deliver = send
		p.ask(t)
		return send(ctx, contact, whose, shortName, link)
	}
	check(t, p.run(t, 0))
	check(t, p.run(t, 0))
	p.nothingOwed(t)
	if len(p.sent) != 2 {
		t.Errorf("%d texts", len(p.sent))
	}
}

// A link for one member is not for others with the same phone.
func TestALinkForAMemberIsTheirsAlone(t *testing.T) {
	p := newLinksTest()
	ana := p.member("ana", anaBorn, phone)
	p.member("ben", benBorn, phone)
	p.memberOf("summit", "ana", anaBorn, phone)
	check(t, p.login.AskLinkFor(t.Context(), ana.Key(), chat.AskedByCareManager))
	check(t, p.run(t, 0))
	if len(p.sent) != 1 {
		t.Fatalf("%q", p.sent)
	}
	_, token, _ := strings.Cut(p.sent[0], "/#/l/")
	if diff := cmp.Diff([]login.LinkMember{{ID: ana.ID, Epoch: ana.Epoch}}, p.links[auth.Hash("link", token)].Members); diff != "" {
		t.Error(diff)
	}
	p.nothingOwed(t)
}
