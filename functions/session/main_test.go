package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"carechat/shared/apigw"
	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/id"
	"carechat/shared/login"
	"carechat/tests/support/event"
)

// rows is a table with one link, for ana and those who share her phone.
type rows struct {
	login.Store
	sharing []login.LinkMember
	asked   login.OwedLink
	limits  login.Limits
	asks    int // counted for the caller's address
	session *auth.Session
	log     bytes.Buffer // what the function wrote there
}

var now = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func (r *rows) OwedLinkTo(context.Context, string) (login.OwedLink, error) { return r.asked, nil }

func (r *rows) SaveOwedLink(_ context.Context, a login.OwedLink, _ ...login.Link) error {
	r.asked = a
	return nil
}

func (r *rows) AskCount(context.Context, string) (login.AskCount, error) {
	return login.AskCount{Count: r.asks, Since: now}, nil
}
func (r *rows) SaveAskCount(context.Context, login.AskCount) error { return nil }

func (r *rows) Link(context.Context, string) (*login.Link, error) {
	members := append([]login.LinkMember{{ID: "ana"}}, r.sharing...)
	return &login.Link{Organization: "harbor", Members: members, Landing: login.Home, ExpiresAt: now.Add(time.Hour)}, nil
}

func (r *rows) Profile(_ context.Context, m chat.MemberKey) (*chat.Profile, error) {
	return &chat.Profile{Organization: m.Organization, ID: m.Member, BirthDate: "1970-02-03", Active: true}, nil
}

func (r *rows) Catalog(context.Context, string, bool) (chat.Catalog, error) {
	return chat.Catalog{}, nil
}

func (r *rows) Limits(_ context.Context, members ...chat.MemberKey) ([]login.Limits, error) {
	return slices.Repeat([]login.Limits{r.limits}, len(members)), nil
}

func (r *rows) SaveGuess(_ context.Context, g login.Guess) error {
	r.limits = g.Limits[0]
	return nil
}

func (r *rows) Sessions(context.Context, chat.MemberKey) ([]auth.Session, error) { return nil, nil }

func (r *rows) BeginSession(_ context.Context, l login.LogIn) error {
	r.session = &l.Session
	return nil
}

func (r *rows) Session(context.Context, chat.MemberKey, string) (*auth.Session, error) {
	return r.session, nil
}
func (r *rows) UseSession(context.Context, auth.Session) error { return nil }

func (r *rows) EndSession(context.Context, chat.MemberKey, string) error {
	r.session = nil
	return nil
}

func (r *rows) Identity(context.Context, chat.Subject) (*auth.Issuer, *chat.Person, error) {
	return nil, nil, nil
}

func (r *rows) CareManager(context.Context, string, string) (*chat.CareManagerRow, error) {
	return nil, nil
}

// call sends the event of event.json with another route, body and token.
func call(t *testing.T, r *rows, route, body, token string) event.Answer {
	t.Helper()
	payload := event.With(t, func(e map[string]any) {
		e["routeKey"], e["body"] = route, body
		e["headers"].(map[string]any)["authorization"] = "Bearer " + token
	})
	clock := func() time.Time { return now }
	h := handlers{&login.Service{Store: r, Now: clock, NewID: id.New}, &chat.LinkService{Now: clock}, apigw.Edge{}}
	f := function(h, auth.New(auth.Settings{Store: r, Now: clock}))
	f.Log = slog.New(slog.NewJSONHandler(&r.log, nil))
	out, err := f.Invoke(t.Context(), payload)
	if err != nil {
		t.Fatal(err)
	}
	return event.AnswerOf(t, out)
}

const token27 = "q3VZb0c2dWJ5c0xhbXBzQW5kT2s"

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		route, body string
		status      int
		part        string // of the body
	}{
		{"POST /v1/links", `{"contact":"+15550100101"}`, 202, `{}`},
		{"POST /v1/links", `{"contact":"nobody@example.org"}`, 202, `{}`},
		{"POST /v1/links", `{"contact":"ana"}`, 422, `"/contact"`},
		{"POST /v1/links", `{}`, 422, `"/contact"`},
		{"POST /v1/links", `{"contact":"+15550100101","Contact":""}`, 422, `/Contact`},
		{"POST /v1/sessions", `{"link":"` + token27 + `"}`, 403, `factor-required`},
		{"POST /v1/sessions", `{"link":"` + token27 + `","birthDate":"1988-11-30"}`, 403, `factor-required`},
		{"POST /v1/sessions", `{"link":"` + token27 + `","birthDate":"today"}`, 422, `"/birthDate"`},
		{"POST /v1/sessions", `{"link":"unknown","birthDate":"1970-02-03"}`, 410, `link-invalid`},
		{"POST /v1/sessions", `{"link":""}`, 410, `link-invalid`},
		{"POST /v1/sessions", `{"birthDate":"1970-02-03"}`, 422, `"/link"`},
		{"DELETE /v1/sessions/current", ``, 401, `unauthenticated`},
		{"POST /v1/members/{memberId}/links", ``, 401, `unauthenticated`},
	} {
		a := call(t, &rows{}, c.route, c.body, "")
		if a.StatusCode != c.status || !strings.Contains(a.Body, c.part) {
			t.Errorf("%s %s: %d %s", c.route, c.body, a.StatusCode, a.Body)
		}
	}
}

