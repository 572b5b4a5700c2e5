package rehearsal

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carechat/deploy"
	"carechat/tests/support/module"
)

// SAM makes a new version of a function, which its alias then points to, only if the text of its properties
// changes. A parameter's value is no part of that text, so `make deploy` stamps it in. Each parameter changes the
// functions that read it and leaves the others as they are.
func TestAChangedParameterReachesTheFunctionsThatReadIt(t *testing.T) {
	sam := startTranslator(t)
	settings, err := deploy.Read(module.Path("samconfig.toml"), module.Path("template.yaml"), "dev")
	if err != nil {
		t.Fatal(err)
	}
	sections := withoutEvents(t)
	before := sam.versions(t, sections, settings.Parameters)
	if again := sam.versions(t, sections, settings.Parameters); !maps.Equal(before, again) {
		t.Error("the same parameters make new versions")
	}
	readers := map[string][]string{}
	for name := range settings.Parameters {
		parameters := maps.Clone(settings.Parameters)
		parameters[name] += "1"
		readers[name] = changed(before, sam.versions(t, sections, parameters))
		if diff := cmp.Diff(reading(sections, name), readers[name]); diff != "" {
			t.Errorf("%s changed: the functions that read it (-) and those with a new version (+) are different:\n%s", name, diff)
		}
	}
	for name, want := range map[string]int{"Audience": len(before), "Stage": len(before), "MaxMemberTopics": 1, "LogRetentionDays": 0} {
		if got := len(readers[name]); got != want {
			t.Errorf("%s: %d functions read it, and not %d", name, got, want)
		}
	}
}

// withoutEvents returns the template without events, which are no part of a version, and most of a translation.
func withoutEvents(t *testing.T) map[string]any {
	t.Helper()
	sections := source(t, module.Path("template.yaml"))
	for _, r := range object(sections["Resources"]) {
		delete(object(object(r)["Properties"]), "Events")
	}
	return sections
}

func changed(before, after map[string]string) []string {
	var all []string
	for function, version := range after {
		if before[function] != version {
			all = append(all, function)
		}
	}
	slices.Sort(all)
	return all
}

// reading returns the functions in whose configuration a parameter is named, by itself or in a condition.
func reading(sections map[string]any, parameter string) []string {
	names := func(v any) bool {
		return strings.Contains(text(v), `"Ref":"`+parameter+`"`) || strings.Contains(text(v), "${"+parameter+"}")
	}
	reads := func(properties map[string]any) bool {
		configured := []any{properties["Environment"], properties["Architectures"], properties["MemorySize"], properties["Timeout"]}
		if names(configured) {
			return true
		}
		for name, condition := range object(sections["Conditions"]) {
			if names(condition) && strings.Contains(text(configured), `"Fn::If":["`+name+`"`) {
				return true
			}
		}
		return false
	}
	everywhere := reads(object(object(sections["Globals"])["Function"]))
	var all []string
	for id, r := range object(sections["Resources"]) {
		if object(r)["Type"] == "AWS::Serverless::Function" && (everywhere || reads(object(object(r)["Properties"]))) {
			all = append(all, strings.TrimSuffix(id, "Function"))
		}
	}
	slices.Sort(all)
	return all
}

// versions returns the logical id of each function's version when the template is deployed with the parameters.
func (tr *translator) versions(t *testing.T, sections map[string]any, parameters map[string]string) map[string]string {
	t.Helper()
	stamped := clone(sections)
	deploy.Stamp(stamped, parameters)
	translated, err := tr.translate(t, stamped, parameters)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for id, r := range translated.Resources {
		if r.Type == "AWS::Lambda::Version" {
			function, _, _ := strings.Cut(id, "FunctionVersion")
			found[function] = id
		}
	}
	return found
}
