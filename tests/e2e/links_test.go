package e2e

import (
	"slices"
	"strings"
	"testing"

	"carechat/local/machine"
	"carechat/local/sns"
)

// The schedule alone sends a link that was asked for: the stream only makes it faster (N1).
func TestALinkGoesOutWithoutTheStream(t *testing.T) {
	m := newMachine(t, machine.Config{})
	api := m.Client(t)
	api.Want(202, "POST", "/v1/links", `{"contact": "+15550100101"}`)
	api.Want(202, "POST", "/v1/links", `{"contact": "+15550100199"}`) // nobody's
	m.RunSchedule(t)
	got := m.Messages(t)
	texts := slices.DeleteFunc(got, func(each sns.Message) bool { return each.Channel != "sms" })
	if len(texts) != 1 || texts[0].To != "+15550100101" {
		t.Fatalf("the inbox has %+v", got)
	}
	link := linkIn.FindStringSubmatch(texts[0].Text)[1]

	// A link alone opens nothing (G9, S2).
	if a := api.Want(403, "POST", "/v1/sessions", map[string]string{"link": link}); a.Text("code") != "factor-required" {
		t.Errorf("without a birth date: %s", a.Raw)
	}
	api.Want(403, "POST", "/v1/sessions", map[string]string{"link": link, "birthDate": "1970-02-04"})
	session := api.Want(201, "POST", "/v1/sessions", map[string]string{"link": link, "birthDate": "1970-02-03"})
	ana := api.WithToken(session.Text("token"))
	if me := ana.Want(200, "GET", "/v1/me", ""); me.Text("id") != "ana" {
		t.Errorf("me: %s", me.Raw)
	}
	api.Want(201, "POST", "/v1/sessions", map[string]string{"link": link, "birthDate": "1970-02-03"}) // a link may be used twice

	ana.Want(204, "DELETE", "/v1/sessions/current", "")
	ana.Want(401, "GET", "/v1/me", "")
	if letters := m.DeadLetters(); len(letters) > 0 {
		t.Errorf("dead letters: %+v", letters)
	}
}

// S2: another phone ends links and sessions at once.
func TestAChangedContactEndsLinksAndSessions(t *testing.T) {
	m := newMachine(t, machine.Config{})
	api := m.Client(t)
	api.Want(202, "POST", "/v1/links", `{"contact": "+15550100101"}`)
	m.RunSchedule(t)
	link := linkIn.FindStringSubmatch(m.TextsTo(t, "+15550100101")[0])[1]
	logIn := map[string]string{"link": link, "birthDate": "1970-02-03"}
	ana := api.WithToken(api.Want(201, "POST", "/v1/sessions", logIn).Text("token"))
	ana.Want(200, "GET", "/v1/me", "")

	platform := api.As("platform", "harbor", "platform")
	profile := platform.Want(200, "GET", "/v1/members/ana", "")
	platform.Want(200, "PUT", "/v1/members/ana", strings.Replace(profile.Raw, "+15550100101", "+15550100155", 1))
	ana.Want(401, "GET", "/v1/me", "")
	api.Want(410, "POST", "/v1/sessions", logIn)
}
