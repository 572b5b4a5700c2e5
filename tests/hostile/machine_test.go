// Package hostile sends to every route what no good client would, over a plain
// TCP connection, and wants each to be refused in the contract's words: never a
// 5xx, nothing repeated, nothing stored, nothing in the log (A4-A8).
package hostile

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"carechat/local/machine"
	"carechat/tests/contract"
	"carechat/tests/invariants"
)

// marker is in whatever is sent and may come back nowhere but in what was taken.
const marker = "CANARY7391"

// world is a machine with one member who has an open request and a thread.
type world struct {
	machine *machine.Machine
	log     *diary
	tokens  map[string]string // by kind of caller; "" for nobody
	member  string
	request string
	thread  string
}

var here *world

func TestMain(m *testing.M) {
	started, err := begin()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	here = started
	code := m.Run()
	code = max(code, invariants.Report(os.Stderr, here.machine.DynamoDB, machine.TableName))
	here.machine.Close()
	os.Exit(code)
}

func begin() (*world, error) {
	w := &world{log: &diary{}, member: "hostage", tokens: map[string]string{}}
	var err error
	if w.machine, err = machine.Start(context.Background(), machine.Config{TemplatePath: "../../template.yaml", Log: w.log}); err != nil {
		return nil, err
	}
	if err := w.people(); err != nil {
		w.machine.Close()
		return nil, err
	}
	return w, nil
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
	w.request, _ = asked["id"].(string)
	begun, err := w.make("careManager", "POST", "/v1/members/"+w.member+"/threads",
		map[string]any{"programId": "diabetes", "clientMessageId": "hostile-0000000000", "text": "Hello"})
	if err != nil {
		return err
	}
	thread, _ := begun["thread"].(map[string]any)
	w.thread, _ = thread["id"].(string)
	return nil
}

// quieten puts notices off for a day: nothing comes due while the table is watched.
func (w *world) quieten() error {
	settings, err := w.make("platform", "GET", "/v1/organization", map[string]any{})
	if err != nil {
		return err
	}
	notices, _ := settings["notices"].(map[string]any)
	notices["delaySeconds"] = 86400
	_, err = w.make("platform", "PUT", "/v1/organization", settings)
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
	query := url.Values{"role": {kind}, "organization": {"harbor"}, "subject": {subject}}
	resp, err := http.Get(w.machine.IssuerURL + "/token?" + query.Encode())
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var body struct {
		AccessToken string `json:"access_token"`
	}
	err = json.NewDecoder(resp.Body).Decode(&body)
	return body.AccessToken, err
}

// make does what succeeds.
func (w *world) make(kind, method, path string, body any, headers ...string) (map[string]any, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	c := call{method: method, target: path, body: raw, headers: []header{{"Authorization", "Bearer " + w.tokens[kind]}, {"Content-Type", "application/json"}}}
	for i := 0; i < len(headers); i += 2 {
		c.headers = append(c.headers, header{headers[i], headers[i+1]})
	}
	l := w.line()
	defer l.hangUp()
	a, err := l.send(c)
	if err != nil || a.status/100 != 2 {
		return nil, fmt.Errorf("%s %s: %d %s %w", method, path, a.status, a.body, err)
	}
	var out map[string]any
	return out, json.Unmarshal(a.body, &out)
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

// diary keeps what the functions log.
type diary struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(p)
}

// mentions gives the first line that holds a text.
func (d *diary) mentions(text string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for line := range strings.Lines(d.text.String()) {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}
