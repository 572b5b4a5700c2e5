package e2e

import (
	"regexp"
	"strings"
	"testing"

	"carechat/local/machine"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/town"
	"carechat/tests/support/watch"
)

// newReachable makes a member with a phone and a mailbox, who chooses both.
func newReachable(t *testing.T, m *watch.Machine, phone, email string) town.Person {
	t.Helper()
	c := newMember(t, m, town.Phone(phone), town.Email(email))
	c.Self.Want(200, "PUT", "/v1/members/me/preferences", `{"channels": ["sms", "email"]}`)
	return c
}

var (
	linkIn    = regexp.MustCompile(`#/l/([\w-]{27})`)
	confirmIn = regexp.MustCompile(`http\S+Action=ConfirmSubscription\S+`)
)

// A member is notified of three messages by one text and, once the address is
// confirmed, one email; each has a link that leads to the thread (G6, N3, N5).
func TestAMemberIsNotifiedOnceOnEachChannel(t *testing.T) {
	const phone, email = "+15550100177", "dana@example.org"
	m := newMachine(t, machine.Config{})
	c := newReachable(t, m, phone, email)
	c.Platform.NotifyAtOnce()

	m.RunSchedule(t)
	confirm := confirmIn.FindString(strings.Join(m.TextsTo(t, email), " "))
	if confirm == "" {
		t.Fatalf("nobody asked to confirm: %q", m.TextsTo(t, email))
	}
	path := c.Start()
	m.RunSchedule(t)
	if got := len(m.TextsTo(t, email)); got != 1 || len(m.TextsTo(t, phone)) != 1 {
		t.Fatalf("unconfirmed: %d emails and %d texts", got, len(m.TextsTo(t, phone)))
	}
	apiclient.Client{T: t}.Want(200, "GET", confirm, nil)

	c.Self.Want(200, "PUT", path+"/read", `{"seq": 1}`)
	for range 3 {
		c.Rivera.Want(201, "POST", path+"/messages", town.MessageBody(town.NewID("more"), "Hello again"))
	}
	m.RunSchedule(t)
	m.RunSchedule(t)
	phones, mails := m.TextsTo(t, phone), m.TextsTo(t, email)
	if len(phones) != 2 || len(mails) != 2 {
		t.Fatalf("%d texts and %d emails: %q %q", len(phones), len(mails), phones, mails)
	}
	for _, text := range []string{phones[1], mails[1]} {
		link := linkIn.FindStringSubmatch(text)
		if link == nil || strings.Contains(text, "Dana") || strings.Contains(text, "Hello") || strings.Contains(text, "ivera") {
			t.Fatalf("sent: %q", text)
		}
		session := c.Self.WithToken("").Want(201, "POST", "/v1/sessions", map[string]string{"link": link[1], "birthDate": town.BirthDate})
		if got := session.Text("landing.kind") + " " + session.Text("landing.id"); got != "thread "+path[strings.LastIndex(path, "/")+1:] {
			t.Errorf("it leads to %s, not to %s", got, path)
		}
	}
	want := "sms sent: due, email suppressed: unconfirmed, sms sent: due, email sent: due"
	if got := strings.Join(town.WhyLog(c.Rivera, c.ID), ", "); got != want {
		t.Errorf("the why-log says %s, not %s", got, want)
	}

	// After STOP the next spell's notice goes by email alone (N7).
	c.Self.Want(200, "PUT", path+"/read", `{"seq": 4}`)
	apiclient.Client{T: t, API: m.InboxURL}.Want(202, "POST", "/sms", map[string]string{"from": phone, "text": "Stop, please!"})
	before := len(m.TextsTo(t, phone))
	c.Rivera.Want(201, "POST", path+"/messages", town.MessageBody(town.NewID("more"), "One more"))
	m.RunSchedule(t)
	if got := len(m.TextsTo(t, phone)); got != before || len(m.TextsTo(t, email)) != 3 {
		t.Errorf("after STOP: %d more texts, %d emails", got-before, len(m.TextsTo(t, email)))
	}
	if got := c.Self.Want(200, "GET", "/v1/members/me/preferences", ""); got.Text("channels.0.status") != "optedOut" || got.Text("channels.1.status") != "usable" {
		t.Errorf("preferences: %s", got.Raw)
	}
}
