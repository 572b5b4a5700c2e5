package structure

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"carechat/tests/support/template"
)

// These are all the rights that a statement may grant: on the table Query and the
// calls on single items, because only the operator scans (T1) and nothing needs ConditionCheckItem (T4);
// on SNS what emails to a member's topic need, and to publish events.
var (
	itemActions = []string{"dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"}
	mailActions = []string{"sns:CreateTopic", "sns:DeleteTopic", "sns:GetSubscriptionAttributes", "sns:Publish", "sns:Subscribe"}
	allowed     = map[string][]string{
		`{"Fn::GetAtt":"Table.Arn"}`:                                       itemActions,
		`{"Fn::Sub":"${Table.Arn}/index/WORK"}`:                            {"dynamodb:Query"},
		`{"Fn::Sub":"${Table.Arn}/index/DUE"}`:                             {"dynamodb:Query"},
		template.Text(map[string]string{"Fn::Sub": template.MemberTopics}): mailActions,
		`{"Ref":"ChatEvents"}`:                                             {"sns:Publish"},
	}
	// The operator checks the whole table.
	scans = []string{"operator"}

	noTopic = `{"Fn::Sub":"arn:${AWS::Partition}:sns:*:*:*"}`
	// The functions that may send texts, and what each may do with topics.
	texts  = []string{"keyword", "notify"}
	topics = map[string][]string{"notify": mailActions, "preferences": {"sns:GetSubscriptionAttributes"}, "publish": {"sns:Publish"}}
)

func TestRightsAreTheLeast(t *testing.T) {
	for name, f := range load(t).Functions(t) {
		for _, p := range f.Policies {
			if len(p.Statement) == 0 {
				t.Errorf("%s: a policy without statements of its own", name)
			}
		}
		for _, s := range f.Statements() {
			if err := check(s, name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, name := range []string{"pages", "fallback"} {
		if len(load(t).Functions(t)[name].Policies) > 0 {
			t.Errorf("%s needs no rights", name)
		}
	}
}

// check returns an error if a statement grants a function more than it may have.
func check(s template.Statement, function string) error {
	sends := slices.Equal(s.Actions(), []string{"sns:Publish"}) && template.Text(s.NotResource) == noTopic
	if s.Effect == "Allow" && sends && s.Resource == nil && slices.Contains(texts, function) {
		return nil
	}
	on := template.Text(s.Resource)
	for _, action := range s.Actions() {
		may := !strings.HasPrefix(action, "sns:") || slices.Contains(topics[function], action)
		granted := slices.Contains(allowed[on], action) || action == "dynamodb:Scan" && slices.Contains(scans, function) && slices.Contains(allowed[on], "dynamodb:Query")
		if s.Effect != "Allow" || s.NotResource != nil || !granted || !may {
			return fmt.Errorf("%s on %s is more than it needs", action, on)
		}
	}
	return nil
}

// notify has rights on the topic names that it uses.
func TestMemberTopicsAreTheOnesThatRightsAreOn(t *testing.T) {
	names := template.Text(load(t).Functions(t)["notify"].Environment.Variables["MEMBER_TOPICS"])
	_, prefix, _ := strings.Cut(strings.TrimSuffix(template.MemberTopics, "*"), "${AWS::AccountId}:")
	if want := template.Text(map[string]string{"Fn::Sub": prefix}); names != want {
		t.Errorf("topics are named %s, and rights are on %s", names, want)
	}
}

// list answers every poll. It writes when a session was used, and a person's first
// key for drafts.
func TestListWritesASessionsUseAndADraftKeyAlone(t *testing.T) {
	for _, s := range load(t).Functions(t)["list"].Statements() {
		writes := slices.ContainsFunc(s.Actions(), func(a string) bool { return strings.HasSuffix(a, "teItem") || strings.HasSuffix(a, "utItem") })
		attributes := template.Text(s.Condition["ForAllValues:StringEquals"]["dynamodb:Attributes"])
		if writes && attributes != `["PK","SK","usedAt","draftKey"]` {
			t.Errorf("it may %v the attributes %s", s.Actions(), attributes)
		}
	}
}

// A function links SNS exactly if it may use it: list, which is called all day, must not carry it.
func TestOnlySendersLinkSNS(t *testing.T) {
	deployed := load(t).Functions(t)
	for _, name := range folders(t) {
		may := slices.ContainsFunc(deployed[name].Statements(), func(s template.Statement) bool { return s.Allows("sns") })
		links := slices.ContainsFunc(dependencies(t, "./functions/"+name), func(d string) bool {
			return strings.HasPrefix(d, "github.com/aws/aws-sdk-go-v2/service/sns")
		})
		if links != may {
			t.Errorf("%s: links SNS %v, may use it %v", name, links, may)
		}
	}
}

func dependencies(t *testing.T, of string) []string {
	t.Helper()
	list := exec.Command("go", "list", "-deps", of)
	list.Dir = root
	out, err := list.CombinedOutput()
	if err != nil {
		t.Fatalf("go list -deps %s: %s", of, out)
	}
	return strings.Fields(string(out))
}
