package rehearsal

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"carechat/deploy"
	"carechat/tests/support/module"
)

// Every environment makes a stack without dangling or circular references, in which everything is called by its alias
// and every alarm can go off.
func TestEveryEnvironment(t *testing.T) {
	sam := startTranslator(t)
	for _, stage := range []string{"dev", "staging", "prod"} {
		settings, err := deploy.Read(module.Path("samconfig.toml"), module.Path("template.yaml"), stage)
		if err != nil {
			t.Fatal(err)
		}
		sections := source(t, module.Path("template.yaml"))
		deploy.Stamp(sections, settings.Parameters)
		made, err := sam.translate(t, sections, settings.Parameters)
		if err != nil {
			t.Fatalf("%s: %v", stage, err)
		}
		for _, problem := range problems(made) {
			t.Errorf("%s: %s", stage, problem)
		}
		if stage != "dev" && strings.Contains(text(made.Resources)+text(settings.Parameters), "localhost") {
			t.Errorf("%s knows localhost", stage)
		}
	}
}

// problems returns everything that the checks find.
func problems(made stack) (found []string) {
	for _, check := range checks {
		found = append(found, check(made)...)
	}
	return found
}

// What a restored table is imported with is whole.
func TestTheTableAloneIsATemplate(t *testing.T) {
	sections := clone(deploy.OnlyTable(source(t, module.Path("template.yaml"))))
	var only stack
	body, err := json.Marshal(sections)
	if err == nil {
		err = json.Unmarshal(body, &only)
	}
	if err != nil {
		t.Fatal(err)
	}
	if found := dangling(only); len(found) > 0 || len(only.Resources) != 1 || only.Resources["Table"].DeletionPolicy != "Retain" {
		t.Errorf("%v in %v", found, only.Resources)
	}
}

// What make hands to `sam deploy` is JSON, whose intrinsic functions are written in another way than in template.yaml.
func TestTheStampedTemplateIsATemplate(t *testing.T) {
	settings, err := deploy.Read(module.Path("samconfig.toml"), module.Path("template.yaml"), "dev")
	if err != nil {
		t.Fatal(err)
	}
	stamped := source(t, module.Path("template.yaml"))
	deploy.Stamp(stamped, settings.Parameters)
	for name, sections := range map[string]map[string]any{"stamped": stamped, "table": deploy.OnlyTable(source(t, module.Path("template.yaml")))} {
		path := filepath.Join(t.TempDir(), name+".json")
		if err := os.WriteFile(path, []byte(text(sections)), 0o600); err != nil {
			t.Fatal(err)
		}
		// W2001 and W8001 say that the table alone uses few of the parameters and conditions.
		lint := exec.Command(filepath.Join(filepath.Dir(sam()), "cfn-lint"), "--ignore-checks", "W2001", "W8001", "--", path)
		if out, err := lint.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}
