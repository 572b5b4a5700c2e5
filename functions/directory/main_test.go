package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"testing"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/tests/support/emulator"
	"carechat/tests/support/event"
	"carechat/tests/support/localaws"
	"carechat/tests/support/tables"

	"github.com/google/go-cmp/cmp"
)

const issuer = "https://id.example/harbor"

var platform = chat.Caller{Kind: chat.Platform, Organization: "harbor", ID: "platform", Issuer: issuer}

func TestMain(m *testing.M) { emulator.Main(m) }

// client calls the function as API Gateway does.
type client struct {
	t        *testing.T
	function *apigw.Function[chat.Caller]
}

// newClient calls for the platform of an organization that is there.
func newClient(t *testing.T) client {
	t.Helper()
	name := emulator.NewTable(t)
	t.Cleanup(func() { tables.Check(t, emulator.URL, name) })
	store := localaws.Table(emulator.URL, name, chat.Clock)
	h := handlers{&directory.Service{Store: store, Now: chat.Clock}}
	var in api.Organization
	if err := json.Unmarshal([]byte(settings), &in); err != nil {
		t.Fatal(err)
	}
	o, missing := api.OrganizationNew{ID: "harbor", Issuers: []api.Issuer{{Issuer: issuer, Audience: "care-chats"}}, Organization: in}.Settings()
	operator := directory.OperatorService{Store: store}
	if _, err := operator.Provision(t.Context(), o, missing); err != nil {
		t.Fatal(err)
	}
	return client{t, &apigw.Function[chat.Caller]{
		Name: "directory", Routes: h.routes(), Describe: api.Describe(chat.Clock), Log: slog.New(slog.DiscardHandler),
		Authenticate: func(context.Context, string, bool) (chat.Caller, error) { return platform, nil },
	}}
}

func (c client) invoke(in map[string]any) event.Answer {
	c.t.Helper()
	payload, err := json.Marshal(in)
	if err != nil {
		c.t.Fatal(err)
	}
	out, err := c.function.Invoke(c.t.Context(), payload)
	if err != nil {
		c.t.Fatal(err)
	}
	return event.AnswerOf(c.t, out)
}

func (c client) call(method, route string, path map[string]string, body string, headers ...string) event.Answer {
	c.t.Helper()
	all := map[string]string{}
	if body != "" {
		all["content-type"] = "application/json"
	}
	for i := 0; i < len(headers); i += 2 {
		all[headers[i]] = headers[i+1]
	}
	return c.invoke(map[string]any{
		"routeKey": method + " " + route, "headers": all, "pathParameters": path, "body": body,
		"requestContext": map[string]any{"http": map[string]string{"method": method}},
	})
}

const settings = `{"name":"Harbor Care","shortName":"Harbor","languages":["en","es"],"timeZone":"America/New_York",
"requestIntro":{"en":"Tell us.","es":"Cuéntenos."},"emergency":{"en":"Call 911.","es":"Llame al 911."},"countries":["+1"],
"outcomes":[{"id":"answered","labels":{"en":"Answered","es":"Respondido"}}],"links":{"hours":24,"url":"https://chats.example"},
"sessions":{"idleMinutes":30,"maxHours":12},
"notices":{"delaySeconds":0,"reminderHours":24,"quietHours":{"from":"21:00","to":"08:00"},"textsPerDay":3,"minutesBetweenTexts":0},
"calendar":{"hours":{"mon":{"from":"08:00","to":"17:00"}},"holidays":[],"replyHours":24}}`

// entries are one of each kind, in an order that has what each refers to.
var entries = []struct {
	route string
	path  map[string]string
	body  string
}{
	{"/v1/departments/{id}", map[string]string{"id": "nurses"}, `{"name":"Nurses"}`},
	{"/v1/programs/{id}", map[string]string{"id": "diabetes"}, `{"id":"diabetes","name":"Diabetes","kind":"guided","departmentId":"nurses"}`},
	{"/v1/reasons/{id}", map[string]string{"id": "symptoms"}, `{"labels":{"en":"How I feel","es":"Cómo me siento"},"order":0,"active":false,"programIds":["diabetes"],"replyHours":4}`},
	{"/v1/care-managers/{id}", map[string]string{"id": "cm-1"}, `{"displayName":"Sam","departmentIds":["nurses"],"active":true}`},
	{"/v1/care-managers/{id}", map[string]string{"id": "cm-2"}, `{"displayName":"Lin","departmentIds":["nurses"],"active":false,"subjects":[]}`},
	{"/v1/members/{memberId}", map[string]string{"memberId": "ana"}, `{"displayName":"Ana","birthDate":"1970-02-03","phone":"+15550100101",
		"email":"Ana@example.org","language":"es","timeZone":"America/New_York","active":true,"channels":["email"]}`},
	{"/v1/members/{memberId}/enrollments/{programId}", map[string]string{"memberId": "ana", "programId": "diabetes"}, `{"state":"active","careManagerId":"cm-1"}`},
}

