package stories

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// caller calls as one kind, through the contract.
type caller struct {
	token string
	api   string
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// key is a header that one operation needs and the others ignore.
var key = []string{"Idempotency-Key", "coverage-0123456789"}

// callers are one of each kind at harbor, who reach what the seed has, and nobody.
func callers(t *testing.T, here *place) map[string]caller {
	t.Helper()
	all := map[string]caller{"nobody": {api: here.api}}
	for kind, subject := range map[string]string{"member": "ana", "careManager": "cm-rivera", "platform": "platform"} {
		query := url.Values{"role": {kind}, "organization": {"harbor"}, "subject": {subject}}
		given := caller{api: here.machine.IssuerURL}.do(t, "GET", "/token?"+query.Encode(), "")
		all[kind] = caller{given.value(t, "access_token"), here.api}
	}
	return all
}

// do makes a call; header is names and values by turns.
func (c caller) do(t *testing.T, method, path, body string, header ...string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, c.api+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	got, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{got.StatusCode, got.Header, raw}
}

// want makes a call that is answered with the status and, if it is a problem, the code.
func (c caller) want(t *testing.T, status int, code, method, path, body string, header ...string) answer {
	t.Helper()
	got := c.do(t, method, path, body, header...)
	var problem struct{ Code string }
	_ = json.Unmarshal(got.body, &problem)
	if got.status != status || problem.Code != code {
		t.Errorf("%s %s with %.60q: %d %s, want %d %s", method, path, body, got.status, got.body, status, code)
	}
	return got
}

// value is a string in the answer's body.
func (a answer) value(t *testing.T, name string) string {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal(a.body, &body); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	value, ok := body[name].(string)
	if !ok {
		t.Fatalf("no %s in %s", name, a.body)
	}
	return value
}
