package auth

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

func TestAskingIsTheSameForEveryContact(t *testing.T) {
	f := newFake()
	f.member("ana", anaBorn, phone)
	s := &Service{Store: f, Now: f.clock}
	for _, contact := range []string{phone, "+15550100100", "Nobody@example.org"} {
		check(t, s.AskLink(t.Context(), contact, "192.0.2.10"))
		stored, _ := chat.Contact(contact)
		want := Asked{Contact: "hash of " + stored, Address: stored, DueAt: start, Version: 1}
		if diff := cmp.Diff(want, f.asked["hash of "+stored]); diff != "" {
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

// Asking again while a link is on its way starts anew; what was sent still counts.
func TestAskingAgain(t *testing.T) {
	f := newFake()
	f.asked["hash of "+phone] = Asked{Address: phone, DueAt: start.Add(time.Hour), Attempts: 3, Served: []string{"harbor"}, Sent: []time.Time{start}, Version: 4}
	s := &Service{Store: f, Now: f.clock}
	moved := false
	f.before = func(string) error {
		if !moved {
			moved = true
			return chat.ErrMoved
		}
		return nil
	}
	check(t, s.AskLink(t.Context(), phone, ""))
	want := Asked{Contact: "hash of " + phone, Address: phone, DueAt: start, Sent: []time.Time{start}, Version: 5}
	if diff := cmp.Diff(want, f.asked["hash of "+phone]); diff != "" {
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
