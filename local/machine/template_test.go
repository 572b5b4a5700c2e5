package machine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTemplate(t *testing.T) {
	d, err := readTemplate("testdata/template.yaml", map[string]string{
		"Stage": "local", "WebOrigins": "http://localhost:*,http://127.0.0.1:*", "DynamoDbEndpoint": "http://127.0.0.1:1", "Table": "things",
	})
	if err != nil {
		t.Fatal(err)
	}
	global := map[string]string{
		"STAGE": "local", "TABLE_NAME": "things", "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1", "PROTECTED": "no", "ENDPOINT": "given",
	}
	if diff := cmp.Diff(global, d.functions["echo"].environment); diff != "" {
		t.Error(diff)
	}
	if echo, other := d.functions["echo"], d.functions["read-things"]; echo.retries != 1 || !echo.keepsLetters || other.retries != 2 || other.keepsLetters {
		t.Errorf("calls for which nobody waits: %+v, %+v", echo, other)
	}
	events := "arn:aws:sns:us-east-1:123456789012:ChatEvents"
	wanted := []subscription{
		{Topic: "arn:aws:sns:us-east-1:123456789012:InboundTexts", Protocol: "lambda", Endpoint: "echo", Attributes: map[string]string{}},
		{Topic: events, Protocol: "lambda", Endpoint: "read-things", Attributes: map[string]string{"FilterPolicy": `{"organization":["harbor"]}`}},
	}
	if diff := cmp.Diff(wanted, d.listeners); diff != "" || d.functions["read-things"].environment["EVENTS"] != events || len(d.topics) != 2 {
		t.Error(diff, d.functions["read-things"].environment, d.topics)
	}
	if d.functions["echo"].timeout != time.Second || d.functions["read-things"].timeout != 10*time.Second {
		t.Errorf("time-outs: %v", d.functions)
	}
	if diff := cmp.Diff([]string{"http://localhost:*", "http://127.0.0.1:*"}, d.cors.AllowOrigins); diff != "" {
		t.Error(diff)
	}
	m := d.streams[0]
	if m.function != "read-things" || m.batchSize != 25 || m.retries != 2 || !m.bisect || !m.reportsFailed || len(m.filters) != 1 {
		t.Errorf("stream: %+v", m)
	}
	if diff := cmp.Diff([]schedule{{"read-things", time.Minute}}, d.schedules, cmp.AllowUnexported(schedule{})); diff != "" {
		t.Error(diff)
	}
}

// What this machine cannot do must be said, not skipped.
func TestTemplateRefusesWhatItDoesNotKnow(t *testing.T) {
	for name, lines := range map[string]string{
		"an intrinsic": "Resources: {EchoFunction: {Type: AWS::Serverless::Function, Properties: {Timeout: !FindInMap [a, b, c]}}}",
		"an event":     "Resources: {EchoFunction: {Type: AWS::Serverless::Function, Properties: {Events: {Q: {Type: SQS}}}}}",
		"a policy":     "Resources: {EchoFunction: {Type: AWS::Serverless::Function, Properties: {Events: {T: {Type: SNS, Properties: {Topic: t, FilterPolicy: {a: {b: [c]}}}}}}}}",
		"a schedule":   "Resources: {EchoFunction: {Type: AWS::Serverless::Function, Properties: {Events: {S: {Type: Schedule, Properties: {Schedule: cron(0 8 * * ? *)}}}}}}",
		"a filter":     `Resources: {EchoFunction: {Type: AWS::Serverless::Function, Properties: {Events: {S: {Type: DynamoDB, Properties: {FilterCriteria: {Filters: [{Pattern: '{"a":[{"cidr":"10.0.0.0/24"}]}'}]}}}}}}}`,
	} {
		path := filepath.Join(t.TempDir(), "template.yaml")
		if err := os.WriteFile(path, []byte(lines), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readTemplate(path, nil); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}

func TestTheProductsTemplateIsUnderstood(t *testing.T) {
	d, err := readTemplate("../../template.yaml", (&Machine{}).values("http://127.0.0.1:8000", "http://127.0.0.1:3001"))
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range d.functions {
		for key, value := range f.environment {
			if value == "" || strings.Contains(value, "<nil>") || strings.Contains(value, "map[") {
				t.Errorf("%s: %s is %q", name, key, value)
			}
		}
	}
	if len(d.routes) == 0 || len(d.streams) == 0 || len(d.schedules) == 0 || len(d.cors.AllowOrigins) != 2 {
		t.Errorf("%d routes, %d streams, %d schedules, origins %v", len(d.routes), len(d.streams), len(d.schedules), d.cors.AllowOrigins)
	}
}
