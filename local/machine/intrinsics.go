package machine

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// resolver replaces CloudFormation's intrinsic functions by values, as far as a
// machine without CloudFormation can. What it does not know is an error, not a guess.
type resolver struct {
	values     map[string]string // by parameter or resource
	defaults   map[string]any    // of the parameters
	lists      map[string]bool   // parameters of type CommaDelimitedList
	conditions map[string]ast.Node
	err        error
}

// resolve is a template as JSON.
func resolve(source []byte, values map[string]string) ([]byte, error) {
	file, err := parser.ParseBytes(source, 0)
	if err != nil {
		return nil, err
	}
	if len(file.Docs) == 0 {
		return nil, errors.New("is empty")
	}
	r := &resolver{values: maps.Clone(values), defaults: map[string]any{}, lists: map[string]bool{}, conditions: map[string]ast.Node{}}
	sections := fields(file.Docs[0].Body)
	for name, parameter := range fields(sections["Parameters"]) {
		p, _ := r.value(parameter).(map[string]any)
		r.defaults[name] = p["Default"]
		r.lists[name] = p["Type"] == "CommaDelimitedList"
	}
	r.conditions = fields(sections["Conditions"])
	if r.values == nil {
		r.values = map[string]string{}
	}
	for name, resource := range fields(sections["Resources"]) {
		if kind := fields(resource)["Type"]; kind != nil && kind.GetToken().Value == "AWS::SNS::Topic" {
			r.values[name] = topicARN(name)
		}
	}
	plain := map[string]any{"Globals": r.value(sections["Globals"]), "Resources": r.value(sections["Resources"])}
	if r.err != nil {
		return nil, r.err
	}
	return json.Marshal(plain)
}

// fields are a mapping's values by their keys.
func fields(n ast.Node) map[string]ast.Node {
	all := map[string]ast.Node{}
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, pair := range n.Values {
			all[pair.Key.GetToken().Value] = pair.Value
		}
	case *ast.MappingValueNode:
		all[n.Key.GetToken().Value] = n.Value
	}
	return all
}

func (r *resolver) value(n ast.Node) any {
	switch n := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		all := map[string]any{}
		for key, value := range fields(n) {
			all[key] = r.value(value)
		}
		return all
	case *ast.SequenceNode:
		all := []any{}
		for _, each := range n.Values {
			all = append(all, r.value(each))
		}
		return all
	case *ast.TagNode:
		return r.intrinsic(n.Start.Value, n.Value)
	case *ast.LiteralNode:
		return n.Value.Value
	case ast.ScalarNode:
		return n.GetValue()
	case nil:
		return nil
	}
	return r.fail("%T in line %d is not understood", n, n.GetToken().Position.Line)
}

func (r *resolver) fail(format string, args ...any) any {
	r.err = errors.Join(r.err, fmt.Errorf(format, args...))
	return nil
}

func (r *resolver) intrinsic(tag string, n ast.Node) any {
	if tag == "!If" {
		return r.choose(n)
	}
	value := r.value(n)
	list, _ := value.([]any)
	switch {
	case tag == "!Ref":
		return r.ref(fmt.Sprint(value))
	case tag == "!Sub":
		return r.sub(fmt.Sprint(value))
	case tag == "!GetAtt":
		if topic, ok := strings.CutSuffix(fmt.Sprint(value), ".TopicArn"); ok {
			return r.ref(topic)
		}
		return value
	case tag == "!Not" && len(list) == 1:
		return list[0] != true
	case tag == "!Equals" && len(list) == 2:
		return fmt.Sprint(list[0]) == fmt.Sprint(list[1])
	}
	return r.fail("%s in line %d is not understood", tag, n.GetToken().Position.Line)
}

// choose resolves the branch that holds, and only that.
func (r *resolver) choose(n ast.Node) any {
	branches, ok := n.(*ast.SequenceNode)
	if !ok || len(branches.Values) != 3 {
		return r.fail("!If takes three values")
	}
	if r.value(r.conditions[branches.Values[0].GetToken().Value]) == true {
		return r.value(branches.Values[1])
	}
	return r.value(branches.Values[2])
}

// ref is a parameter's value; of a resource that has no value here, its name.
func (r *resolver) ref(name string) any {
	value, known := r.values[name]
	switch fallback, isParameter := r.defaults[name]; {
	case isParameter && !known && r.lists[name]:
		return strings.Split(fmt.Sprint(fallback), ",")
	case isParameter && !known:
		return fallback
	case known && r.lists[name]:
		return strings.Split(value, ",")
	case known:
		return value
	}
	return name
}

var references = regexp.MustCompile(`\$\{[^}]+\}`)

func (r *resolver) sub(text string) string {
	return references.ReplaceAllStringFunc(text, func(reference string) string {
		return fmt.Sprint(r.ref(strings.Trim(reference, "${}")))
	})
}
