package template

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// resolve returns the stack of the template at path.
func resolve(path string, values map[string]string) (*Stack, error) {
	t, err := Read(path)
	if err != nil {
		return nil, err
	}
	return t.Resolve(values)
}

func TestStack(t *testing.T) {
	s, err := resolve("../machine/testdata/template.yaml", map[string]string{
		"Stage": "local", "WebOrigins": "http://localhost:*,http://127.0.0.1:*", "DynamoDbEndpoint": "http://127.0.0.1:1", "Table": "things",
	})
	if err != nil {
		t.Fatal(err)
	}
	environment := map[string]string{
		"STAGE": "local", "TABLE_NAME": "things", "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1", "PROTECTED": "no", "ENDPOINT": "given",
	}
	withTopic := map[string]string{"PUBLIC_URL": "https://Api.AWS::Region.amazonaws.com", "EVENTS": TopicARN("ChatEvents")}
	for key, value := range environment {
		withTopic[key] = value
	}
	changes := Stream{
		Function: "read-things", BatchSize: 25, MaximumRetryAttempts: new(2), BisectBatchOnFunctionError: true,
		FunctionResponseTypes: []string{"ReportBatchItemFailures"},
	}
	changes.FilterCriteria.Filters = []Filter{{`{"dynamodb":{"NewImage":{"DUE_PK":{"S":[{"exists":true}]}}}}`}}
	want := &Stack{
		Functions: map[string]Function{
			"echo":        {Timeout: time.Second, Environment: environment, Retries: 1, DeadLetters: true},
			"read-things": {Timeout: 10 * time.Second, Environment: withTopic, Retries: 2},
		},
		Routes: []Route{{"ANY", "/{proxy+}", "echo"}, {"GET", "/things/{id}", "echo"}},
		CORS: CORS{
			AllowOrigins: []string{"http://localhost:*", "http://127.0.0.1:*"}, AllowMethods: []string{"GET", "POST"},
			AllowHeaders: []string{"authorization"}, ExposeHeaders: []string{"etag", "location"}, MaxAge: 600,
		},
		Streams:   []Stream{changes},
		Schedules: []Schedule{{"read-things", time.Minute}},
		Topics:    []string{TopicARN("ChatEvents"), TopicARN("InboundTexts")},
		Listeners: []Listener{{TopicARN("InboundTexts"), "echo"}, {TopicARN("ChatEvents"), "read-things"}},
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
}

// Whatever this machine cannot do is an error, so that nothing is skipped silently.
func TestUnsupportedTemplatesAreRefused(t *testing.T) {
	for name, lines := range map[string]string{
		"an intrinsic": "Resources: {EchoFunction: {Type: AWS::Serverless::Function, Properties: {Timeout: !FindInMap [a, b, c]}}}",
		"an event":     "Resources: {EchoFunction: {Type: AWS::Serverless::Function, Properties: {Events: {Q: {Type: SQS}}}}}",
		"a policy":     "Resources: {EchoFunction: {Type: AWS::Serverless::Function, Properties: {Events: {T: {Type: SNS, Properties: {Topic: t, FilterPolicy: {a: [b]}}}}}}}",
		"a schedule":   "Resources: {EchoFunction: {Type: AWS::Serverless::Function, Properties: {Events: {S: {Type: Schedule, Properties: {Schedule: cron(0 8 * * ? *)}}}}}}",
		"an alias":     "Resources: &all {EchoFunction: *all}",
	} {
		path := filepath.Join(t.TempDir(), "template.yaml")
		if err := os.WriteFile(path, []byte(lines), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := resolve(path, nil); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestTheProductsTemplateIsSupported(t *testing.T) {
	s, err := resolve("../../template.yaml", map[string]string{
		"Stage": "local", "WebOrigins": "http://localhost:*", "SettingsSeconds": "60", "AWS::StackName": "care-chats",
		"DynamoDbEndpoint": "http://127.0.0.1:8000", "SnsEndpoint": "http://127.0.0.1:3001",
		"EdgeSecret": "of-thirty-two-characters-and-more",
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range s.Functions {
		for key, value := range f.Environment {
			if value == "" || strings.Contains(value, "<nil>") || strings.Contains(value, "map[") {
				t.Errorf("%s: %s is %q", name, key, value)
			}
		}
	}
	if len(s.Routes) == 0 || len(s.Streams) == 0 || len(s.Schedules) == 0 || len(s.CORS.AllowOrigins) != 1 || len(s.Listeners) == 0 {
		t.Errorf("%+v", s)
	}
}
