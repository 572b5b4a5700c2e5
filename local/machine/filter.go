package machine

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// pattern is a filter of stream records: an object of objects, and at each
// leaf a list of rules of which one must hold.
type pattern map[string]any

func newPattern(source string) (pattern, error) {
	var p pattern
	if err := json.Unmarshal([]byte(source), &p); err != nil {
		return nil, fmt.Errorf("filter %s: %w", source, err)
	}
	return p, p.check()
}

// check finds what only AWS knows: it must not be skipped in silence.
func (p pattern) check() error {
	for name, want := range p {
		switch want := want.(type) {
		case map[string]any:
			if err := pattern(want).check(); err != nil {
				return err
			}
		case []any:
			for _, rule := range want {
				if test, ok := rule.(map[string]any); ok && test["exists"] == nil && test["prefix"] == nil && test["anything-but"] == nil {
					return fmt.Errorf("filter: %v is not understood", test)
				}
			}
		default:
			return fmt.Errorf("filter: %s is neither a list nor an object", name)
		}
	}
	return nil
}

func (p pattern) fits(value map[string]any) bool {
	for name, want := range p {
		got, there := value[name]
		switch want := want.(type) {
		case map[string]any:
			inner, _ := got.(map[string]any)
			if !pattern(want).fits(inner) {
				return false
			}
		case []any:
			if !slices.ContainsFunc(want, func(rule any) bool { return holds(rule, got, there) }) {
				return false
			}
		}
	}
	return true
}

func holds(rule, got any, there bool) bool {
	test, ok := rule.(map[string]any)
	if !ok {
		return there && reflect.DeepEqual(rule, got)
	}
	if exists, ok := test["exists"]; ok {
		return exists == there
	}
	if prefix, ok := test["prefix"].(string); ok {
		text, isText := got.(string)
		return isText && strings.HasPrefix(text, prefix)
	}
	others, isList := test["anything-but"].([]any)
	if !isList {
		others = []any{test["anything-but"]}
	}
	return there && !slices.ContainsFunc(others, func(other any) bool { return reflect.DeepEqual(other, got) })
}