func TestLogInAndOut(t *testing.T) {
	r := &rows{}
	in := call(t, r, "POST /v1/sessions", `{"link":"`+token27+`","birthDate":"1970-02-03"}`, "")
	var session struct {
		Token, ExpiresAt string
		Landing          map[string]string
	}
	if err := json.Unmarshal([]byte(in.Body), &session); err != nil {
		t.Fatal(err)
	}
	if in.StatusCode != 201 || !strings.HasPrefix(session.Token, "m.harbor.ana.") || session.ExpiresAt != "2026-03-03T00:00:00.000Z" ||
		len(session.Landing) != 1 || session.Landing["kind"] != "home" {
		t.Fatalf("%d %s", in.StatusCode, in.Body)
	}
	out := call(t, r, "DELETE /v1/sessions/current", "", session.Token)
	if out.StatusCode != 204 || out.Body != "" {
		t.Errorf("%d %s", out.StatusCode, out.Body)
	}
	if again := call(t, r, "DELETE /v1/sessions/current", "", session.Token); again.StatusCode != 401 {
		t.Errorf("again: %d", again.StatusCode)
	}
}

// S3: the lock that a guess leads to is in the line, for whoever counts these lines.
func TestALockIsLogged(t *testing.T) {
	r := &rows{limits: login.Limits{Failures: 49}, sharing: []login.LinkMember{{ID: "ben"}}}
	call(t, r, "POST /v1/sessions", `{"link":"`+token27+`","birthDate":"1988-11-30"}`, "")
	if line := r.log.String(); !strings.Contains(line, `"lock":"askCareTeam","locked":["ana","ben"]`) {
		t.Error(line)
	}
}

// S4: the address is in the line of a refused ask, and in no other.
func TestARefusedAddressIsInTheLog(t *testing.T) {
	r := &rows{}
	call(t, r, "POST /v1/links", `{"contact":"+15550100101"}`, "")
	if line := r.log.String(); strings.Contains(line, "sourceIp") {
		t.Error(line)
	}
	r.asks = 100
	a := call(t, r, "POST /v1/links", `{"contact":"+15550100101"}`, "")
	if line := r.log.String(); a.StatusCode != 429 || !strings.Contains(line, `"sourceIp":"`) {
		t.Errorf("%d, %s", a.StatusCode, line)
	}
}

// S4: behind an edge every caller has an address of their own, and one who calls too
// often is refused on both routes before anything is read.
func TestAnAddressIsRefusedEarly(t *testing.T) {
	r := &rows{}
	clock := func() time.Time { return now }
	h := handlers{&login.Service{Now: clock}, nil, apigw.Edge{Secret: "s3cret", Header: "X-Forwarded-For"}} // no store: a read panics
	f := function(h, nil)
	f.Log = slog.New(slog.NewJSONHandler(&r.log, nil))
	answer := func(route, body, from string) int {
		out, err := f.Invoke(t.Context(), event.With(t, func(e map[string]any) {
			e["routeKey"], e["body"] = route, body
			headers := e["headers"].(map[string]any)
			headers["x-edge-secret"], headers["x-forwarded-for"] = "s3cret", from+", 192.0.2.10"
		}))
		if err != nil {
			t.Fatal(err)
		}
		return event.AnswerOf(t, out).StatusCode
	}
	for range 60 {
		answer("POST /v1/sessions", `{"link":"none"}`, "203.0.113.9")
	}
	for _, c := range []struct {
		route, body, from string
		want              int
	}{
		{"POST /v1/sessions", `{"link":"none"}`, "203.0.113.9", 429},
		{"POST /v1/links", `{"contact":"+15550100101"}`, "203.0.113.9", 429},
		{"POST /v1/sessions", `{"link":"none"}`, "203.0.113.10", 410},
	} {
		r.log.Reset()
		got := answer(c.route, c.body, c.from)
		if said := strings.Contains(r.log.String(), `"sourceIp":"`+c.from+`"`); got != c.want || said != (got == 429) {
			t.Errorf("%s from %s: %d, %s", c.route, c.from, got, &r.log)
		}
	}
}

func TestALockSaysHowLong(t *testing.T) {
	r := &rows{limits: login.Limits{Failures: 5, LockedUntil: now.Add(90 * time.Second)}}
	a := call(t, r, "POST /v1/sessions", `{"link":"`+token27+`","birthDate":"1970-02-03"}`, "")
	if a.StatusCode != 429 || a.Headers["Retry-After"] != "90" {
		t.Errorf("%d %v", a.StatusCode, a.Headers)
	}
}

// The log is the audit record: its line about a log-in, successful or not, names whose
// link it was, and neither the link nor the birth date.
func TestTheLogNamesWhoseLinkWasTried(t *testing.T) {
	locked := login.Limits{Failures: 5, LockedUntil: now.Add(time.Minute)}
	for name, c := range map[string]struct {
		rows    rows
		link    string
		born    string
		members string // of the line
	}{
		"right":   {rows{}, token27, "1970-02-03", `"organization":"harbor","memberId":"ana"`},
		"wrong":   {rows{}, token27, "1988-11-30", `"organization":"harbor","memberId":"ana"`},
		"missing": {rows{}, token27, "", `"organization":"harbor","memberId":"ana"`},
		"locked":  {rows{limits: locked}, token27, "1970-02-03", `"organization":"harbor","memberId":"ana"`},
		"shared":  {rows{sharing: []login.LinkMember{{ID: "ben"}}}, token27, "1988-11-30", `"organization":"harbor","memberIds":["ana","ben"]`},
		"unknown": {rows{}, "unknown", "1970-02-03", ""},
	} {
		t.Run(name, func(t *testing.T) {
			call(t, &c.rows, "POST /v1/sessions", `{"link":"`+c.link+`","birthDate":"`+c.born+`"}`, "")
			line := c.rows.log.String()
			if !strings.Contains(line, c.members) || c.members == "" && strings.Contains(line, "harbor") {
				t.Errorf("want %s in %s", c.members, line)
			}
			if strings.Contains(line, c.link) || c.born != "" && strings.Contains(line, c.born) {
				t.Errorf("what was sent is in %s", line)
			}
		})
	}
}
