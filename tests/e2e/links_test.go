package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"carechat/local/machine"
)

// The schedule alone sends a link that was asked for: the stream is only the speed (N1).
func TestALinkGoesOutWithoutTheStream(t *testing.T) {
	m, err := machine.Start(t.Context(), machine.Config{TemplatePath: template})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	m.SetStream(false)
	api := open(t, m)
	api.want(202, "POST", "/v1/links", `{"contact": "+15550100101"}`)
	api.want(202, "POST", "/v1/links", `{"contact": "+15550100199"}`) // nobody's
	if _, err := m.Invoke(t.Context(), "notify", machine.ScheduleEvent(time.Now())); err != nil {
		t.Fatal(err)
	}
	got := texts(t, m)
	if len(got) != 1 || got[0].To != "+15550100101" {
		t.Fatalf("the inbox has %+v", got)
	}
	link := regexp.MustCompile(`#/l/([\w-]{27})`).FindStringSubmatch(got[0].Text)[1]

	// A link alone opens nothing, and opening it changes nothing (G9, S2).
	if a := api.want(403, "POST", "/v1/sessions", marshal(map[string]string{"link": link})); a.text("code") != "factor-required" {
		t.Errorf("without a birth date: %s", a.raw)
	}
	api.want(403, "POST", "/v1/sessions", marshal(map[string]string{"link": link, "birthDate": "1970-02-04"}))
	session := api.want(201, "POST", "/v1/sessions", marshal(map[string]string{"link": link, "birthDate": "1970-02-03"}))
	ana := api.as(session.text("token"))
	if me := ana.want(200, "GET", "/v1/me", ""); me.text("id") != "ana" {
		t.Errorf("me: %s", me.raw)
	}
	api.want(201, "POST", "/v1/sessions", marshal(map[string]string{"link": link, "birthDate": "1970-02-03"})) // twice is fine

	ana.want(204, "DELETE", "/v1/sessions/current", "")
	ana.want(401, "GET", "/v1/me", "")
	if letters := m.DeadLetters(); len(letters) > 0 {
		t.Errorf("given up: %+v", letters)
	}
}

// S2: another phone, or being disabled, ends links and sessions at once.
func TestAChangedContactEndsLinksAndSessions(t *testing.T) {
	m, err := machine.Start(t.Context(), machine.Config{TemplatePath: template})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	m.SetStream(false) // the test itself says when links go out
	api := open(t, m)
	api.want(202, "POST", "/v1/links", `{"contact": "+15550100101"}`)
	if _, err := m.Invoke(t.Context(), "notify", machine.ScheduleEvent(time.Now())); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`#/l/([\w-]{27})`).FindStringSubmatch(texts(t, m)[0].Text)[1]
	logIn := marshal(map[string]string{"link": link, "birthDate": "1970-02-03"})
	ana := api.as(api.want(201, "POST", "/v1/sessions", logIn).text("token"))
	ana.want(200, "GET", "/v1/me", "")

	platform := api.as(token(t, m, "platform", "harbor", "platform"))
	profile := platform.want(200, "GET", "/v1/members/ana", "")
	platform.want(200, "PUT", "/v1/members/ana", strings.Replace(profile.raw, "+15550100101", "+15550100155", 1))
	ana.want(401, "GET", "/v1/me", "")
	api.want(410, "POST", "/v1/sessions", logIn)
}

type textMessage struct{ To, Text string }

// texts are what phones have got.
func texts(t *testing.T, m *machine.Machine) []textMessage {
	t.Helper()
	resp, err := http.Get(m.InboxURL + "/messages")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var all []textMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}
