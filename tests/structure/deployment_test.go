package structure

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carechat/tests/template"
)

// A deployment watches its function's own alarm and, where the function has a
// route, the API's by name: by reference the alias would need the alarm, the
// alarm the API and the API the alias, which CloudFormation refuses to make and
// not every linter sees.
func TestDeploymentsWatchAlarmsWithoutACircle(t *testing.T) {
	all := load(t)
	var api struct{ AlarmName map[string]string }
	template.Convert(t, all.Resources["ApiServerErrors"].Properties, &api)
	if api.AlarmName == nil {
		t.Fatal("the API's alarm has no name")
	}
	for name, f := range all.Functions(t) {
		want := []map[string]string{{"Ref": template.Logical(name) + "Errors"}}
		if len(f.Routes()) > 0 {
			want = append([]map[string]string{api.AlarmName}, want...)
		}
		if diff := cmp.Diff(want, f.DeploymentPreference.Alarms); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// Lambda drops what an asynchronous call failed at, unless somewhere is said to put it.
func TestWhatATopicsFunctionGivesUpIsKeptAndSaid(t *testing.T) {
	all := load(t)
	for name, f := range all.Functions(t) {
		for _, e := range f.Events {
			if e.Type != "SNS" {
				continue
			}
			queue, _, _ := strings.Cut(f.DeadLetterQueue.TargetArn["Fn::GetAtt"], ".")
			alarm := string(all.Resources[queue+"Waiting"].Properties)
			if all.Resources[queue].Type != "AWS::SQS::Queue" || !strings.Contains(alarm, `"`+queue+`.QueueName"`) {
				t.Errorf("%s: no dead letters, or no alarm on them", name)
			}
		}
	}
}

// Inbound texts come from AWS End User Messaging on this account's behalf, and from nobody else.
func TestWhoMayPutInboundTexts(t *testing.T) {
	type statement struct {
		Effect, Action      string
		Principal, Resource map[string]string
		Condition           map[string]map[string]map[string]string
	}
	var policy struct {
		Topics         []map[string]string
		PolicyDocument struct{ Statement []statement }
	}
	template.Convert(t, load(t).Resources["InboundTextsPolicy"].Properties, &policy)
	topic := map[string]string{"Ref": "InboundTexts"}
	want := []statement{{
		Effect: "Allow", Action: "sns:Publish", Principal: map[string]string{"Service": "sms-voice.amazonaws.com"}, Resource: topic,
		Condition: map[string]map[string]map[string]string{"StringEquals": {"aws:SourceAccount": {"Fn::Sub": "${AWS::AccountId}"}}},
	}}
	if diff := cmp.Diff(want, policy.PolicyDocument.Statement) + cmp.Diff([]map[string]string{topic}, policy.Topics); diff != "" {
		t.Error(diff)
	}
}
