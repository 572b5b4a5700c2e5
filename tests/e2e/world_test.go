// Package e2e drives the compiled functions over HTTP, with every answer held
// against the contract.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"carechat/local/machine"
	"carechat/tests/contract"
	"carechat/tests/invariants"
)

const template = "../../template.yaml"

// shared is the machine of every test that harms none: members are a test's own.
var shared *machine.Machine

func TestMain(m *testing.M) {
	var err error
	if shared, err = machine.Start(context.Background(), machine.Config{TemplatePath: template}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	code = max(code, invariants.Report(os.Stderr, shared.DynamoDB, machine.TableName))
	shared.Close()
	os.Exit(code)
}

// caller calls the API as somebody.
type caller struct {
	t      testing.TB
	api    string
	token  string
	client *http.Client
}

func (c caller) as(token string) caller {
	c.token = token
	return c
}

// answer is what came back; body is its JSON, decoded.
type answer struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

// call makes one call; headers are name, value, name, value.
func (c caller) call(method, path, body string, headers ...string) answer {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.api+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.client.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &a.body)
	return a
}

// patience is how often a busy service is asked again: on a machine that does
// much else the emulator may be slow, and clients come back after a 503.
const patience = 5

// want makes a call that must have this status.
func (c caller) want(status int, method, path, body string, headers ...string) answer {
	c.t.Helper()
	a := c.call(method, path, body, headers...)
	for n := 0; a.status == http.StatusServiceUnavailable && status != a.status && n < patience; n++ {
		a = c.call(method, path, body, headers...)
	}
	if a.status != status {
		c.t.Fatalf("%s %s: got %d %s, want %d", method, path, a.status, a.raw, status)
	}
	return a
}

// at finds a value by a path such as "items.0.seq"; nil if it is not there.
func (a answer) at(path string) any {
	var v any = a.body
	for step := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func (a answer) text(path string) string { return fmt.Sprint(a.at(path)) }

// open is the API of a machine, called by nobody yet.
func open(t testing.TB, m *machine.Machine) caller {
	return caller{t: t, api: m.URL, client: &http.Client{Transport: contract.Transport(t, nil)}}
}

// token is an access token of the machine's identity provider.
func token(t testing.TB, m *machine.Machine, role, organization, subject string) string {
	t.Helper()
	query := url.Values{"role": {role}, "organization": {organization}, "subject": {subject}}
	resp, err := http.Get(m.IssuerURL + "/token?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var body struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return body.AccessToken
}

var made atomic.Int64

// newID is an id of the test's own, good as an idempotency key too.
func newID(prefix string) string { return fmt.Sprintf("%s-%016d", prefix, made.Add(1)) }

// cast are the people of a test: a member of its own and harbor's staff.
type cast struct {
	id                             string
	member, rivera, chen, platform caller
}

// newCast enrolls a new member in diabetes, with cm-rivera.
func newCast(t testing.TB, m *machine.Machine) cast {
	t.Helper()
	api, id := open(t, m), newID("member")
	staff := func(role, subject string) caller { return api.as(token(t, m, role, "harbor", subject)) }
	c := cast{id: id, rivera: staff("careManager", "cm-rivera"), chen: staff("careManager", "cm-chen"), platform: staff("platform", "platform")}
	c.platform.want(201, "PUT", "/v1/members/"+id, marshal(map[string]any{
		"displayName": "Dana Test", "birthDate": "1961-05-06", "language": "en", "timeZone": "America/New_York", "active": true,
		"subjects": []any{map[string]any{"issuer": m.IssuerURL + "/harbor", "subject": id}},
	}))
	c.platform.want(201, "PUT", "/v1/members/"+id+"/enrollments/diabetes", `{"state": "active", "careManagerId": "cm-rivera"}`)
	c.member = staff("member", id)
	return c
}

func marshal(v any) string {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		panic(err)
	}
	return b.String()
}

// ask submits a chat request in diabetes.
func (c cast) ask(key string) answer {
	return c.member.call("POST", "/v1/members/me/chat-requests",
		`{"programId": "diabetes", "reasonId": "symptoms", "comment": "My feet tingle."}`, "Idempotency-Key", key)
}

// greet is cm-rivera's first message; it gives the thread's path.
func (c cast) greet() string {
	return c.rivera.want(201, "POST", "/v1/members/"+c.id+"/threads", marshal(map[string]any{
		"programId": "diabetes", "clientMessageId": newID("greet"), "text": "Hello Dana",
	})).text("thread.url")
}

func message(id, text string) string {
	return marshal(map[string]any{"clientMessageId": id, "text": text})
}
