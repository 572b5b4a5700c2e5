package rehearsal

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"carechat/tests/support/module"
)

// fault is a mistake in template.yaml: its first old text becomes new.
type fault struct{ name, old, new string }

// faults are mistakes that the linter and SAM let through.
var faults = []fault{
	// What is called, and by whom.
	{"no alias", "    AutoPublishAlias: live\n", ""},
	{"no version for a change of configuration", "      AutoPublishAliasAllProperties: true\n", ""},
	{"a route on an API of its own", "LogIn: {Type: HttpApi, Properties: {ApiId: !Ref Api, ", "LogIn: {Type: HttpApi, Properties: {"},
	{"a route that is lost", "        Inbox: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: /v1/inbox}}\n", ""},
	{"a route of another method", "Method: DELETE, Path: /v1/sessions/current", "Method: POST, Path: /v1/sessions/current"},
	{"a function that outlives API Gateway's patience", "    Timeout: 10\n", "    Timeout: 45\n"},
	{"a concurrency that a new account lacks", "    Timeout: 10\n", "    Timeout: 10\n    ReservedConcurrentExecutions: 5\n"},
	{"a function that SAM does not build with make", "    Metadata: {BuildMethod: makefile}\n", ""},
	// What is retried, given up and kept.
	{"a record that is retried for ever", "            MaximumRetryAttempts: 5\n", ""},
	{"a record that is retried for a day", "            MaximumRecordAgeInSeconds: 3600\n", ""},
	{"one bad record stops a batch", "            BisectBatchOnFunctionError: true\n", ""},
	{"a batch that fails as a whole", "            FunctionResponseTypes: [ReportBatchItemFailures]\n", ""},
	{"records that nobody keeps", "            DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt NotifyDeadLetters.Arn}}\n", ""},
	{"what came before the stream was read", "StartingPosition: TRIM_HORIZON", "StartingPosition: LATEST"},
	{"a STOP that is lost", "      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt KeywordDeadLetters.Arn}\n", ""},
	{"dead letters for four days", "MessageRetentionPeriod: 1209600, ", ""},
	{"runs that pile up", "            RetryPolicy: {MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60}\n", ""},
	// What is protected.
	{"a table that goes with the stack", "    DeletionPolicy: Retain\n", ""},
	{"a table that goes when it is replaced", "    UpdateReplacePolicy: Retain\n", ""},
	{"a table without recovery", "PointInTimeRecoveryEnabled: true", "PointInTimeRecoveryEnabled: false"},
	{"prod's table without protection", "DeletionProtectionEnabled: !If [IsProd, true, false]", "DeletionProtectionEnabled: !If [IsProd, false, true]"},
	{"a table in the open", "SSESpecification: {SSEEnabled: true", "SSESpecification: {SSEEnabled: false"},
	{"rows that never expire", "AttributeName: ttl, Enabled", "AttributeName: TTL, Enabled"},
	{"an index without a name", "NonKeyAttributes: [version, id,", "NonKeyAttributes: [version,"},
	{"a stream without what was", "StreamViewType: NEW_AND_OLD_IMAGES", "StreamViewType: NEW_IMAGE"},
	{"a queue in the open", "MessageRetentionPeriod: 1209600, SqsManagedSseEnabled: true", "MessageRetentionPeriod: 1209600"},
	{"calls without TLS", `            Condition: {Bool: {"aws:SecureTransport": "false"}}` + "\n", ""},
	{"a log for ever", "Properties: {RetentionInDays: !Ref LogRetentionDays, ", "Properties: {"},
	{"a log under AWS's key", `, KmsKeyId: !If [HasKey, !Ref KeyArn, !Ref "AWS::NoValue"]}`, "}"},
	{"an access log that names people", `"route":"$context.routeKey"`, `"route":"$context.path"`},
	{"any page may call", "AllowOrigins: !Ref WebOrigins", `AllowOrigins: ["*"]`},
	// Who may do what.
	{"a function that may delete", `Action: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"], Resource`,
		`Action: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:DeleteItem"], Resource`},
	{"a function that may scan", `Action: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"], Resource`,
		`Action: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"], Resource`},
	{"a function that may do anything", `Action: "dynamodb:Query", Resource: !Sub "${Table.Arn}/index/WORK"`, `Action: "dynamodb:*", Resource: !Sub "${Table.Arn}/index/WORK"`},
	{"texts that may go to topics", `Action: "sns:Publish", NotResource: !Sub "arn:${AWS::Partition}:sns:*:*:*"`, `Action: "sns:Publish", Resource: "*"`},
	{"anybody's texts", `            Condition: {StringEquals: {"aws:SourceAccount": !Sub "${AWS::AccountId}"}}` + "\n", ""},
	// What is heard.
	{"an alarm on a metric of nobody", "MetricName: IteratorAge", "MetricName: IteratorAges"},
	{"an alarm on another dimension", "Dimensions: [{Name: ApiId, ", "Dimensions: [{Name: ApiName, "},
	{"faults that do not count", "6 * FILL(faults, 0)", "FILL(faults, 0)"},
	{"a metric that nothing emits", "MetricName: faults,", "MetricName: failures,"},
	{"a graph of nothing", `["CareChats", "coldStarts"`, `["CareChats", "cold"`},
	{"an alarm that cannot go off", "      Threshold: 60000\n", "      Threshold: 6000000\n"},
	{"an alarm that is always on", "      Period: 300\n      EvaluationPeriods: 2\n      Threshold: 1\n", "      Period: 300\n      EvaluationPeriods: 2\n      Threshold: 6\n"},
	{"an alarm that missing data calms", "TreatMissingData: breaching", "TreatMissingData: notBreaching"},
	{"an alarm that tells nobody", "      AlarmActions: !If [HasAlarmEmail, [!Ref AlarmTopic], []]\n", ""},
	{"an alarm that does not end", "      OKActions: !If [HasAlarmEmail, [!Ref AlarmTopic], []]\n", ""},
	{"prod without anybody who hears", `Assert: !Not [!Equals [!Ref AlarmEmail, ""]]`, `Assert: !Equals ["", ""]`},
	{"a canary that watches nothing", `      DeploymentPreference: {Alarms: [!Sub "${AWS::StackName}-api-5xx", !Ref SessionErrors]}` + "\n", ""},
	{"a canary that watches another function", `"${AWS::StackName}-api-5xx", !Ref SessionErrors`, `"${AWS::StackName}-api-5xx", !Ref ListErrors`},
	// What SAM, the linter and CloudFormation see too late.
	{"a circle", `AlarmName: !Sub "${AWS::StackName}-api-5xx"`, `AlarmName: !Sub "${SessionFunction}-${AWS::StackName}-api-5xx"`},
	{"a variable that no code reads", "        STAGE: !Ref Stage\n", "        STAGES: !Ref Stage\n"},
	{"an address that goes round", "        STAGE: !Ref Stage\n", "        STAGE: !Ref Stage\n        PUBLIC_URL: !Ref Api\n"},
}

