package deploy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// function returns a template of one function with these variables.
func function(variables map[string]any) map[string]any {
	return map[string]any{
		"Conditions": map[string]any{"IsProd": map[string]any{"Fn::Equals": []any{map[string]any{"Ref": "Stage"}, "prod"}}},
		"Resources": map[string]any{"F": map[string]any{
			"Type": "AWS::Serverless::Function", "Properties": map[string]any{"Environment": map[string]any{"Variables": variables}},
		}},
	}
}

// stamped returns the description that a function with these variables gets.
func stamped(variables map[string]any, values map[string]string) any {
	sections := function(variables)
	Stamp(sections, values)
	return object(object(object(sections["Resources"])["F"])["Properties"])["Description"]
}

func TestAStampChangesWithWhatIsRead(t *testing.T) {
	values := map[string]string{"Stage": "dev", "Audience": "care-chats", "Other": "1"}
	for name, variables := range map[string]map[string]any{
		"by itself":      {"V": map[string]any{"Ref": "Audience"}},
		"in a text":      {"V": map[string]any{"Fn::Sub": "https://${Audience}/"}},
		"by a condition": {"V": map[string]any{"Fn::If": []any{"IsProd", "a", "b"}}},
	} {
		before := stamped(variables, values)
		if after := stamped(variables, map[string]string{"Stage": "dev", "Audience": "care-chats", "Other": "2"}); after != before {
			t.Errorf("%s: another parameter changes it", name)
		}
		if after := stamped(variables, map[string]string{"Stage": "prod", "Audience": "other", "Other": "1"}); after == before {
			t.Errorf("%s: nothing changes it", name)
		}
	}
}

// In JSON CloudFormation takes Fn::GetAtt with a list alone.
func TestAnAttributeIsWrittenAsAList(t *testing.T) {
	sections := function(map[string]any{"V": map[string]any{"Fn::GetAtt": "Table.Arn"}})
	Stamp(sections, nil)
	properties := object(object(object(sections["Resources"])["F"])["Properties"])
	want := map[string]any{"V": map[string]any{"Fn::GetAtt": []any{"Table", "Arn"}}}
	if diff := cmp.Diff(want, object(properties["Environment"])["Variables"]); diff != "" {
		t.Error(diff)
	}
}
