package machine

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// pattern is a filter of stream records, or of a notification's attributes: an
// object of objects, and at each leaf a list of rules of which one must hold.
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
				if test, ok := rule.(map[string]any); ok && !isTest(test) {
					return fmt.Errorf("filter: %v is not understood", test)
				}
			}
		default:
			return fmt.Errorf("filter: %s is neither a list nor an object", name)
		}
	}
	return nil
}

func isTest(rule map[string]any) bool {
	if len(rule) != 1 {
		return false
	}
	for name, want := range rule {
		switch name {
		case "numeric":
			bounds, _ := want.([]any)
			_, ok := within(bounds, 0)
			return ok
		case "exists", "prefix", "anything-but":
			return true
		}
	}
	return false
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
			if !slices.ContainsFunc(want, func(rule any) bool { return holdsOfAny(rule, got, there) }) {
				return false
			}
		}
	}
	return true
}

// holdsOfAny is enough of a list: one that holds.
func holdsOfAny(rule, got any, there bool) bool {
	list, isList := got.([]any)
	if !isList {
		return holds(rule, got, there)
	}
	return slices.ContainsFunc(list, func(each any) bool { return holds(rule, each, true) })
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
	if bounds, ok := test["numeric"].([]any); ok {
		n, isNumber := got.(float64)
		inside, _ := within(bounds, n)
		return isNumber && inside
	}
	others, isList := test["anything-but"].([]any)
	if !isList {
		others = []any{test["anything-but"]}
	}
	return there && !slices.ContainsFunc(others, func(other any) bool { return reflect.DeepEqual(other, got) })
}

// within reads bounds such as ">", 0, "<=", 5 and says whether n keeps them; ok is
// false of what are no bounds.
func within(bounds []any, n float64) (inside, ok bool) {
	inside = true
	for pair := range slices.Chunk(bounds, 2) {
		bound, isNumber := pair[len(pair)-1].(float64)
		compare := map[any]bool{"=": n == bound, "<": n < bound, "<=": n <= bound, ">": n > bound, ">=": n >= bound}
		holds, known := compare[pair[0]]
		if !isNumber || !known {
			return false, false
		}
		inside = inside && holds
	}
	return inside, len(bounds) > 0
}
