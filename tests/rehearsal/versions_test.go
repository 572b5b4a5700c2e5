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

// all stands for every function.
const all = "all"

// reach says which functions a parameter is part of: only these get a new version when it changes.
var reach = map[string]struct{ value, functions string }{
	"Stage":             {"staging", all},
	"Architecture":      {"x86_64", all},
	"Audience":          {"other", all},
	"SettingsSeconds":   {"61", all},
	"DynamoDbEndpoint":  {"http://127.0.0.1:1", all},
	"SnsEndpoint":       {"http://127.0.0.1:1", all},
	"MaxMemberTopics":   {"1", "Notify"},
	"DomainName":        {"chats.example.org", "Notify"},
	"WebOrigins":        {"https://app.example.org", ""},
	"LogRetentionDays":  {"60", ""},
	"AlarmEmail":        {"somebody@example.org", ""},
	"MonthlyBudget":     {"100", ""},
	"TextSpendLimit":    {"100", ""},
	"ApiRate":           {"1", ""},
	"ApiBurst":          {"1", ""},
	"ProvisioningRate":  {"1", ""},
	"ProvisioningBurst": {"1", ""},
	"CertificateArn":    {"arn:aws:acm:us-east-1:123456789012:certificate/1", ""},
	"KeyArn":            {"arn:aws:kms:us-east-1:123456789012:key/1", ""},
}

// SAM makes a new version of a function, which its alias then points to, only if the text of its properties
// changes. A parameter's value is no part of that text, so `make deploy` stamps it in.
func TestAChangedParameterReachesTheFunctionsThatReadIt(t *testing.T) {
	sam := startTranslator(t)
	settings, err := deploy.Read(module.Path("samconfig.toml"), module.Path("template.yaml"), "dev")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(reach)), slices.Sorted(maps.Keys(settings.Parameters))); diff != "" {
		t.Errorf("reach (-) and template.yaml (+) have different parameters:\n%s", diff)
	}
	before := sam.versions(t, settings.Parameters)
	if again := sam.versions(t, settings.Parameters); !maps.Equal(before, again) {
		t.Error("the same parameters make new versions")
	}
	for name, change := range reach {
		parameters := maps.Clone(settings.Parameters)
		parameters[name] = change.value
		var changed []string
		for function, version := range sam.versions(t, parameters) {
			if before[function] != version {
				changed = append(changed, function)
			}
		}
		got := strings.Join(changed, " ")
		if len(changed) == len(before) {
			got = all
		}
		if got != change.functions {
			t.Errorf("%s changed: new versions of %q, and not of %q", name, got, change.functions)
		}
	}
}

// versions returns the logical id of each function's version when the template is deployed with the parameters.
func (tr *translator) versions(t *testing.T, parameters map[string]string) map[string]string {
	t.Helper()
	sections := source(t, module.Path("template.yaml"))
	for _, r := range object(sections["Resources"]) {
		delete(object(object(r)["Properties"]), "Events") // no part of a version, and most of a translation
	}
	deploy.Stamp(sections, parameters)
	translated, err := tr.translate(t, sections, parameters)
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
