package stream

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// pattern is a filter of records: an object of objects, and at each leaf a list
// of rules of which one must hold.
type pattern map[string]any

func newPattern(source string) (pattern, error) {
	var p pattern
	if err := json.Unmarshal([]byte(source), &p); err != nil {
		return nil, fmt.Errorf("filter %s: %w", source, err)
	}
	return p, p.check()
}

// check returns an error for rules other than literals, "exists" and "prefix".
func (p pattern) check() error {
	for name, want := range p {
		switch want := want.(type) {
		case map[string]any:
			if err := pattern(want).check(); err != nil {
				return err
			}
		case []any:
			for _, rule := range want {
				test, ok := rule.(map[string]any)
				if _, isExists := test["exists"].(bool); ok && (len(test) > 1 || !isExists && prefixOf(test) == "") {
					return fmt.Errorf("filter: %v is not supported on this machine", test)
				}
			}
		default:
			return fmt.Errorf("filter: %s is neither a list nor an object", name)
		}
	}
	return nil
}

// matches returns whether the pattern lets the value through.
func (p pattern) matches(value map[string]any) bool {
	for name, want := range p {
		got, exists := value[name]
		switch want := want.(type) {
		case map[string]any:
			inner, _ := got.(map[string]any)
			if !pattern(want).matches(inner) {
				return false
			}
		case []any:
			if !slices.ContainsFunc(want, func(rule any) bool { return holds(rule, got, exists) }) {
				return false
			}
		}
	}
	return true
}

func holds(rule, got any, exists bool) bool {
	if test, ok := rule.(map[string]any); ok {
		if prefix := prefixOf(test); prefix != "" {
			text, _ := got.(string)
			return strings.HasPrefix(text, prefix)
		}
		return test["exists"] == exists
	}
	return exists && reflect.DeepEqual(rule, got)
}

// prefixOf returns how a text must begin, "" if the rule says nothing of that.
func prefixOf(rule map[string]any) string {
	prefix, _ := rule["prefix"].(string)
	return prefix
}
