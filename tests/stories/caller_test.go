package stories

import (
	"testing"

	"carechat/tests/support/apiclient"
)

// caller calls as one kind.
type caller struct{ apiclient.Client }

type answer = apiclient.Answer

// key is a header that one operation needs and the others ignore.
var key = []string{"Idempotency-Key", "coverage-0123456789"}

// callers are one of each kind at harbor, who reach what the seed has, and nobody.
func callers(t *testing.T, here *place) map[string]caller {
	t.Helper()
	nobody := apiclient.New(t, here.machine.Machine)
	all := map[string]caller{"nobody": {nobody}}
	for kind, subject := range map[string]string{"member": "ana", "careManager": "cm-rivera", "platform": "platform"} {
		all[kind] = caller{nobody.As(kind, "harbor", subject)}
	}
	return all
}

// want makes a call that is answered with the status and, if it is a problem, the code.
func (c caller) want(t *testing.T, status int, code, method, path, body string, header ...string) answer {
	t.Helper()
	c.T = t
	got := c.Retry(method, path, body, header...)
	if got.Status != status || got.Status >= 400 && got.Text("code") != code {
		t.Errorf("%s %s with %.60q: %d %s, want %d %s", method, path, body, got.Status, got.Raw, status, code)
	}
	return got
}