// Each of these is caught by what SAM's translator says, by the tests of tests/structure or by the checks here.
func TestEveryFaultOfTheTemplateIsCaught(t *testing.T) {
	if len(faults) < 40 {
		t.Errorf("%d faults", len(faults))
	}
	template := string(module.Read(t, "template.yaml"))
	tests := buildStructure(t)
	waiting := make(chan fault, len(faults))
	for _, f := range faults {
		waiting <- f
	}
	close(waiting)
	var together sync.WaitGroup
	for range 2 {
		r := repository{startTranslator(t), copied(t), tests}
		if found := r.notices(t, template); found != "" {
			t.Fatalf("the template fails without a fault, so this would catch everything: %s", found)
		}
		together.Go(func() {
			for f := range waiting {
				if !strings.Contains(template, f.old) {
					t.Errorf("%s: template.yaml has no %q", f.name, f.old)
				} else if r.notices(t, strings.Replace(template, f.old, f.new, 1)) == "" {
					t.Errorf("%s: nothing catches it", f.name)
				}
			}
		})
	}
	together.Wait()
}

// repository is a copy whose template is changed, with what looks at it.
type repository struct {
	sam         *translator
	root, tests string
}

// copied returns a folder with the parts of the repository that the tests of tests/structure read.
func copied(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range []string{"docs", "functions", "shared"} {
		if err := os.CopyFS(filepath.Join(root, name), os.DirFS(module.Path(name))); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(root, "tests/structure"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "Makefile", "README.md"} {
		if err := os.WriteFile(filepath.Join(root, name), module.Read(t, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// notices returns what a failing test says, or what SAM or a check finds, when this is the template; "" for nothing.
func (r repository) notices(t *testing.T, template string) string {
	path := filepath.Join(r.root, "template.yaml")
	if err := os.WriteFile(path, []byte(template), 0o600); err != nil {
		t.Error(err)
		return ""
	}
	run := exec.Command(r.tests, "-test.run", ofTheTemplate, "-test.failfast")
	run.Dir = filepath.Join(r.root, "tests/structure")
	if out, err := run.CombinedOutput(); err != nil {
		return string(out)
	}
	made, err := r.sam.translate(t, source(t, path), map[string]string{"Stage": "prod"})
	if err != nil {
		return err.Error()
	}
	return strings.Join(problems(made), "\n")
}

// buildStructure builds the tests of tests/structure, and returns where the binary is.
func buildStructure(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "structure")
	build := exec.Command("go", "test", "-c", "-o", binary, "./tests/structure")
	build.Dir = module.Root()
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return binary
}

// ofTheTemplate are the tests of tests/structure that read template.yaml and need no Go command.
const ofTheTemplate = "AccessLog|CORS|OneBadRecord|Deployments|Topic|InboundTexts|Alarm|Dashboard|Schedule|PublicURL|WholeInTheTemplate|RouteIsOn|Template|Rights|" +
	"ListWrites|ServesItsRoutes|ContractHas|Table|EnvironmentIs"
