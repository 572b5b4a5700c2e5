// Package rights plays IAM: whatever a function asks of DynamoDB or SNS is held
// against the policy that template.yaml gives it. No emulator does that.
package rights

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"carechat/local/machine"
	"carechat/tests/template"
)

const root = "../.."

// The examples use every function, and so does the seed.
func TestEveryFunctionMayDoWhatItDoes(t *testing.T) {
	bin, err := filepath.Abs(filepath.Join(root, "bin"))
	if err != nil {
		t.Fatal(err)
	}
	functions := template.Load(t, root).Functions(t)
	g := &guard{functions: functions, done: map[string]bool{}}
	m, err := machine.Start(t.Context(), machine.Config{
		TemplatePath: filepath.Join(root, "template.yaml"), BinDir: named(t, functions, bin),
		DynamoDBMiddleware: g.dynamoDB, SNSMiddleware: g.sns,
	})
	if err != nil {
		t.Fatalf("%v; refused: %q", err, g.refused)
	}
	defer m.Close()
	for _, script := range []string{"story", "cancel", "hand-over"} {
		example := exec.Command("bash", script+".sh")
		example.Dir = filepath.Join(root, "docs/examples")
		example.Env = append(os.Environ(), "API="+m.URL, "INBOX="+m.InboxURL, "ISSUER="+m.IssuerURL)
		if out, err := example.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", script, err, out)
		}
	}
	slices.Sort(g.refused)
	for _, each := range slices.Compact(g.refused) {
		t.Errorf("AWS would refuse %s", each)
	}
	for name, f := range functions {
		for _, action := range unused(f, name, g.done) {
			t.Logf("%s may, and did not, %s", name, action)
		}
	}
}

// named makes a folder of functions that sign what they ask with their names:
// each process has the same credentials otherwise.
func named(t *testing.T, functions map[string]template.Function, bin string) string {
	t.Helper()
	dir := t.TempDir()
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

func unused(f template.Function, name string, done map[string]bool) (actions []string) {
	for _, s := range f.Statements() {
		for _, action := range s.Actions() {
			if !done[name+" "+action+" on "+resource(s)] {
				actions = append(actions, action+" on "+resource(s))
			}
		}
	}
	return actions
}
