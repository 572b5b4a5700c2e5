// Package e2e drives the compiled functions over HTTP, with every answer held
// against the contract.
package e2e

import (
	"fmt"
	"sync/atomic"
	"testing"

	"carechat/local/machine"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/watch"
)

// shared is the machine of every test that harms none: members are a test's own.
var shared *machine.Machine

func TestMain(m *testing.M) {
	watch.Main(m, machine.Config{}, func(w *watch.Machine) error {
		shared = w.Machine
		return nil
	})
}

var made atomic.Int64

// newID is an id of the test's own, good as an idempotency key too.
func newID(prefix string) string { return fmt.Sprintf("%s-%016d", prefix, made.Add(1)) }

// cast are the people of a test: a member of its own and harbor's staff.
type cast struct {
	id                             string
	member, rivera, chen, platform apiclient.Client
}

// newCast enrolls a new member in diabetes, with cm-rivera.
func newCast(t testing.TB, m *machine.Machine) cast {
	t.Helper()
	api, id := apiclient.New(t, m), newID("member")
	staff := func(role, subject string) apiclient.Client { return api.As(role, "harbor", subject) }
	c := cast{id: id, rivera: staff("careManager", "cm-rivera"), chen: staff("careManager", "cm-chen"), platform: staff("platform", "platform")}
	c.platform.Want(201, "PUT", "/v1/members/"+id, map[string]any{
		"displayName": "Dana Test", "birthDate": "1961-05-06", "language": "en", "timeZone": "America/New_York", "active": true,
		"subjects": []any{map[string]any{"issuer": m.IssuerURL + "/harbor", "subject": id}},
	})
	c.platform.Want(201, "PUT", "/v1/members/"+id+"/enrollments/diabetes", `{"state": "active", "careManagerId": "cm-rivera"}`)
	c.member = staff("member", id)
	return c
}

// ask submits a chat request in diabetes.
func (c cast) ask(key string) apiclient.Answer { return c.askBy(c.member.Retry, key) }

func (c cast) askBy(call func(method, path string, body any, headers ...string) apiclient.Answer, key string) apiclient.Answer {
	return call("POST", "/v1/members/me/chat-requests",
		`{"programId": "diabetes", "reasonId": "symptoms", "comment": "My feet tingle."}`, "Idempotency-Key", key)
}

// greet is cm-rivera's first message; it gives the thread's path.
func (c cast) greet() string {
	return c.rivera.Want(201, "POST", "/v1/members/"+c.id+"/threads", map[string]any{
		"programId": "diabetes", "clientMessageId": newID("greet"), "text": "Hello Dana",
	}).Text("thread.url")
}

func message(id, text string) map[string]any {
	return map[string]any{"clientMessageId": id, "text": text}
}
