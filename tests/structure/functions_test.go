package structure

import (
	"encoding/json"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carechat/tests/support/module"
	"carechat/tests/support/template"
)

func TestEveryFunctionIsDeployed(t *testing.T) {
	deployed := slices.Sorted(maps.Keys(load(t).Functions(t)))
	if diff := cmp.Diff(folders(t), deployed); diff != "" {
		t.Errorf("functions/ (-) and template.yaml (+) differ:\n%s", diff)
	}
}

func TestFunctionsAreWholeInTheTemplate(t *testing.T) {
	all := load(t)
	for name, f := range all.Functions(t) {
		t.Run(name, func(t *testing.T) {
			id := template.Logical(name)
			if all.Resources[id+"Function"].Metadata["BuildMethod"] != "makefile" {
				t.Error("BuildMethod is not makefile")
			}
			if !f.AutoPublishAliasAllProperties {
				t.Error("without AutoPublishAliasAllProperties a change of configuration alone publishes no version")
			}
			if f.LoggingConfig.LogGroup["Ref"] != id+"Logs" {
				t.Errorf("it does not log to %sLogs", id)
			}
			logs := all.Resources[id+"Logs"]
			if logs.Type != "AWS::Logs::LogGroup" || !strings.Contains(string(logs.Properties), "RetentionInDays") {
				t.Error("its log group is missing or keeps everything for ever")
			}
			if !strings.Contains(string(logs.Properties), `"KmsKeyId":{"Fn::If":["HasKey"`) {
				t.Error("its log group ignores KeyArn")
			}
			alarm := string(all.Resources[id+"Errors"].Properties)
			if !strings.Contains(alarm, `{"Ref":"`+id+`Function"}`) {
				t.Errorf("the alarm %sErrors is missing or watches another function", id)
			}
		})
	}
}

// An event with a missing or wrong ApiId passes every linter, but SAM then makes
// another API for its routes.
func TestEveryRouteIsOnTheApi(t *testing.T) {
	all := load(t)
	for name, f := range all.Functions(t) {
		for id, e := range f.Events {
			if e.Type != "HttpApi" {
				continue
			}
			if all.Resources[e.Properties.ApiId["Ref"]].Type != "AWS::Serverless::HttpApi" {
				t.Errorf("%s: the event %s has no ApiId", name, id)
			}
			if f.Timeout > 29 {
				t.Errorf("%s: API Gateway waits at most 30 seconds", name)
			}
		}
	}
}

func TestTheMakefileBuildsEveryFunction(t *testing.T) {
	for _, name := range folders(t) {
		target := "build-" + template.Logical(name) + "Function"
		dry := exec.Command("make", "-n", target, "ARTIFACTS_DIR=out", "ARCHITECTURE=x86_64")
		dry.Dir = root
		out, err := dry.CombinedOutput()
		if err != nil {
			t.Fatalf("make %s: %s", target, out)
		}
		for _, part := range []string{"GOARCH=amd64", `-o "out/bootstrap" ./functions/` + name + "\n"} {
			if !strings.Contains(string(out), part) {
				t.Errorf("make %s: no %q in %s", target, part, out)
			}
		}
	}
}

func TestEveryFunctionHasAnEvent(t *testing.T) {
	deployed := load(t).Functions(t)
	for _, name := range folders(t) {
		var body struct{ RouteKey string }
		if err := json.Unmarshal(module.Read(t, filepath.Join("functions", name, "event.json")), &body); err != nil {
			t.Errorf("%s: event.json: %v", name, err)
		}
		if routes := deployed[name].Routes(); len(routes) > 0 && !slices.Contains(routes, body.RouteKey) {
			t.Errorf("%s: event.json is for %q, which is not one of its routes", name, body.RouteKey)
		}
	}
}
