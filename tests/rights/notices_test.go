package rights

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"carechat/local/sns"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/module"
)

var confirmation = regexp.MustCompile(`http\S+Action=ConfirmSubscription\S+`)

// tellAna has ana told of a message on each of her channels, lets her say STOP
// and START, and takes her address away.
func (p *place) tellAna(t *testing.T) {
	t.Helper()
	api := apiclient.New(t, p.m.Machine)
	platform, rivera := api.As("platform", "harbor", "platform"), api.As("careManager", "harbor", "cm-rivera")
	ana := api.As("member", "harbor", "ana")

	organization := platform.Want(200, "GET", "/v1/organization", nil).Body
	notices := organization["notices"].(map[string]any)
	notices["delaySeconds"], notices["minutesBetweenTexts"] = 0, 0
	platform.Want(200, "PUT", "/v1/organization", organization)
	p.sweep(t)
	link := confirmation.FindString(p.inbox(t))
	apiclient.Client{T: t, API: link}.Want(200, "GET", "", nil)

	ana.Want(200, "PUT", "/v1/members/ana/preferences", `{"channels": ["sms", "email"]}`)
	ana.Want(200, "GET", "/v1/members/ana/preferences", nil)
	text := map[string]string{"programId": "diabetes", "clientMessageId": "rights-are-used-1", "text": "Hello Ana"}
	rivera.Want(201, "POST", "/v1/members/ana/threads", text)
	p.sweep(t)
	for _, paused := range []string{`{"paused": true}`, `{"paused": false}`} {
		ana.Want(200, "PUT", "/v1/members/ana/enrollments/diabetes/pause", paused)
	}
	event, err := os.ReadFile(module.Path("functions/keyword/event.json"))
	if err != nil {
		t.Fatal(err)
	}
	p.invoke(t, "keyword", json.RawMessage(event))
	again := strings.NewReplacer("Stop, please!", "START", "cae173d2", "cae173d3", ":00.000Z", ":09.000Z").Replace(string(event))
	p.invoke(t, "keyword", json.RawMessage(again))

	profile := platform.Want(200, "GET", "/v1/members/ana", nil).Body
	delete(profile, "email")
	platform.Want(200, "PUT", "/v1/members/ana", profile)
	p.sweep(t)
}

// tellBen has ben choose an address that is older than mailboxes.
func (p *place) tellBen(t *testing.T) {
	t.Helper()
	api := apiclient.New(t, p.m.Machine)
	platform, ben := api.As("platform", "harbor", "platform"), api.As("member", "harbor", "ben")
	profile := platform.Want(200, "GET", "/v1/members/ben", nil).Body
	profile["email"] = "ben@example.org"
	platform.Want(200, "PUT", "/v1/members/ben", profile)
	p.forgetMailbox(t, "ben@example.org")
	ben.Want(200, "PUT", "/v1/members/ben/preferences", `{"channels": ["email"]}`)
}

// inbox is everything that phones and mailboxes got.
func (p *place) inbox(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	var messages []sns.Message
	got := apiclient.Client{T: t, API: p.m.InboxURL}.Want(200, "GET", "/messages", nil)
	if err := json.Unmarshal([]byte(got.Raw), &messages); err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		all.WriteString(m.Text + "\n")
	}
	return all.String()
}
