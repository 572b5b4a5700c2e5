package rehearsal

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// checks look at what CloudFormation gets. Each returns a sentence for everything that is wrong.
var checks = []func(stack) []string{
	dangling, circles, aliases, rights, failures, locks, capacity, silentAlarms,
}

// text returns a value as JSON.
func text(v any) string {
	body, _ := json.Marshal(v)
	return string(body)
}

// callers says which property of a resource names the function that it calls.
var callers = map[string]func(map[string]any) any{
	"AWS::Lambda::Permission":         func(p map[string]any) any { return p["FunctionName"] },
	"AWS::Lambda::EventSourceMapping": func(p map[string]any) any { return p["FunctionName"] },
	"AWS::SNS::Subscription":          func(p map[string]any) any { return p["Endpoint"] },
	"AWS::Scheduler::Schedule":        func(p map[string]any) any { return object(p["Target"])["Arn"] },
}

var integration = regexp.MustCompile(`/functions/([^/]*)/invocations`)

// aliases finds calls of a function that are not of its alias: a canary would not see them, nor a rollback move them.
func aliases(s stack) (found []string) {
	for id, r := range s.Resources {
		if called, ok := callers[r.Type]; ok && !strings.HasSuffix(text(called(r.Properties)), `Aliaslive"}`) {
			found = append(found, fmt.Sprintf("%s calls %s", id, text(called(r.Properties))))
		}
		if _, ok := s.Resources[id+"Aliaslive"]; r.Type == "AWS::Lambda::Function" && !ok {
			found = append(found, id+" has no alias")
		}
		if r.Type == "AWS::Lambda::Alias" && !slices.Contains(versions(s), id[:len(id)-len("Aliaslive")]) {
			found = append(found, id+" has no version")
		}
	}
	for _, uri := range integration.FindAllStringSubmatch(text(s.Resources["Api"].Properties["Body"]), -1) {
		if !strings.HasSuffix(uri[1], "Aliaslive}") {
			found = append(found, "API Gateway calls "+uri[1])
		}
	}
	return found
}

// versions returns the functions that have a version.
func versions(s stack) (all []string) {
	for id, r := range s.Resources {
		if function, _, ok := strings.Cut(id, "Version"); ok && r.Type == "AWS::Lambda::Version" {
			all = append(all, function)
		}
	}
	return all
}

// managed are the policies of AWS's own that a role may have: for logs, traces and reading a stream.
var managed = []string{"service-role/AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess", "service-role/AWSLambdaDynamoDBExecutionRole",
	"service-role/AWSCodeDeployRoleForLambda"}

// rights finds roles that may do more than named actions on named resources, and functions that share a role.
func rights(s stack) (found []string) {
	users := map[string]int{}
	for id, r := range s.Resources {
		if r.Type == "AWS::Lambda::Function" {
			users[text(r.Properties["Role"])]++
		}
		if r.Type != "AWS::IAM::Role" {
			continue
		}
		policies := text(r.Properties["Policies"])
		for _, never := range []string{`"*"`, `:*"`, "Scan", "PartiQL", "DeleteTable", `"Effect":"Deny"`} {
			if never == "Scan" && id == "OperatorFunctionRole" {
				continue // which checks a whole table
			}
			if strings.Contains(strings.ReplaceAll(policies, `sns:*:*:*"`, ""), never) {
				found = append(found, fmt.Sprintf("%s: a policy has %s", id, never))
			}
		}
		arns, _ := r.Properties["ManagedPolicyArns"].([]any)
		for _, arn := range arns {
			if !slices.ContainsFunc(managed, func(name string) bool { return strings.HasSuffix(strings.Trim(text(arn), `"}]`), ":policy/"+name) }) {
				found = append(found, fmt.Sprintf("%s has %s", id, text(arn)))
			}
		}
	}
	for role, n := range users {
		if n > 1 {
			found = append(found, fmt.Sprintf("%d functions share the role %s", n, role))
		}
	}
	return found
}

