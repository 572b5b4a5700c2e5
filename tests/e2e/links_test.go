package e2e

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"carechat/local/machine"
	"carechat/local/sns"
	"carechat/local/stream"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/watch"
)

// The schedule alone sends a link that was asked for: the stream is only the speed (N1).
func TestALinkGoesOutWithoutTheStream(t *testing.T) {
	m := watch.New(t, machine.Config{}).Machine
	m.SetTriggers(false)
	api := apiclient.New(t, m)
	api.Want(202, "POST", "/v1/links", `{"contact": "+15550100101"}`)
	api.Want(202, "POST", "/v1/links", `{"contact": "+15550100199"}`) // nobody's
	if _, err := m.Invoke(t.Context(), "notify", stream.ScheduleEvent(time.Now())); err != nil {
		t.Fatal(err)
	}
	got := texts(t, m)
	if len(got) != 1 || got[0].To != "+15550100101" {
		t.Fatalf("the inbox has %+v", got)
	}
	link := regexp.MustCompile(`#/l/([\w-]{27})`).FindStringSubmatch(got[0].Text)[1]

	// A link alone opens nothing, and opening it changes nothing (G9, S2).
	if a := api.Want(403, "POST", "/v1/sessions", map[string]string{"link": link}); a.Text("code") != "factor-required" {
		t.Errorf("without a birth date: %s", a.Raw)
	}
	api.Want(403, "POST", "/v1/sessions", map[string]string{"link": link, "birthDate": "1970-02-04"})
	session := api.Want(201, "POST", "/v1/sessions", map[string]string{"link": link, "birthDate": "1970-02-03"})
	ana := api.WithToken(session.Text("token"))
	if me := ana.Want(200, "GET", "/v1/me", ""); me.Text("id") != "ana" {
		t.Errorf("me: %s", me.Raw)
	}
	api.Want(201, "POST", "/v1/sessions", map[string]string{"link": link, "birthDate": "1970-02-03"}) // twice is fine

	ana.Want(204, "DELETE", "/v1/sessions/current", "")
	ana.Want(401, "GET", "/v1/me", "")
	if letters := m.DeadLetters(); len(letters) > 0 {
		t.Errorf("given up: %+v", letters)
	}
}

// S2: another phone, or being disabled, ends links and sessions at once.
func TestAChangedContactEndsLinksAndSessions(t *testing.T) {
	m := watch.New(t, machine.Config{}).Machine
	m.SetTriggers(false) // the test itself says when links go out
	api := apiclient.New(t, m)
	api.Want(202, "POST", "/v1/links", `{"contact": "+15550100101"}`)
	if _, err := m.Invoke(t.Context(), "notify", stream.ScheduleEvent(time.Now())); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`#/l/([\w-]{27})`).FindStringSubmatch(texts(t, m)[0].Text)[1]
	logIn := map[string]string{"link": link, "birthDate": "1970-02-03"}
	ana := api.WithToken(api.Want(201, "POST", "/v1/sessions", logIn).Text("token"))
	ana.Want(200, "GET", "/v1/me", "")

	platform := api.As("platform", "harbor", "platform")
	profile := platform.Want(200, "GET", "/v1/members/ana", "")
	platform.Want(200, "PUT", "/v1/members/ana", strings.Replace(profile.Raw, "+15550100101", "+15550100155", 1))
	ana.Want(401, "GET", "/v1/me", "")
	api.Want(410, "POST", "/v1/sessions", logIn)
}

// texts are all that phones have got, oldest first.
func texts(t *testing.T, m *machine.Machine) []sns.Message {
	t.Helper()
	return slices.DeleteFunc(messages(t, m), func(each sns.Message) bool { return each.Channel != "sms" })
}

// messages are all that anybody has got, oldest first.
func messages(t *testing.T, m *machine.Machine) (all []sns.Message) {
	t.Helper()
	inbox := apiclient.Client{T: t, API: m.InboxURL}.Want(200, "GET", "/messages", nil)
	if err := json.Unmarshal([]byte(inbox.Raw), &all); err != nil {
		t.Fatal(err)
	}
	return all
}
