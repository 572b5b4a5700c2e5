package notice

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
)

func TestCapsPerContact(t *testing.T) {
	p := newLinksTest()
	ana := p.member("ana", anaBorn, phone)
	sent := func(after time.Duration) int {
		p.fake.now = start.Add(after)
		p.ask(t)
		check(t, p.run(t, 0))
		p.nothingOwed(t)
		return len(p.sent)
	}
	for range 3 {
		sent(0)
	}
	if n := sent(15*time.Minute - time.Millisecond); n != 3 {
		t.Errorf("%d in a quarter of an hour", n)
	}
	check(t, p.login.AskLinkFor(t.Context(), ana.Key(), chat.AskedByCareManager))
	check(t, p.run(t, 0))
	if n := len(p.sent); n != 3+1 {
		t.Errorf("%d with the care manager's, who has a count of their own", n)
	}
	p.sent = p.sent[:3]
	for hour := range 9 {
		sent(time.Duration(hour+1) * time.Hour)
	}
	if n := len(p.sent); n != 10 {
		t.Errorf("%d in a day", n)
	}
	if n := sent(24*time.Hour - time.Millisecond); n != 10 {
		t.Errorf("%d in a day", n)
	}
	if n := sent(24 * time.Hour); n != 10+1 {
		t.Errorf("%d when the first is a day old", n)
	}
	if n := len(p.owed[contact].Sent); n > 10+1 {
		t.Errorf("%d times are kept", n)
	}
}

// S4: while SNS is down, more asks than the cap allows are counted and refused, and
// what is owed stays owed until SNS is back.
func TestARefusedAskTakesNothingAway(t *testing.T) {
	for name, ask := range map[string]func(*linksTest, chat.MemberKey) error{
		"anybody's": func(p *linksTest, _ chat.MemberKey) error { return p.login.AskLink(t.Context(), phone, "") },
		"the care manager's": func(p *linksTest, m chat.MemberKey) error {
			return p.login.AskLinkFor(t.Context(), m, chat.AskedByCareManager)
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newLinksTest()
			ana := p.member("ana", anaBorn, phone)
			p.fail = errors.New("sns is down")
			for range 3 {
				p.ask(t)
				if p.run(t, time.Second) == nil {
					t.Fatal("the link was not tried")
				}
			}
			check(t, ask(p, ana.Key()))
			_ = p.run(t, 0) // a link by name is tried at once
			p.fail = nil
			check(t, p.run(t, time.Minute))
			if len(p.sent) != 1 {
				t.Errorf("%d links, once SNS is back", len(p.sent))
			}
			p.nothingOwed(t)
		})
	}
}

func TestAFailedLinkIsTriedAgainAndGivenUp(t *testing.T) {
	p := newLinksTest()
	p.member("ana", anaBorn, phone)
	p.ask(t)
	p.fail = errors.New("down")
	p.givesUp(t, p.fail)
}

// givesUp fails the test unless a link's five attempts, each later than the one
// before, fail for this reason, and the last one says that the link is given up.
func (p *linksTest) givesUp(t *testing.T, reason error) {
	t.Helper()
	waits := []time.Duration{0, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute}
	for n, after := range waits {
		if n > 0 {
			check(t, p.run(t, after-time.Millisecond)) // not yet
			after = time.Millisecond
		}
		err := p.run(t, after)
		if !errors.Is(err, reason) || errors.Is(err, errLinkGivenUp) != (n == len(waits)-1) {
			t.Fatalf("attempt %d: %v", n+1, err)
		}
	}
	check(t, p.run(t, time.Hour))
	p.nothingOwed(t)
	if n := len(p.owed[contact].Sent); n != 1 {
		t.Errorf("one ask counts %d times", n)
	}
}

// S4: an attempt is counted, and is behind what else is due, before anything is
// read of the members, so that a contact whose attempts all fail stops nobody's.
func TestAnAttemptThatCannotReadIsCounted(t *testing.T) {
	p := newLinksTest()
	p.member("ana", anaBorn, phone)
	p.ask(t)
	p.unreadable = errors.New("the table is busy")
	p.givesUp(t, p.unreadable)
	if len(p.sent) != 0 {
		t.Errorf("%q", p.sent)
	}
}

// S4: a placeholder that a platform gave to everybody costs no read of a profile.
func TestAPlaceholderIsNotReadThrough(t *testing.T) {
	p := newLinksTest()
	for n := range 2000 {
		p.memberOf([]string{"harbor", "summit"}[n%2], fmt.Sprintf("guest-%d", n), benBorn, phone)
	}
	p.memberOf("valley", "ana", anaBorn, phone)
	p.settings["valley"] = chat.Organization{ID: "valley", ShortName: "Valley"}
	p.ask(t)
	check(t, p.run(t, 0))
	if len(p.sent) != 1 || !strings.Contains(p.sent[0], " Valley ") || p.profilesRead != 1 {
		t.Errorf("%q, %d profiles read", p.sent, p.profilesRead)
	}
	p.nothingOwed(t)
}

// S4: the why-log says who asked for each link and what became of it, of what was
// capped once a day, so that a lost link can be traced.
func TestTheWhyLogSaysWhatBecameOfALink(t *testing.T) {
	p := newLinksTest()
	ana := p.member("ana", anaBorn, phone)
	said := func() (all []string) {
		for _, n := range p.log {
			all = append(all, fmt.Sprintf("%s %s %s %s: %s, by %s", n.Kind, n.Key.Member, n.Channel, n.Decision, n.Rule, n.By))
		}
		p.log = nil
		return all
	}
	want := func(rows ...string) {
		t.Helper()
		if diff := cmp.Diff(rows, said()); diff != "" {
			t.Error(diff)
		}
	}
	p.ask(t)
	check(t, p.run(t, 0))
	want("link ana sms sent: asked, by anyone")
	check(t, p.login.AskLinkFor(t.Context(), ana.Key(), chat.AskedByCareManager))
	check(t, p.run(t, 0))
	want("link ana sms sent: asked, by careManager")
	p.fail = errors.New("down")
	p.ask(t)
	for _, wait := range []time.Duration{0, time.Minute, 2 * time.Minute, 4 * time.Minute} {
		_ = p.run(t, wait)
	}
	want()
	_ = p.run(t, 8*time.Minute)
	want("link ana sms failed: snsError, by anyone")
	p.fail = nil
	for range 3 {
		p.ask(t)
		check(t, p.run(t, 0))
	}
	said()
	for range 3 {
		p.ask(t)
		check(t, p.run(t, time.Second))
	}
	want("link ana sms suppressed: cap, by anyone")
	p.nothingOwed(t)
}

// S4: a link by name goes to a member whose contact a whole house shares, also while
// one is owed to anybody.
func TestALinkByNameIsNotLostInAnAskOfAnybody(t *testing.T) {
	p := newLinksTest()
	ana := p.member("ana", anaBorn, phone)
	for n := range maxSharing {
		p.member(fmt.Sprintf("guest-%d", n), benBorn, phone)
	}
	p.ask(t)
	check(t, p.login.AskLinkFor(t.Context(), ana.Key(), chat.AskedByPlatform))
	check(t, p.run(t, 0))
	if len(p.sent) != 1 {
		t.Errorf("%d links", len(p.sent))
	}
	p.nothingOwed(t)
}
