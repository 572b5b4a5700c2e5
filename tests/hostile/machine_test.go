// Package hostile sends to every route what no good client would, over a plain
// TCP connection, and wants each to be refused in the contract's words: never a
// 5xx, nothing repeated, nothing stored, nothing in the log (A4-A8).
package hostile

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"carechat/local/machine"
	"carechat/local/stream"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/contract"
	"carechat/tests/support/watch"
)

// marker is in whatever is sent and may come back nowhere but in what was taken.
const marker = "CANARY7391"

// world is a machine with one member who has an open request and a thread.
type world struct {
	machine *watch.Machine
	tokens  map[string]string // by kind of caller; "" for nobody
	member  string
	request string
	thread  string
}

// hostage is the member.
const hostage = "hostage"

var here *world

func TestMain(m *testing.M) {
	watch.Main(m, machine.Config{}, func(machine *watch.Machine) error {
		here = &world{machine: machine, member: hostage, tokens: map[string]string{}}
		return errors.Join(here.people(), here.settle())
	})
}

// people makes the member, their request and their thread.
func (w *world) people() error {
	for kind, subject := range map[string]string{"member": w.member, "careManager": "cm-rivera", "platform": "platform"} {
		token, err := w.token(kind, subject)
		if err != nil {
			return err
		}
		w.tokens[kind] = token
	}
	if err := w.quieten(); err != nil {
		return err
	}
	if err := w.enroll(w.member); err != nil {
		return err
	}
	asked, err := w.make("member", "POST", "/v1/members/me/chat-requests", map[string]any{"programId": "diabetes", "reasonId": "symptoms", "comment": "My feet tingle."},
		"Idempotency-Key", "hostile-0000000000")
	if err != nil {
		return err
	}
	begun, err := w.make("careManager", "POST", "/v1/members/"+w.member+"/threads",
		map[string]any{"programId": "diabetes", "clientMessageId": "hostile-0000000000", "text": "Hello"})
	w.request, w.thread = asked.Text("id"), begun.Text("thread.id")
	return err
}

// settle does what is due, the mailboxes of those who were seeded: nothing else
// writes while the table is watched.
func (w *world) settle() error {
	w.machine.SetTriggers(false)
	_, err := w.machine.Invoke(context.Background(), "notify", stream.ScheduleEvent(time.Now()))
	return err
}

// quieten puts notices off for a day: nothing comes due while the table is watched.
func (w *world) quieten() error {
	settings, err := w.make("platform", "GET", "/v1/organization", nil)
	if err != nil {
		return err
	}
	notices, _ := settings.At("notices").(map[string]any)
	notices["delaySeconds"] = 86400
	_, err = w.make("platform", "PUT", "/v1/organization", settings.Body)
	return err
}

// enroll makes a member with a log-in of their own, in diabetes with cm-rivera.
func (w *world) enroll(id string) error {
	_, err := w.make("platform", "PUT", "/v1/members/"+id, map[string]any{
		"displayName": "Dana Test", "birthDate": "1961-05-06", "language": "en", "timeZone": "America/New_York", "active": true,
		"subjects": []any{map[string]any{"issuer": w.machine.IssuerURL + "/harbor", "subject": id}},
	})
	if err == nil {
		_, err = w.make("platform", "PUT", "/v1/members/"+id+"/enrollments/diabetes", map[string]any{"state": "active", "careManagerId": "cm-rivera"})
	}
	return err
}

func (w *world) token(kind, subject string) (string, error) {
	return apiclient.AccessToken(w.machine.IssuerURL, kind, "harbor", subject)
}

// make does what succeeds, as a good client.
func (w *world) make(kind, method, path string, body any, headers ...string) (apiclient.Answer, error) {
	a, err := apiclient.Client{API: w.machine.URL, Token: w.tokens[kind]}.Try(method, path, body, headers...)
	if err != nil || a.Status/100 != 2 {
		err = fmt.Errorf("%s %s: %d %s %w", method, path, a.Status, a.Raw, err)
	}
	return a, err
}

// operations are the contract's, but for health, which looks at nothing.
func operations() []contract.Operation {
	var all []contract.Operation
	for _, o := range contract.Operations() {
		if o.Path != "/v1/health" {
			all = append(all, o)
		}
	}
	return all
}

// mentions gives the first line of the functions' log that holds a text.
func (w *world) mentions(text string) string {
	for line := range strings.Lines(w.machine.Log()) {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}
