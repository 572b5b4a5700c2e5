package login

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/owed"
	"carechat/shared/problem"
)

func TestAskingIsTheSameForEveryContact(t *testing.T) {
	f := newFake()
	f.member("ana", anaBorn, phone)
	s := &Service{Store: f, Now: f.clock}
	for _, contact := range []string{phone, "+15550100100", "Nobody@example.org"} {
		check(t, s.AskLink(t.Context(), contact, "192.0.2.10"))
		stored, _ := chat.Contact(contact)
		want := OwedLink{Contact: "hash of " + stored, Address: stored, Anyone: true, Work: owed.At(start), Version: 1}
		if diff := cmp.Diff(want, f.owed["hash of "+stored]); diff != "" {
			t.Errorf("%s:\n%s", contact, diff)
		}
	}
	err := s.AskLink(t.Context(), "nonsense", "192.0.2.10")
	var p *problem.Problem
	if !errors.As(err, &p) || p.Code != problem.ValidationFailed || p.Fields[0].Pointer != "/contact" {
		t.Error(err)
	}
	if strings.Contains(fmt.Sprintf("%+v", p), "nonsense") {
		t.Error("the refusal repeats what was sent")
	}
}

// Asking again while a link is owed starts anew; what was sent still counts.
func TestAskingAgain(t *testing.T) {
	f := newFake()
	f.owed["hash of "+phone] = OwedLink{Address: phone, Work: owed.Work{DueAt: start.Add(time.Hour), Attempts: 3}, Served: []string{"harbor"}, Sent: []time.Time{start}, Version: 4}
	s := &Service{Store: f, Now: f.clock}
	moved := false
	f.before = func(string) error {
		if !moved {
			moved = true
			return chat.ErrConflict
		}
		return nil
	}
	check(t, s.AskLink(t.Context(), phone, ""))
	want := OwedLink{Contact: "hash of " + phone, Address: phone, Anyone: true, Work: owed.At(start), Sent: []time.Time{start}, Version: 5}
	if diff := cmp.Diff(want, f.owed["hash of "+phone]); diff != "" {
		t.Error(diff)
	}
}

func TestAHundredAnHourFromOneAddress(t *testing.T) {
	f := newFake()
	s := &Service{Store: f, Now: f.clock}
	ask := func(ip string) error { return s.AskLink(t.Context(), phone, ip) }
	for range asksPerHour {
		check(t, ask("2001:db8:1:2::3"))
	}
	f.now = start.Add(20 * time.Minute)
	err := ask("2001:db8:1:2:ffff::1")
	var p *problem.Problem
	if !errors.As(err, &p) || p.Code != problem.TooManyRequests || p.RetryAfter != 40*time.Minute {
		t.Errorf("the same network: %+v", err)
	}
	check(t, ask("2001:db8:1:3::3"))
	check(t, ask("192.0.2.10"))
	f.now = start.Add(time.Hour)
	check(t, ask("2001:db8:1:2::3"))

	s.Local, f.now = true, start
	for range asksPerHour + 1 {
		check(t, ask("127.0.0.1"))
	}
	if _, counted := f.asks["127.0.0.1"]; counted {
		t.Error("one machine counts itself")
	}
}

func TestSource(t *testing.T) {
	for ip, want := range map[string]string{
		"192.0.2.10": "192.0.2.10", "::ffff:192.0.2.10": "192.0.2.10", "2001:db8::1": "2001:db8::/64",
		"2001:db8:0:0:ffff::1": "2001:db8::/64", "fe80::1%eth0": "fe80::/64", "": "", "unknown": "unknown",
	} {
		if got := source(ip); got != want {
			t.Errorf("%q: %q", ip, got)
		}
	}
}

// Asks that wait together are one, for everybody that one of them is for (S4).
func TestAskingForOneMember(t *testing.T) {
	ana := Recipient{chat.MemberKey{Organization: "harbor", Member: "ana"}, chat.AskedByCareManager}
	ben := Recipient{chat.MemberKey{Organization: "harbor", Member: "ben"}, chat.AskedByPlatform}
	both := []Recipient{ana, ben}
	for name, c := range map[string]struct {
		was    OwedLink
		asks   []Recipient // one each
		want   []Recipient
		anyone bool
	}{
		"anybody":                   {want: nil, anyone: true},
		"one":                       {asks: []Recipient{ana}, want: []Recipient{ana}},
		"one twice":                 {asks: []Recipient{ana, ana}, want: []Recipient{ana}},
		"one and another":           {asks: both, want: both},
		"one, while anybody's is":   {was: OwedLink{Work: owed.At(start), Anyone: true}, asks: []Recipient{ana}, want: []Recipient{ana}, anyone: true},
		"anybody, while one's is":   {was: OwedLink{Work: owed.At(start), For: both}, want: both, anyone: true},
		"one, after anybody was":    {was: OwedLink{Sent: []time.Time{start}}, asks: []Recipient{ana}, want: []Recipient{ana}},
		"another, while one's is":   {was: OwedLink{Work: owed.At(start), For: []Recipient{ben}}, asks: []Recipient{ana}, want: []Recipient{ben, ana}},
		"one, when anybody has had": {was: OwedLink{Sent: slices.Repeat([]time.Time{start}, sentPerDay)}, asks: []Recipient{ana}, want: []Recipient{ana}},
	} {
		is := c.was
		if c.asks == nil {
			is = is.Ask(phone, start)
		}
		for _, r := range c.asks {
			is = is.AskFor(phone, start, r)
		}
		if diff := cmp.Diff(c.want, is.For); diff != "" || is.Anyone != c.anyone || !is.Due(start) {
			t.Errorf("%s: for anyone: %v, %s", name, is.Anyone, diff)
		}
	}
}

