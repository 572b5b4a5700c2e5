package rights

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"carechat/tests/support/template"
)

// guard refuses what a function's policy does not allow, as AWS would.
type guard struct {
	functions map[string]template.Function

	mu      sync.Mutex
	refused []string
	done    map[string]bool // "<function> <action> on <resource>"
}

// right is what a call needs.
type right struct {
	action, resource string
	attributes       []string // that an update names
}

var signer = regexp.MustCompile(`Credential=([a-z-]+)/`)

// dynamoDB stands between the functions and the table.
func (g *guard) dynamoDB(next http.Handler) http.Handler {
	return g.guarded(next, func(r *http.Request, body []byte) ([]right, error) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		return rightsOf(operation, body)
	})
}

// sns stands between the functions and phones, mailboxes and topics.
func (g *guard) sns(next http.Handler) http.Handler {
	return g.guarded(next, func(_ *http.Request, body []byte) ([]right, error) {
		form, err := url.ParseQuery(string(body))
		return []right{{action: "sns:" + form.Get("Action"), resource: resourceOf(form)}}, err
	})
}

// resourceOf returns the resource of a call of SNS. Subscriptions count as their topic.
func resourceOf(form url.Values) string {
	switch named := form.Get("TopicArn") + form.Get("SubscriptionArn") + form.Get("Name"); {
	case form.Get("PhoneNumber") != "":
		return notATopic
	case strings.Contains(named, "-member-"):
		return memberTopics
	case strings.HasSuffix(named, ":"+eventsTopic):
		return eventsTopic
	}
	return "another topic"
}

func (g *guard) guarded(next http.Handler, needs func(*http.Request, []byte) ([]right, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		function := ""
		if by := signer.FindStringSubmatch(r.Header.Get("Authorization")); by != nil {
			function = by[1]
		}
		if f, ok := g.functions[function]; ok && err == nil {
			needed, err := needs(r, body)
			if err != nil || !g.pass(function, f, needed) {
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprint(w, `{"__type":"com.amazon.coral.service#AccessDeniedException","message":"not authorized"}`)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func (g *guard) pass(function string, f template.Function, needed []right) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, a := range needed {
		if !slices.ContainsFunc(f.Statements(), a.allowedBy) {
			g.refused = append(g.refused, fmt.Sprintf("%s: %s on %s %q", function, a.action, a.resource, a.attributes))
			return false
		}
		g.done[function+" "+a.action+" on "+a.resource] = true
	}
	return true
}

// judge fails the test for each call that AWS would have refused, and for each right
// that was not used. The schedule may still be running.
func (g *guard) judge(t *testing.T) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	slices.Sort(g.refused)
	for _, each := range slices.Compact(g.refused) {
		t.Errorf("AWS would refuse %s", each)
	}
	for name, f := range g.functions {
		for _, right := range unused(f, name, g.done) {
			t.Errorf("%s has a right that it does not use: %s", name, right)
		}
	}
}

func (a right) allowedBy(s template.Statement) bool {
	if s.Effect != "Allow" || !slices.Contains(s.Actions(), a.action) || resource(s) != a.resource {
		return false
	}
	var attributes []string
	limited := s.Condition["ForAllValues:StringEquals"]["dynamodb:Attributes"]
	if err := json.Unmarshal([]byte(template.Text(limited)), &attributes); err != nil || limited == nil {
		return len(s.Condition) == 0
	}
	return !slices.ContainsFunc(a.attributes, func(name string) bool { return !slices.Contains(attributes, name) })
}

const (
	notATopic    = "anything but a topic"
	memberTopics = "members' topics"
	eventsTopic  = "ChatEvents"
)

// resource returns a statement's resource: "Table", "WORK", "DUE", memberTopics,
// eventsTopic or notATopic.
func resource(s template.Statement) string {
	switch on := template.Text(s.Resource); {
	case s.NotResource != nil:
		return notATopic
	case on == `{"Fn::GetAtt":"Table.Arn"}`:
		return "Table"
	case on == template.Text(map[string]string{"Fn::Sub": template.MemberTopics}):
		return memberTopics
	case on == template.Text(map[string]string{"Ref": eventsTopic}):
		return eventsTopic
	default:
		_, index, _ := strings.Cut(strings.TrimSuffix(on, `"}`), "/index/")
		return index
	}
}

// operation is the part of a DynamoDB call that its rights depend on.
type operation struct {
	IndexName                             string
	Key                                   map[string]any
	UpdateExpression, ConditionExpression string
	ExpressionAttributeNames              map[string]string
	TransactItems                         []map[string]operation
}

func rightsOf(name string, body []byte) ([]right, error) {
	var o operation
	if err := json.Unmarshal(body, &o); err != nil {
		return nil, err
	}
	if name != "TransactWriteItems" {
		return []right{o.right(name)}, nil
	}
	var all []right
	for _, item := range o.TransactItems {
		for kind, each := range item {
			all = append(all, each.right(strings.TrimSuffix(kind, "Item")+"Item"))
		}
	}
	return all, nil
}

func (o operation) right(name string) right {
	a := right{action: "dynamodb:" + name, resource: "Table"}
	if o.IndexName != "" {
		a.resource = o.IndexName
	}
	if name == "UpdateItem" {
		a.attributes = o.attributes()
	}
	return a
}

var (
	word     = regexp.MustCompile(`[:#]?[A-Za-z_]\w*`)
	keywords = []string{"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "IN", "BETWEEN", "attribute_exists", "attribute_not_exists", "begins_with", "if_not_exists", "contains", "size"}
)

// attributes returns every attribute that an update names, in its key and its
// expressions.
func (o operation) attributes() []string {
	var names []string
	for name := range o.Key {
		names = append(names, name)
	}
	for _, each := range word.FindAllString(o.UpdateExpression+" "+o.ConditionExpression, -1) {
		switch {
		case slices.Contains(keywords, each) || each[0] == ':':
		case each[0] == '#':
			names = append(names, o.ExpressionAttributeNames[each])
		default:
			names = append(names, each)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
