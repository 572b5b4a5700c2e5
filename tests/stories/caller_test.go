package stories

import (
	"testing"

	"carechat/tests/support/apiclient"
)

// caller is a client of one kind of caller.
type caller struct{ apiclient.Client }

type answer = apiclient.Answer

// key is a header that one operation needs and the others ignore.
var key = []string{"Idempotency-Key", "coverage-0123456789"}

// newCallers returns a caller of each kind at harbor, and nobody.
func newCallers(t *testing.T, here *host) map[string]caller {
	t.Helper()
	nobody := apiclient.New(t, here.machine.Machine)
	all := map[string]caller{"nobody": {nobody}}
	for kind, subject := range map[string]string{"member": "ana", "careManager": "cm-rivera", "platform": "platform"} {
		all[kind] = caller{nobody.As(kind, "harbor", subject)}
	}
	return all
}

// want makes a call that must have this status and, if it is a problem, this code.
func (c caller) want(t *testing.T, status int, code, method, path, body string, header ...string) answer {
	t.Helper()
	c.T = t
	got := c.Retry(method, path, body, header...)
	if got.Status != status || got.Status >= 400 && got.Text("code") != code {
		t.Errorf("%s %s with %.60q: %d %s, want %d %s", method, path, body, got.Status, got.Raw, status, code)
	}
	return got
}
