// Package rights plays IAM: whatever a function asks of DynamoDB or SNS is held
// against the policy that template.yaml gives it, and a right that nothing here
// needs is one too many. No emulator does that.
package rights

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carechat/local/machine"
	"carechat/tests/support/module"
	"carechat/tests/support/template"
	"carechat/tests/support/watch"
)

func TestEveryFunctionMayDoWhatItDoesAndNoMore(t *testing.T) {
	functions := template.Load(t, module.Root()).Functions(t)
	g := &guard{functions: functions, done: map[string]bool{}}
	m, err := watch.Start(t.Context(), machine.Config{BinDir: named(t, functions), DynamoDBMiddleware: g.dynamoDB, SNSMiddleware: g.sns})
	if err != nil {
		t.Fatalf("%v; refused: %q", err, g.refused)
	}
	t.Cleanup(func() { m.Check(t) })
	p := &place{m: m}
	for _, script := range []string{"story", "cancel", "hand-over"} {
		p.bash(t, "./"+script+".sh")
	}
	p.callEverything(t, functions)
	m.SetTriggers(false) // from here on each notice goes out when its line says so
	p.tellAna(t)
	p.tellBen(t)
	p.takeThingsBack(t)
	p.sweep(t)
	g.judge(t)
}

// named makes a folder of functions that sign what they ask with their names:
// each process has the same credentials otherwise.
func named(t *testing.T, functions map[string]template.Function) string {
	t.Helper()
	bin, dir := module.Path("bin"), t.TempDir()
	for name := range functions {
		script := fmt.Sprintf("#!/bin/sh\nAWS_ACCESS_KEY_ID=%s exec '%s/%s/bootstrap'\n", name, bin, name)
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "bootstrap"), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func unused(f template.Function, name string, done map[string]bool) (rights []string) {
	for _, s := range f.Statements() {
		for _, action := range s.Actions() {
			if right := action + " on " + resource(s); !done[name+" "+right] {
				rights = append(rights, right)
			}
		}
	}
	return rights
}

// place is the machine that the calls go to.
type place struct{ m *watch.Machine }

// bash runs commands beside the examples, whose functions they can use.
func (p *place) bash(t *testing.T, commands string) string {
	t.Helper()
	printed, err := p.m.Shell(t.Context(), p.m.URL, commands)
	if err != nil {
		t.Error(err)
	}
	return printed
}

// callEverything calls every route as a member whose session is ten minutes
// old, and as a care manager: whoever calls is looked up before anything is refused.
func (p *place) callEverything(t *testing.T, functions map[string]template.Function) {
	t.Helper()
	member := p.bash(t, `source lib.sh; log_in; echo "$ANA"`)
	careManager := p.bash(t, `source lib.sh; staff careManager cm-rivera; echo "$TOKEN"`)
	for name, f := range functions {
		if name == "pages" || name == "fallback" {
			continue
		}
		for _, key := range f.Routes() {
			method, path, _ := strings.Cut(key, " ")
			if path == "/v1/sessions/current" {
				continue // below, as the last one
			}
			path = strings.NewReplacer("{memberId}", "ana", "{", "", "}", "").Replace(path)
			for _, token := range []string{member, careManager} {
				p.ageSessions(t)
				p.bash(t, fmt.Sprintf("source lib.sh; TOKEN=%s call %s %s; [ $STATUS -lt 500 ] || { echo $STATUS; exit 1; }", token, method, path))
			}
		}
	}
	for _, token := range []string{careManager, member} {
		p.ageSessions(t)
		p.bash(t, fmt.Sprintf("source lib.sh; TOKEN=%s call DELETE /v1/sessions/current; [ $STATUS -lt 500 ] || { echo $STATUS; exit 1; }", token))
	}
}

// takeThingsBack changes what then has to be deleted elsewhere: a member's phone, an organization's issuer.
func (p *place) takeThingsBack(t *testing.T) {
	t.Helper()
	for _, phone := range []string{"+15550100177", "+15550100178"} {
		p.bash(t, fmt.Sprintf(`source lib.sh; staff platform
			call PUT /v1/members/dora '{"displayName": "Dora", "birthDate": "1980-01-01", "phone": "%s", "language": "en", "timeZone": "America/New_York", "active": true}'
			[ "$STATUS" -lt 300 ] || fail`, phone))
	}
	var command struct{ PutOrganization map[string]any }
	body, err := os.ReadFile(module.Path("docs/examples/organization.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &command); err != nil {
		t.Fatal(err)
	}
	given := command.PutOrganization["issuers"]
	second := map[string]any{"issuer": "https://old.example.org", "audience": "care-chats"}
	for _, issuers := range []any{append([]any{second}, given.([]any)...), given} {
		command.PutOrganization["issuers"] = issuers
		p.invoke(t, "operator", map[string]any{"putOrganization": command.PutOrganization})
	}
}

// sweep is the schedule's run.
func (p *place) sweep(t *testing.T) {
	t.Helper()
	p.invoke(t, "notify", map[string]any{})
}

func (p *place) invoke(t *testing.T, function string, event any) {
	t.Helper()
	answer, err := p.m.Invoke(t.Context(), function, []byte(template.Text(event)))
	if err != nil || strings.Contains(string(answer), "errorMessage") {
		t.Errorf("%s: %s %v", function, answer, err)
	}
}
