package e2e

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"carechat/local/machine"
	"carechat/local/stream"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/watch"
)

// harbor's settings with other rules of notices.
func (c cast) rule(t *testing.T, notices map[string]any) {
	t.Helper()
	organization := c.platform.Want(200, "GET", "/v1/organization", "").Body
	rules := organization["notices"].(map[string]any)
	for name, v := range notices {
		rules[name] = v
	}
	c.platform.Want(200, "PUT", "/v1/organization", organization)
}

// reached is a cast whose member has a phone and a mailbox of their own.
func reached(t *testing.T, m *machine.Machine, phone, email string) cast {
	t.Helper()
	c := newCast(t, m)
	member := c.platform.Want(200, "GET", "/v1/members/"+c.id, "").Body
	member["phone"], member["email"] = phone, email
	c.platform.Want(200, "PUT", "/v1/members/"+c.id, member)
	c.member.Want(200, "PUT", "/v1/members/me/preferences", `{"channels": ["sms", "email"]}`)
	return c
}

// minute is the schedule's run.
func minute(t *testing.T, m *machine.Machine) {
	t.Helper()
	if _, err := m.Invoke(t.Context(), "notify", stream.ScheduleEvent(time.Now())); err != nil {
		t.Fatal(err)
	}
}

// mailTo is what an address has got, oldest first.
func mailTo(t *testing.T, m *machine.Machine, to string) []string {
	t.Helper()
	var all []string
	for _, each := range messages(t, m) {
		if each.To == to {
			all = append(all, each.Text)
		}
	}
	return all
}

var (
	linkIn    = regexp.MustCompile(`#/l/([\w-]{27})`)
	confirmIn = regexp.MustCompile(`http\S+Action=ConfirmSubscription\S+`)
)

// whyLog is the why-log, oldest first, as "channel decision: rule".
func (c cast) whyLog() []string {
	var all []string
	items, _ := c.rivera.Want(200, "GET", "/v1/members/"+c.id+"/notices", "").At("items").([]any)
	for _, item := range slices.Backward(items) {
		row, _ := item.(map[string]any)
		channel, _ := row["channel"].(string)
		all = append(all, channel+" "+row["decision"].(string)+": "+row["rule"].(string))
	}
	return all
}

// The member learns of three messages by one text and, once her address is
// confirmed, one email; each has a link that lands on the thread (G6, N3, N5).
func TestAMemberIsToldOnceOnEachChannel(t *testing.T) {
	const phone, email = "+15550100177", "dana@example.org"
	m := watch.New(t, machine.Config{}).Machine
	m.SetTriggers(false) // the schedule is the guarantee
	c := reached(t, m, phone, email)
	c.rule(t, map[string]any{"delaySeconds": 0, "minutesBetweenTexts": 0})

	minute(t, m)
	confirm := confirmIn.FindString(strings.Join(mailTo(t, m, email), " "))
	if confirm == "" {
		t.Fatalf("no confirmation was asked for: %q", mailTo(t, m, email))
	}
	path := c.greet()
	minute(t, m)
	if got := len(mailTo(t, m, email)); got != 1 || len(mailTo(t, m, phone)) != 1 {
		t.Fatalf("unconfirmed: %d emails and %d texts", got, len(mailTo(t, m, phone)))
	}
	apiclient.Client{T: t}.Want(200, "GET", confirm, nil)

	c.member.Want(200, "PUT", path+"/read", `{"seq": 1}`)
	for range 3 {
		c.rivera.Want(201, "POST", path+"/messages", message(newID("more"), "Hello again"))
	}
	minute(t, m)
	minute(t, m)
	phones, mails := mailTo(t, m, phone), mailTo(t, m, email)
	if len(phones) != 2 || len(mails) != 2 {
		t.Fatalf("%d texts and %d emails: %q %q", len(phones), len(mails), phones, mails)
	}
	for _, text := range []string{phones[1], mails[1]} {
		link := linkIn.FindStringSubmatch(text)
		if link == nil || strings.Contains(text, "Dana") || strings.Contains(text, "Hello") || strings.Contains(text, "ivera") {
			t.Fatalf("sent: %q", text)
		}
		session := c.member.WithToken("").Want(201, "POST", "/v1/sessions", map[string]string{"link": link[1], "birthDate": "1961-05-06"})
		if got := session.Text("landing.kind") + " " + session.Text("landing.id"); got != "thread "+path[strings.LastIndex(path, "/")+1:] {
			t.Errorf("it lands on %s, not on %s", got, path)
		}
	}
	want := "sms sent: due, email suppressed: unconfirmed, sms sent: due, email sent: due"
	if got := strings.Join(c.whyLog(), ", "); got != want {
		t.Errorf("the why-log says %s, not %s", got, want)
	}

	// STOP from her phone: the next spell goes by email alone (N7).
	c.member.Want(200, "PUT", path+"/read", `{"seq": 4}`)
	apiclient.Client{T: t, API: m.InboxURL}.Want(202, "POST", "/sms", map[string]string{"from": phone, "text": "Stop, please!"})
	told := len(mailTo(t, m, phone))
	c.rivera.Want(201, "POST", path+"/messages", message(newID("more"), "One more"))
	minute(t, m)
	if got := len(mailTo(t, m, phone)); got != told || len(mailTo(t, m, email)) != 3 {
		t.Errorf("after STOP: %d more texts, %d emails", got-told, len(mailTo(t, m, email)))
	}
	if got := c.member.Want(200, "GET", "/v1/members/me/preferences", ""); got.Text("channels.0.status") != "optedOut" || got.Text("channels.1.status") != "usable" {
		t.Errorf("preferences: %s", got.Raw)
	}
}