// failures finds what would be retried for ever, or lost without a trace.
func failures(s stack) (found []string) {
	for id, r := range s.Resources {
		p := text(r.Properties)
		switch r.Type {
		case "AWS::Lambda::EventSourceMapping":
			for _, needs := range []string{`"MaximumRetryAttempts":`, `"MaximumRecordAgeInSeconds":`, `"OnFailure":`, `"BisectBatchOnFunctionError":true`,
				`"ReportBatchItemFailures"`, `"StartingPosition":"TRIM_HORIZON"`} {
				if !strings.Contains(p, needs) {
					found = append(found, id+" lacks "+needs)
				}
			}
		case "AWS::Scheduler::Schedule":
			if !strings.Contains(p, `"MaximumEventAgeInSeconds":`) || !strings.Contains(p, `"MaximumRetryAttempts":`) {
				found = append(found, id+" retries for a day")
			}
		case "AWS::SNS::Subscription":
			function := strings.TrimSuffix(strings.Trim(text(object(r.Properties["Endpoint"])["Ref"]), `"`), "Aliaslive")
			if s.Resources[function].Properties["DeadLetterConfig"] == nil {
				found = append(found, function+" loses what SNS sends when it fails")
			}
		case "AWS::SQS::Queue":
			if !strings.Contains(p, `"MessageRetentionPeriod":1209600`) {
				found = append(found, id+" forgets before anybody looks")
			}
			if s.Resources[id+"Waiting"].Type != "AWS::CloudWatch::Alarm" {
				found = append(found, "nobody hears of "+id)
			}
		}
	}
	return found
}

// locks finds what is stored or sent in the open.
func locks(s stack) (found []string) {
	for id, r := range s.Resources {
		p := text(r.Properties)
		switch {
		case r.Type == "AWS::SQS::Queue" && !strings.Contains(p, `"SqsManagedSseEnabled":true`):
			found = append(found, id+" is not encrypted")
		case r.Type == "AWS::SQS::Queue" && !secure(s, "AWS::SQS::QueuePolicy", id), r.Type == "AWS::SNS::Topic" && !secure(s, "AWS::SNS::TopicPolicy", id):
			found = append(found, id+" takes calls without TLS")
		case r.Type == "AWS::DynamoDB::Table" && !strings.Contains(p, `"SSEEnabled":true`):
			found = append(found, id+" is not encrypted")
		case r.Type == "AWS::Logs::LogGroup" && (!strings.Contains(p, `"RetentionInDays":`) || !strings.Contains(p, `"KmsKeyId":`)):
			found = append(found, id+" is kept for ever, or ignores KeyArn")
		case r.Type == "AWS::ApiGatewayV2::DomainName" && !strings.Contains(p, `"SecurityPolicy":"TLS_1_2"`):
			found = append(found, id+" takes old TLS")
		}
	}
	return found
}

// secure reports whether a policy of the type refuses calls of the resource without TLS.
func secure(s stack, policy, id string) bool {
	for _, r := range s.Resources {
		p := text(r.Properties)
		if r.Type == policy && strings.Contains(p, `{"Bool":{"aws:SecureTransport":"false"}}`) && strings.Contains(p, `"Effect":"Deny"`) &&
			r.of()[id] {
			return true
		}
	}
	return false
}

// smallest is how many functions a new account runs at once. AWS lets nobody reserve of the last of these.
const smallest = 10

// capacity finds what a new account could not deploy or serve.
func capacity(s stack) (found []string) {
	if len(s.Resources) > 450 {
		found = append(found, fmt.Sprintf("%d resources: CloudFormation takes 500", len(s.Resources)))
	}
	for id, r := range s.Resources {
		timeout, _ := r.Properties["Timeout"].(float64)
		switch {
		case r.Type == "AWS::Lambda::Function" && r.Properties["ReservedConcurrentExecutions"] != nil:
			found = append(found, fmt.Sprintf("%s reserves of the %d that a new account has, and AWS refuses it", id, smallest))
		case r.Type == "AWS::Lambda::Function" && (timeout < 1 || timeout > 29 && served(s, id)):
			found = append(found, fmt.Sprintf("%s takes %v s, and API Gateway waits 30", id, timeout))
		}
	}
	return found
}

func served(s stack, function string) bool {
	return strings.Contains(text(s.Resources["Api"].Properties["Body"]), "${"+function+"Alias")
}
