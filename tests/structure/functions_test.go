package structure

import (
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryFunctionIsDeployed(t *testing.T) {
	deployed := slices.Sorted(maps.Keys(loadTemplate(t).functions(t)))
	if diff := cmp.Diff(folders(t), deployed); diff != "" {
		t.Errorf("functions/ (-) and template.yaml (+) differ:\n%s", diff)
	}
}

func TestFunctionsAreWholeInTheTemplate(t *testing.T) {
	all := loadTemplate(t)
	for name, f := range all.functions(t) {
		t.Run(name, func(t *testing.T) {
			id := logical(name)
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
			alarm := string(all.Resources[id+"Errors"].Properties)
			if !strings.Contains(alarm, `{"Ref":"`+id+`Function"}`) {
				t.Errorf("the alarm %sErrors is missing or watches another function", id)
			}
		})
	}
}

// An event whose ApiId is missing or names nothing passes every linter, and
// its routes then belong to an API of their own.
func TestEveryRouteIsOnTheApi(t *testing.T) {
	all := loadTemplate(t)
	for name, f := range all.functions(t) {
		for id, e := range f.Events {
			if e.Type != "HttpApi" {
				continue
			}
			if all.Resources[e.Properties.ApiId["Ref"]].Type != "AWS::Serverless::HttpApi" {
				t.Errorf("%s: the event %s has no ApiId", name, id)
			}
			if f.Timeout > 29 {
				t.Errorf("%s: API Gateway waits 30 seconds at most", name)
			}
		}
	}
}

// A whole table's worth of rights is Query and the calls on single items.
// Nothing scans (T1), and ConditionCheckItem is not needed (T4).
var itemActions = []string{"BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"}

func TestRightsAreTheLeast(t *testing.T) {
	for name, f := range loadTemplate(t).functions(t) {
		for _, p := range f.Policies {
			if len(p.Statement) == 0 {
				t.Errorf("%s: a policy without statements of its own", name)
			}
			for _, s := range p.Statement {
				if err := s.check(name); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
	for _, name := range []string{"pages", "fallback"} {
		if len(loadTemplate(t).functions(t)[name].Policies) > 0 {
			t.Errorf("%s needs no rights", name)
		}
	}
}

// check allows the calls on the table, Query on an index, and notify's texts.
func (s statement) check(function string) error {
	service, actions := s.actions()
	switch on := text(s.Resource); {
	case s.Effect != "Allow":
		return fmt.Errorf("effect %q", s.Effect)
	case service == "sns":
		topics := text(map[string]any{"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"})
		if function == "notify" && cmp.Equal(actions, []string{"Publish"}) && text(s.NotResource) == topics {
			return nil
		}
	case service != "dynamodb" || s.NotResource != nil:
	case on == `{"Fn::GetAtt":"Table.Arn"}`:
		if !slices.ContainsFunc(actions, func(a string) bool { return !slices.Contains(itemActions, a) }) {
			return nil
		}
	case on == `{"Fn::Sub":"${Table.Arn}/index/WORK"}`, on == `{"Fn::Sub":"${Table.Arn}/index/DUE"}`:
		if cmp.Equal(actions, []string{"Query"}) {
			return nil
		}
	}
	return fmt.Errorf("%s %v on %s is more than any function needs", service, actions, text(s.Resource))
}

// actions are those of one service, without its name.
func (s statement) actions() (service string, names []string) {
	var all []string
	if err := json.Unmarshal([]byte(text(s.Action)), &all); err != nil {
		all = []string{fmt.Sprint(s.Action)}
	}
	for _, each := range all {
		prefix, name, _ := strings.Cut(each, ":")
		if service != "" && prefix != service {
			return "mixed", all
		}
		service, names = prefix, append(names, name)
	}
	return service, names
}

func text(value any) string {
	body, _ := json.Marshal(value)
	return string(body)
}

// list answers every poll: the one thing that it may write is a session's idle time.
func TestListWritesNothingButTheIdleTime(t *testing.T) {
	for _, p := range loadTemplate(t).functions(t)["list"].Policies {
		for _, s := range p.Statement {
			_, actions := s.actions()
			writes := slices.ContainsFunc(actions, func(a string) bool { return strings.HasSuffix(a, "teItem") || strings.HasSuffix(a, "utItem") })
			allowed := text(s.Condition["ForAllValues:StringEquals"]["dynamodb:Attributes"])
			if writes && allowed != `["PK","SK","idleUntil","ttl"]` {
				t.Errorf("it may %v any attribute", actions)
			}
		}
	}
}

// Who links SNS may use it, and the other way round: list polls all day and must not carry it.
func TestOnlyWhoSendsLinksSNS(t *testing.T) {
	deployed := loadTemplate(t).functions(t)
	for _, name := range folders(t) {
		may := slices.ContainsFunc(deployed[name].Policies, func(p policy) bool {
			return slices.ContainsFunc(p.Statement, func(s statement) bool { service, _ := s.actions(); return service == "sns" })
		})
		links := slices.ContainsFunc(dependencies(t, "./functions/"+name), func(d string) bool {
			return strings.HasPrefix(d, "github.com/aws/aws-sdk-go-v2/service/sns")
		})
		if links != may {
			t.Errorf("%s: links SNS %v, may use it %v", name, links, may)
		}
	}
}

func dependencies(t *testing.T, of string) []string {
	t.Helper()
	list := exec.Command("go", "list", "-deps", of)
	list.Dir = root
	out, err := list.CombinedOutput()
	if err != nil {
		t.Fatalf("go list -deps %s: %s", of, out)
	}
	return strings.Fields(string(out))
}

func TestTheMakefileBuildsEveryFunction(t *testing.T) {
	for _, name := range folders(t) {
		target := "build-" + logical(name) + "Function"
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
	deployed := loadTemplate(t).functions(t)
	for _, name := range folders(t) {
		var body struct{ RouteKey string }
		if err := json.Unmarshal(read(t, filepath.Join("functions", name, "event.json")), &body); err != nil {
			t.Errorf("%s: event.json: %v", name, err)
		}
		if routes := deployed[name].routes(); len(routes) > 0 && !slices.Contains(routes, body.RouteKey) {
			t.Errorf("%s: event.json is for %q, which is not a route of it", name, body.RouteKey)
		}
	}
}
