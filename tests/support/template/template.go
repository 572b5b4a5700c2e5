// Package template gives tests what template.yaml says.
package template

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"carechat/local/template"
)

// Template is the part of template.yaml that tests look at. Intrinsic functions
// are in their long form: {"Ref": …}.
type Template struct {
	Rules     map[string]any
	Globals   struct{ Function Function }
	Resources map[string]Resource
}

// Resource is one of the stack's.
type Resource struct {
	Type                string
	DeletionPolicy      string
	UpdateReplacePolicy string
	Metadata            map[string]string
	Properties          json.RawMessage
}

// Function is a function's properties.
type Function struct {
	Timeout                       int
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
		Method, Path string
		ApiId        map[string]string
	}
}

// MemberTopics is what rights to the topics of members' addresses are on.
const MemberTopics = "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${AWS::StackName}-member-*"

// Load returns the template of the repository at root.
func Load(t *testing.T, root string) Template {
	t.Helper()
	var all Template
	source, err := template.Read(filepath.Join(root, "template.yaml"))
	if err == nil {
		err = source.Decode(&all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Functions are the stack's, by their folder's name.
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

// Statements are all that the function may do.
func (f Function) Statements() []Statement {
	var all []Statement
	for _, p := range f.Policies {
		all = append(all, p.Statement...)
	}
	return all
}

// Routes are API Gateway's route keys of the function, sorted.
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

// Actions are the statement's, such as dynamodb:Query.
func (s Statement) Actions() []string {
	var all []string
	if json.Unmarshal([]byte(Text(s.Action)), &all) != nil {
		return []string{fmt.Sprint(s.Action)}
	}
	return all
}

// Allows says whether the statement allows something of a service: sns, dynamodb.
func (s Statement) Allows(service string) bool {
	return slices.ContainsFunc(s.Actions(), func(a string) bool { return strings.HasPrefix(a, service+":") })
}

// Logical says that mark-read is MarkRead.
func Logical(folder string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(folder, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// Text is a value of the template as JSON.
func Text(value any) string {
	body, _ := json.Marshal(value)
	return string(body)
}

// Convert reads one shape as another, by way of JSON.
func Convert(t *testing.T, from, to any) {
	t.Helper()
	if err := json.Unmarshal([]byte(Text(from)), to); err != nil {
		t.Fatal(err)
	}
}
