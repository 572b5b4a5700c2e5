// Package rights plays IAM, which no emulator does: each call of a function to DynamoDB
// or SNS must be allowed by its policy in template.yaml, and each right in a policy
// must be used.
package rights

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carechat/deploy"
	"carechat/local/machine"
	"carechat/shared/chat"
	"carechat/tests/support/module"
	"carechat/tests/support/template"
	"carechat/tests/support/town"
	"carechat/tests/support/watch"
)

// Each function has the rights that it uses and no others, and keeps its connections:
// calling everything once more takes no TLS handshake.
func TestEveryFunctionMayDoWhatItDoesAndNoMore(t *testing.T) {
	functions := template.Load(t).Functions(t)
	g := &guard{functions: functions, done: map[string]bool{}}
	dynamoDB, sns := newFront(t), newFront(t)
	m, err := watch.Start(t.Context(), machine.Config{
		BinDir: namedFunctions(t, functions,
			"SSL_CERT_FILE="+dynamoDB.certificate(t), "AWS_ENDPOINT_URL_DYNAMODB="+dynamoDB.URL, "AWS_ENDPOINT_URL_SNS="+sns.URL),
		DynamoDBMiddleware: func(next http.Handler) http.Handler { return dynamoDB.stand(g.dynamoDB(next)) },
		SNSMiddleware:      func(next http.Handler) http.Handler { return sns.stand(g.sns(next)) },
	})
	if err != nil {
		t.Fatalf("%v; refused: %q", err, g.refused)
	}
	t.Cleanup(func() { m.Check(t) })
	d := &driver{m}
	for _, script := range []string{"story", "cancel", "hand-over"} {
		d.bash(t, "./"+script+".sh")
	}
	d.widen(t)
	d.callEverything(t, functions)
	d.callOnKeptConnections(t, functions, dynamoDB)
	m.SetTriggers(false) // from here on notices are sent when the test says so
	d.notifyAna(t)
	d.chooseAddressWithoutMailbox(t)
	d.keepUp(t)
	d.takeAway(t)
	d.RunSchedule(t)
	g.judge(t)
}

// callOnKeptConnections calls everything again until no function makes a connection:
// it needs as many as it makes calls side by side, and keeps them all. How many run side
// by side is by chance, so a later round may need one more, but not every round.
func (d *driver) callOnKeptConnections(t *testing.T, functions map[string]template.Function, dynamoDB *front) {
	t.Helper()
	if !dynamoDB.used() {
		t.Fatal("no function came by TLS")
	}
	var fresh []string
	for range 5 {
		dynamoDB.keep()
		d.callEverything(t, functions)
		if fresh = dynamoDB.since(functions); len(fresh) == 0 {
			return
		}
	}
	t.Errorf("%q make TLS connections for calls that they have made before", fresh)
}

// namedFunctions makes a folder of functions that sign their calls with their names, so
// that the guard can tell them apart, and have these variables.
func namedFunctions(t *testing.T, functions map[string]template.Function, variables ...string) string {
	t.Helper()
	bin, dir := module.Path("bin"), t.TempDir()
	for name := range functions {
		script := fmt.Sprintf("#!/bin/sh\nexec env AWS_ACCESS_KEY_ID=%s %s '%s/%s/bootstrap'\n", name, strings.Join(variables, " "), bin, name)
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "bootstrap"), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// unused returns the rights of a function that it did not use.
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

// driver calls the functions of a machine so that each uses its rights.
type driver struct{ *watch.Machine }

// bash runs commands in docs/examples, whose functions they can use.
func (d *driver) bash(t *testing.T, commands string) string {
	t.Helper()
	printed, err := d.Shell(t.Context(), d.URL, commands)
	if err != nil {
		t.Error(err)
	}
	return printed
}

// widen puts the care manager who calls into four departments, so that lists of work
// read several owners side by side.
func (d *driver) widen(t *testing.T) {
	t.Helper()
	platform := town.At(d.Client(t)).Platform
	departments := []string{town.Department, "coaches", "dietitians", "pharmacists"}
	for _, id := range departments {
		platform.PutDepartment(id)
	}
	platform.Put("/v1/care-managers/"+town.Rivera, map[string]any{"displayName": "Sam Rivera", "departmentIds": departments, "active": true})
}

// callEverything calls every route as a member whose session was last used ten
// minutes ago, and as a care manager: a caller is looked up before a call is refused.
// As the platform it only reads.
func (d *driver) callEverything(t *testing.T, functions map[string]template.Function) {
	t.Helper()
	member := d.bash(t, `source lib.sh; log_in; echo "$ANA"`)
	careManager := d.bash(t, `source lib.sh; staff careManager cm-rivera; echo "$TOKEN"`)
	platform := d.bash(t, `source lib.sh; staff platform; echo "$TOKEN"`)
	call := func(token, method, path string) {
		d.AgeSessions(t, "harbor", "ana", 10*time.Minute) // so that its use is saved (S1)
		if a := d.Client(t).WithToken(token).Call(method, path, nil); a.Status >= 500 {
			t.Errorf("%s %s: %d %s", method, path, a.Status, a.Raw)
		}
	}
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
			call(member, method, path)
			call(careManager, method, path)
			if method == "GET" {
				call(platform, method, path)
			}
		}
	}
	call(careManager, "DELETE", "/v1/sessions/current")
	call(member, "DELETE", "/v1/sessions/current")
}

// takeAway makes changes that delete rows elsewhere: of a member's phone, of an
// organization's issuer.
func (d *driver) takeAway(t *testing.T) {
	t.Helper()
	platform := town.At(d.Client(t)).Platform
	for _, phone := range []string{"+15550100177", "+15550100178"} {
		platform.PutMember("dora", town.Phone(phone))
	}
	d.invoke(t, "operator", []byte(`{"retain": {"organization": "harbor", "years": 7}}`))
	if err := deploy.CheckTable(func(in []byte) ([]byte, error) { return d.Invoke(t.Context(), "operator", in) }, "", io.Discard, io.Discard); err != nil {
		t.Errorf("checkTable: %v", err)
	}
	second := chat.Issuer{Issuer: "https://old.example.org", Audience: "care-chats"}
	lakeside := town.Settings("lakeside", "https://login.example.org/lakeside")
	for _, more := range [][]chat.Issuer{{second}, nil} {
		o := lakeside
		o.Issuers = append(more, o.Issuers...)
		if a := d.PutOrganization(t, o); a.Status != http.StatusOK {
			t.Errorf("operator: %s", a.Raw)
		}
	}
}

// invoke invokes a function without a route.
func (d *driver) invoke(t *testing.T, function string, event []byte) {
	t.Helper()
	answer, err := d.Invoke(t.Context(), function, event)
	if err != nil || strings.Contains(string(answer), "errorMessage") {
		t.Errorf("%s: %s %v", function, answer, err)
	}
}