// S4: what anybody asks for with a contact and what is sent by name have counts of
// their own. Whoever asks by name is told that there were too many.
func TestALinkByNameHasACountOfItsOwn(t *testing.T) {
	f := newFake()
	m := f.member("ana", anaBorn, phone).Key()
	s := &Service{Store: f, Now: f.clock, NewID: func(string) string { return "ntc_1" }}
	send := func(after time.Duration) (wait time.Duration) {
		f.now = start.Add(after)
		err := s.AskLinkFor(t.Context(), m, chat.AskedByCareManager)
		var p *problem.Problem
		if errors.As(err, &p) && p.Code == problem.TooManyRequests {
			return p.RetryAfter
		}
		check(t, err)
		return 0
	}
	for range namedPerSpell {
		if wait := send(0); wait != 0 {
			t.Fatalf("refused for %v", wait)
		}
	}
	if wait := send(time.Minute); wait != 14*time.Minute {
		t.Errorf("the fourth waits %v", wait)
	}
	for n := namedPerSpell; n < namedPerDay; n++ {
		if wait := send(time.Duration(n) * time.Hour); wait != 0 {
			t.Fatalf("%d: refused for %v", n, wait)
		}
	}
	if wait := send(22 * time.Hour); wait != 2*time.Hour {
		t.Errorf("the twenty-first waits %v", wait)
	}
	want := []chat.Notice{{
		Kind: chat.LinkNotice, Key: m, ID: "ntc_1", Decision: chat.Suppressed, Rule: "cap", By: chat.AskedByCareManager, At: start.Add(time.Minute),
	}}
	if diff := cmp.Diff(want, f.log); diff != "" {
		t.Errorf("a row a day: %s", diff)
	}
	if got := f.owed["hash of "+phone]; len(got.Sent) != 0 {
		t.Errorf("counted against the contact: %+v", got)
	}
}

// The care side asks with each contact of a member; for a member who cannot get a
// link nothing is owed, and the why-log says why.
func TestAskingWithEachContactOfAMember(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*chat.Profile)
		want   []string
		rule   string // of the row in the why-log, "" for none
	}{
		"both":       {func(*chat.Profile) {}, []string{phone, "ana@example.org"}, ""},
		"a phone":    {func(p *chat.Profile) { p.Email = "" }, []string{phone}, ""},
		"none":       {func(p *chat.Profile) { p.Email, p.Phone = "", "" }, nil, "missing"},
		"disabled":   {func(p *chat.Profile) { p.Active = false }, nil, "disabled"},
		"not theirs": {func(p *chat.Profile) { p.Organization = "summit" }, nil, ""},
	} {
		f := newFake()
		p := f.member("ana", anaBorn, phone)
		delete(f.profiles, p.Key())
		m := p.Key()
		p.Email = "Ana@example.org"
		c.change(&p)
		f.profiles[p.Key()] = p
		s := &Service{Store: f, Now: f.clock, NewID: func(string) string { return "ntc_1" }}
		check(t, s.AskLinkFor(t.Context(), m, chat.AskedByPlatform))
		var log []chat.Notice
		if c.rule != "" {
			log = []chat.Notice{{Kind: chat.LinkNotice, Key: m, ID: "ntc_1", Decision: chat.Suppressed, Rule: c.rule, By: chat.AskedByPlatform, At: start}}
		}
		if diff := cmp.Diff(log, f.log); diff != "" {
			t.Errorf("%s: the why-log: %s", name, diff)
		}
		want := map[string]OwedLink{}
		for _, contact := range c.want {
			want["hash of "+contact] = OwedLink{Contact: "hash of " + contact, Address: contact, For: []Recipient{{m, chat.AskedByPlatform}}, Work: owed.At(start), Version: 1}
		}
		if diff := cmp.Diff(want, f.owed); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
