package notice

import (
	"errors"
	"testing"
	"time"

	"carechat/shared/chat"
)

func TestCapsPerContact(t *testing.T) {
	p := newLinksTest()
	p.member("ana", anaBorn, phone)
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
		"anybody's":          func(p *linksTest, _ chat.MemberKey) error { return p.login.AskLink(t.Context(), phone, "") },
		"the care manager's": func(p *linksTest, m chat.MemberKey) error { return p.login.AskLinkFor(t.Context(), m) },
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
			check(t, p.run(t, 0))
			p.fail = nil
			check(t, p.run(t, time.Minute))
			if len(p.sent) != 1 {
				t.Errorf("%d links, once SNS is back", len(p.sent))
			}
			p.nothingOwed(t)
		})
	}
}
