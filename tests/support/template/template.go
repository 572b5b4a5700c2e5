// Package template gives tests what template.yaml says.
package template

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"carechat/local/template"
	"carechat/tests/support/module"
)

// Template is the part of template.yaml that tests look at. Intrinsic functions
// are in their long form: {"Ref": …}.
type Template struct {
	Rules      map[string]any
	Globals    struct{ Function Function }
	Parameters map[string]struct{ Default any }
	Resources  map[string]Resource
}

// Resource is one of the stack's.
type Resource struct {
	Type                string
	DeletionPolicy      string
	UpdateReplacePolicy string
	Metadata            map[string]any
	Properties          json.RawMessage
}

// Function is a function's properties.
type Function struct {
	MemorySize, Timeout           int
	AutoPublishAliasAllProperties bool
	LoggingConfig                 struct{ LogGroup map[string]string }
	DeploymentPreference          struct{ Alarms []map[string]string }
	DeadLetterQueue               struct{ TargetArn map[string]string }
	Environment                   struct{ Variables map[string]any }
	Policies                      []struct{ Statement []Statement }
	Events                        map[string]Event
}

// Statement is one of a function's own policies'.
type Statement struct {
	Effect                        string
	Action, Resource, NotResource any
	Condition                     map[string]map[string]any
}

// Event is what calls a function.
type Event struct {
	Type       string
	Properties struct {
		Method, Path                                    string
		ApiId                                           map[string]string
		MaximumRetryAttempts, MaximumRecordAgeInSeconds int
	}
}

// MemberTopics is the resource of the rights to members' topics.
const MemberTopics = "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${AWS::StackName}-member-*"

// Load returns the repository's template.
func Load(t *testing.T) Template {
	t.Helper()
	var all Template
	source, err := template.Read(module.Path("template.yaml"))
	if err == nil {
		err = source.Decode(&all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Functions returns the stack's functions, by their folder's name.
func (all Template) Functions(t *testing.T) map[string]Function {
	t.Helper()
	found := map[string]Function{}
	for name, r := range all.Resources {
		if r.Type == "AWS::Serverless::Function" {
			var f Function
			Convert(t, r.Properties, &f)
			found[template.Folder(name)] = f
		}
	}
	return found
}

// Statements returns everything that the function may do.
func (f Function) Statements() []Statement {
	var all []Statement
	for _, p := range f.Policies {
		all = append(all, p.Statement...)
	}
	return all
}

// Routes returns API Gateway's route keys of the function, sorted.
func (f Function) Routes() []string {
	var keys []string
	for _, e := range f.Events {
		if e.Type == "HttpApi" {
			keys = append(keys, e.Properties.Method+" "+e.Properties.Path)
		}
	}
	slices.Sort(keys)
	return keys
}

// Actions returns the statement's actions, such as dynamodb:Query.
func (s Statement) Actions() []string {
	var all []string
	if json.Unmarshal([]byte(Text(s.Action)), &all) != nil {
		return []string{fmt.Sprint(s.Action)}
	}
	return all
}

// Allows reports whether the statement allows any action of a service: sns, dynamodb.
func (s Statement) Allows(service string) bool {
	return slices.ContainsFunc(s.Actions(), func(a string) bool { return strings.HasPrefix(a, service+":") })
}

// Logical returns a folder's logical name: mark-read is MarkRead.
func Logical(folder string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(folder, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// Text returns a value of the template as JSON.
func Text(value any) string {
	body, _ := json.Marshal(value)
	return string(body)
}

// Convert decodes one value as another, through JSON.
func Convert(t *testing.T, from, to any) {
	t.Helper()
	if err := json.Unmarshal([]byte(Text(from)), to); err != nil {
		t.Fatal(err)
	}
}
