// Package hostile sends to every route what no good client would, over a plain
// TCP connection. Each call must be refused in the contract's words: never a 5xx,
// nothing repeated, nothing stored, nothing in the log (A4-A8).
package hostile

import (
	"context"
	"strings"
	"testing"
	"time"

	"carechat/local/machine"
	"carechat/local/stream"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/contract"
	"carechat/tests/support/town"
	"carechat/tests/support/watch"
)

// marker is in what is sent, and may come back only in what was accepted.
const marker = "CANARY7391"

// target is a machine with a member who has an open request and a thread.
type target struct {
	*watch.Machine
	member  town.Person
	tokens  map[string]string // by kind of caller
	request string
	thread  string
}

var here *target

func TestMain(m *testing.M) {
	watch.Main(m, machine.Config{}, func(w *watch.Machine) error {
		place := town.At(apiclient.Client{API: w.URL, Issuer: w.IssuerURL})
		place.Platform.SetNotices(map[string]any{"delaySeconds": 86400}) // nothing comes due while a test compares tables
		member := place.NewMember("hostage")
		thread := member.Start()
		here = &target{
			Machine: w, member: member, request: member.Submit(town.NewID("hostile")).Text("id"), thread: thread[strings.LastIndex(thread, "/")+1:],
			tokens: map[string]string{"member": member.Self.Token, "careManager": member.Rivera.Token, "platform": member.Platform.Token},
		}
		return here.settle()
	})
}

// settle does what is due, the mailboxes of the seeded members, and then stops the
// triggers: nothing else writes while a test compares tables.
func (h *target) settle() error {
	h.SetTriggers(false)
	_, err := h.Invoke(context.Background(), "notify", stream.ScheduleEvent(time.Now()))
	return err
}

// newMember makes a member of the test's own.
func newMember(t *testing.T, name string) town.Person {
	t.Helper()
	return town.At(here.Client(t)).NewMember(town.NewID(name))
}

// operations are the contract's, except for health, which reads nothing.
func operations() []contract.Operation {
	var all []contract.Operation
	for _, o := range contract.Operations() {
		if o.Path != "/v1/health" {
			all = append(all, o)
		}
	}
	return all
}

// mentions returns the first line of the functions' log that holds a text, or "".
func (h *target) mentions(text string) string {
	for line := range strings.Lines(h.Log()) {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}
