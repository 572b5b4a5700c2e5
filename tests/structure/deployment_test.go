package structure

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carechat/tests/support/module"
	"carechat/tests/support/template"
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

// Lambda drops an asynchronous event that keeps failing, unless the function has a dead-letter queue.
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

// Only AWS End User Messaging, on this account's behalf, may publish inbound texts.
func TestWhoMayPutInboundTexts(t *testing.T) {
	var policy struct {
		Topics         []map[string]string
		PolicyDocument struct{ Statement []any }
	}
	template.Convert(t, load(t).Resources["InboundTextsPolicy"].Properties, &policy)
	const topic = `{"Ref":"InboundTexts"}`
	want := `[{"Action":"sns:Publish","Condition":{"StringEquals":{"aws:SourceAccount":{"Fn::Sub":"${AWS::AccountId}"}}},"Effect":"Allow",` +
		`"Principal":{"Service":"sms-voice.amazonaws.com"},"Resource":` + topic + `},` +
		`{"Action":"sns:Publish","Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny","Principal":"*","Resource":` + topic + `}]`
	if diff := cmp.Diff(want, template.Text(policy.PolicyDocument.Statement)) + cmp.Diff("["+topic+"]", template.Text(policy.Topics)); diff != "" {
		t.Error(diff)
	}
}

// alarm is what sets an alarm off, and whom it tells.
type alarm struct {
	Namespace, MetricName, TreatMissingData string
	AlarmActions, OKActions                 any
	Dimensions                              []dimension
	Metrics                                 []struct {
		MetricStat struct {
			Metric struct {
				Namespace, MetricName string
				Dimensions            []dimension
			}
		}
	}
}

type dimension struct {
	Name  string
	Value any
}

// watches returns what each metric of the alarm is measured on, and its name.
func (a alarm) watches() (all [][2]string) {
	if a.MetricName != "" {
		all = append(all, [2]string{on(a.Namespace, a.Dimensions), a.MetricName})
	}
	for _, m := range a.Metrics {
		if each := m.MetricStat.Metric; each.MetricName != "" {
			all = append(all, [2]string{on(each.Namespace, each.Dimensions), each.MetricName})
		}
	}
	return all
}

func on(namespace string, dimensions []dimension) string {
	all := namespace + " "
	for _, d := range dimensions {
		all += d.Name
	}
	return all
}

// measured lists AWS's metrics by the dimension that our alarms need: an unknown
// name is no error anywhere, and an alarm on it never goes off.
var measured = map[string][]string{
	"AWS/ApiGateway ApiId":    {"Count", "4xx", "5xx", "Latency"},
	"AWS/DynamoDB TableName":  {"ReadThrottleEvents", "WriteThrottleEvents"},
	"AWS/Lambda FunctionName": {"Errors", "AsyncEventsReceived", "AsyncEventsDropped", "IteratorAge"},
	"AWS/SQS QueueName":       {"ApproximateNumberOfMessagesVisible"},
	"AWS/SNS ":                {"SMSMonthToDateSpentUSD"},
	"AWS/SNS PhoneNumber":     {"NumberOfNotificationsFailed"},
	"CareChats ":              {"textsOverLimit"},
	"${AWS::StackName} ":      {"MemberLocks"},
	"CareChats stack": {"durationMs", "units", "coldStarts", "refused", "limited", "conflicts", "busy", "faults", "retries", "unattended",
		"logIns", "linksAsked", "linksSent", "linksFailed", "noticesSent", "noticesDeferred", "noticesSuppressed", "noticesFailed", "oldestLinkSeconds", "oldestNoticeSeconds", "oldestMailboxSeconds", "oldestTaskSeconds", "oldestReplySeconds"},
}

func TestEveryAlarmCanGoOffIsHeardAndExplained(t *testing.T) {
	all := load(t)
	manual := string(module.Read(t, "docs/operations.md"))
	for name, r := range all.Resources {
		if r.Type != "AWS::CloudWatch::Alarm" {
			continue
		}
		var a alarm
		template.Convert(t, r.Properties, &a)
		for _, m := range a.watches() {
			if !slices.Contains(measured[m[0]], m[1]) {
				t.Errorf("%s: %s measures no %s", name, m[0], m[1])
			}
		}
		if got := template.Text(a.AlarmActions); got != `{"Fn::If":["HasAlarmEmail",[{"Ref":"AlarmTopic"}],[]]}` {
			t.Errorf("%s tells %s", name, got)
		}
		if template.Text(a.OKActions) != template.Text(a.AlarmActions) {
			t.Errorf("%s does not say when it is over: OKActions", name)
		}
		if a.TreatMissingData == "" {
			t.Errorf("%s: nothing measured leaves it as it is", name)
		}
		_, ofFunction := all.Resources[strings.TrimSuffix(name, "Errors")+"Function"]
		if !ofFunction && !strings.Contains(manual, "| `"+name+"` |") {
			t.Errorf("docs/operations.md does not say what to do about %s", name)
		}
	}
}

// The dashboard shows only what is measured. CloudWatch shows an unknown metric as an empty graph.
func TestTheDashboardShowsWhatIsMeasured(t *testing.T) {
	var dashboard struct{ DashboardBody map[string]string }
	template.Convert(t, load(t).Resources["Dashboard"].Properties, &dashboard)
	var body struct {
		Widgets []struct {
			Properties struct{ Metrics [][]any }
		}
	}
	if err := json.Unmarshal([]byte(dashboard.DashboardBody["Fn::Sub"]), &body); err != nil {
		t.Fatal(err)
	}
	for _, w := range body.Widgets {
		for _, m := range w.Properties.Metrics {
			on := fmt.Sprint(m[0], " ")
			if name, ok := m[min(2, len(m)-1)].(string); ok {
				on += name
			}
			if !slices.Contains(measured[on], fmt.Sprint(m[1])) {
				t.Errorf("%s measures no %v", on, m[1])
			}
		}
	}
}

func TestSomebodyHearsProdsAlarms(t *testing.T) {
	want := `{"Assertions":[{"Assert":{"Fn::Not":[{"Fn::Equals":[{"Ref":"AlarmEmail"},""]}]},` +
		`"AssertDescription":"Write AlarmEmail into parameter_overrides of samconfig.toml"}],"RuleCondition":{"Fn::Equals":[{"Ref":"Stage"},"prod"]}}`
	if got := template.Text(load(t).Rules["SomebodyHearsProdsAlarms"]); got != want {
		t.Errorf("prod is deployed where %s", got)
	}
}

// notify runs from the stream too: its batches must not count as scheduled runs (N1).
func TestTheStreamHidesNoDeadSchedule(t *testing.T) {
	var silent alarm
	template.Convert(t, load(t).Resources["NotifySilent"].Properties, &silent)
	if silent.MetricName != "AsyncEventsReceived" || silent.TreatMissingData != "breaching" {
		t.Errorf("NotifySilent watches %s, and nothing measured is %s", silent.MetricName, silent.TreatMissingData)
	}
}
