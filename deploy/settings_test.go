package deploy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carechat/tests/support/module"
)

// The environments lack nothing but the address for prod's alarms.
func TestWhatTheEnvironmentsLack(t *testing.T) {
	for stage, lacks := range map[string]string{"dev": "", "staging": "", "prod": "write AlarmEmail", "test": "it has dev, prod, staging"} {
		s, err := Read(module.Path("samconfig.toml"), module.Path("template.yaml"), stage)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(s.Problems, "\n"); !strings.Contains(got, lacks) || (got == "") != (lacks == "") {
			t.Errorf("%s lacks %q, and not %q", stage, got, lacks)
		}
	}
}

// prod is an environment that can be deployed.
const prod = `version = 0.1
[prod.global.parameters]
stack_name = "care-chats"
[prod.deploy.parameters.parameter_overrides]
Stage = "prod"
AlarmEmail = "somebody@example.org"
`

func TestWhatCannotBeDeployedIsReported(t *testing.T) {
	for name, c := range map[string]struct{ old, new, problem string }{
		"nothing":                   {"", "", ""},
		"no stack":                  {`stack_name = "care-chats"`, "", "write stack_name"},
		"another stage":             {`Stage = "prod"`, `Stage = "dev"`, "deploys Stage=dev"},
		"an unknown parameter":      {"Stage", "Retention = \"1\"\nStage", "no parameter Retention"},
		"a value that is not one":   {"Stage", "Architecture = \"arm\"\nStage", `Architecture is "arm"`},
		"an address that is not":    {"somebody@example.org", "somebody", "AlarmEmail is"},
		"somebody's own machine":    {"Stage", "WebOrigins = \"https://a.example,http://localhost:3000\"\nStage", "prod may not let"},
		"nobody who hears an alarm": {"somebody@example.org", "", "write AlarmEmail"},
	} {
		path := filepath.Join(t.TempDir(), "samconfig.toml")
		if err := os.WriteFile(path, []byte(strings.Replace(prod, c.old, c.new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Read(path, module.Path("template.yaml"), "prod")
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(s.Problems, "\n"); !strings.Contains(got, c.problem) || (got == "") != (c.problem == "") {
			t.Errorf("%s: %q, and not %q", name, got, c.problem)
		}
	}
}

// SAM would keep the last value of a parameter that an environment no longer names.
func TestEveryParameterHasAValue(t *testing.T) {
	s, err := Read(module.Path("samconfig.toml"), module.Path("template.yaml"), "dev")
	if err != nil {
		t.Fatal(err)
	}
	if s.Parameters["Audience"] != "care-chats" || s.Parameters["LogRetentionDays"] != "30" {
		t.Errorf("got %v", s.Parameters)
	}
}
