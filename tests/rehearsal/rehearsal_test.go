package rehearsal

import (
	"strings"
	"testing"

	"carechat/deploy"
	"carechat/tests/support/module"
)

// Every environment makes a stack in which nothing dangles and nothing goes round, everything is called by its
// alias, and every alarm can go off.
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