// PUT takes exactly what GET gives, and is safe to repeat.
func TestAPutTakesWhatAGetGives(t *testing.T) {
	c := newClient(t)
	got := c.call("GET", "/v1/organization", nil, "")
	if again := c.call("PUT", "/v1/organization", nil, got.Body); again.StatusCode != 200 || again.Headers["ETag"] != `"1"` {
		t.Errorf("organization: %+v", again)
	}
	for _, e := range entries {
		made := c.call("PUT", e.route, e.path, e.body, "if-none-match", "*")
		if made.StatusCode != 201 || made.Headers["ETag"] != `"1"` {
			t.Fatalf("%s: %+v", e.route, made)
		}
		got := c.call("GET", e.route, e.path, "")
		if diff := cmp.Diff(made.Body, got.Body); diff != "" || got.StatusCode != 200 {
			t.Errorf("%s: %d %s", e.route, got.StatusCode, diff)
		}
		for _, body := range []string{e.body, got.Body} {
			again := c.call("PUT", e.route, e.path, body, "if-match", `"1"`)
			if again.StatusCode != 200 || again.Headers["ETag"] != `"1"` || again.Body != got.Body {
				t.Errorf("%s again: %+v", e.route, again)
			}
		}
		for _, headers := range [][2]string{{"if-none-match", "*"}, {"if-match", `"2"`}, {"if-match", `W/"1"`}} {
			if stale := c.call("PUT", e.route, e.path, e.body, headers[:]...); stale.StatusCode != 412 {
				t.Errorf("%s with %v: %d", e.route, headers, stale.StatusCode)
			}
		}
		if held := c.call("GET", e.route, e.path, "", "if-none-match", `"1"`); held.StatusCode != 304 {
			t.Errorf("%s, held: %d", e.route, held.StatusCode)
		}
	}
}

func TestMissingFieldsAreReported(t *testing.T) {
	c := newClient(t)
	for route, want := range map[string][]string{
		"/v1/organization": {"/calendar/holidays", "/calendar/hours", "/calendar/replyHours", "/countries", "/emergency", "/languages", "/links/hours",
			"/name", "/notices/delaySeconds", "/notices/minutesBetweenTexts", "/notices/reminderHours", "/notices/textsPerDay", "/outcomes",
			"/requestIntro", "/sessions/idleMinutes", "/sessions/maxHours", "/shortName", "/timeZone"},
		"/v1/programs/{id}":                              {"/departmentId", "/kind", "/name"},
		"/v1/reasons/{id}":                               {"/active", "/labels", "/order"},
		"/v1/departments/{id}":                           {"/name"},
		"/v1/care-managers/{id}":                         {"/active", "/departmentIds", "/displayName"},
		"/v1/members/{memberId}":                         {"/active", "/birthDate", "/displayName", "/language", "/timeZone"},
		"/v1/members/{memberId}/enrollments/{programId}": {"/state"},
	} {
		a := c.call("PUT", route, map[string]string{"id": "x", "memberId": "x", "programId": "x"}, "{}")
		var p struct{ Errors []struct{ Pointer string } }
		if err := json.Unmarshal([]byte(a.Body), &p); err != nil || a.StatusCode != 422 {
			t.Errorf("%s: %+v", route, a)
		}
		seen := map[string]bool{}
		for _, e := range p.Errors {
			seen[e.Pointer] = true
		}
		for _, pointer := range want {
			if !seen[pointer] {
				t.Errorf("%s: nothing of %s", route, pointer)
			}
		}
		if len(seen) != len(want) {
			t.Errorf("%s: %v", route, p.Errors)
		}
	}
}

func TestExampleEventIsAccepted(t *testing.T) {
	source, err := os.ReadFile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event map[string]any
	if err := json.Unmarshal(source, &event); err != nil {
		t.Fatal(err)
	}
	c := newClient(t)
	c.call("PUT", entries[0].route, entries[0].path, entries[0].body)
	if a := c.invoke(event); a.StatusCode != 201 {
		t.Errorf("%+v", a)
	}
}
