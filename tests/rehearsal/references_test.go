package rehearsal

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var inSub = regexp.MustCompile(`\$\{([A-Za-z0-9:]+)(\.[A-Za-z0-9.]+)?\}`)

// references adds what a value refers to: resources and parameters, and conditions by "if " and the name.
func references(value any, names map[string]bool) {
	switch v := value.(type) {
	case []any:
		for _, each := range v {
			references(each, names)
		}
	case map[string]any:
		for key, argument := range v {
			refer(key, argument, names)
		}
	}
}

func refer(function string, argument any, names map[string]bool) {
	list, _ := argument.([]any)
	condition, isText := argument.(string) // a policy's Condition is an object
	switch {
	case function == "Ref":
		names[fmt.Sprint(argument)] = true
		return
	case function == "Fn::GetAtt" && len(list) > 0:
		names[fmt.Sprint(list[0])] = true
		return
	case function == "Fn::GetAtt":
		name, _, _ := strings.Cut(fmt.Sprint(argument), ".")
		names[name] = true
		return
	case function == "Condition" && isText:
		names["if "+condition] = true
		return
	case function == "Fn::If" && len(list) == 3:
		names["if "+fmt.Sprint(list[0])] = true
	case function == "Fn::Sub":
		sub(argument, names)
	}
	references(argument, names)
}

// sub adds what a Fn::Sub refers to, without the names that it defines itself.
func sub(argument any, names map[string]bool) {
	text, own := fmt.Sprint(argument), map[string]any{}
	if list, ok := argument.([]any); ok && len(list) == 2 {
		text, own = fmt.Sprint(list[0]), object(list[1])
	}
	for _, name := range inSub.FindAllStringSubmatch(text, -1) {
		if _, ok := own[name[1]]; !ok {
			names[name[1]] = true
		}
	}
}

// of returns what a resource refers to.
func (r resource) of() map[string]bool {
	names := map[string]bool{}
	references(r.Properties, names)
	switch d := r.DependsOn.(type) {
	case string:
		names[d] = true
	case []any:
		for _, each := range d {
			names[fmt.Sprint(each)] = true
		}
	}
	if r.Condition != "" {
		names["if "+r.Condition] = true
	}
	return names
}

// dangling finds references to what is not there.
func dangling(s stack) (found []string) {
	check := func(where string, names map[string]bool) {
		for name := range names {
			condition, isCondition := strings.CutPrefix(name, "if ")
			_, isResource := s.Resources[name]
			_, isParameter := s.Parameters[name]
			switch {
			case isCondition && s.Conditions[condition] == nil:
				found = append(found, fmt.Sprintf("%s depends on the condition %s, which is not there", where, condition))
			case !isCondition && !isResource && !isParameter && !strings.HasPrefix(name, "AWS::"):
				found = append(found, fmt.Sprintf("%s refers to %s, which is not there", where, name))
			}
		}
	}
	for id, r := range s.Resources {
		check(id, r.of())
	}
	for section, values := range map[string]map[string]any{"Outputs": s.Outputs, "Conditions": s.Conditions, "Rules": s.Rules} {
		names := map[string]bool{}
		references(values, names)
		check(section, names)
	}
	return found
}

// circles finds resources that need each other before either can be made.
func circles(s stack) (found []string) {
	const open, done = 1, 2
	state := map[string]int{}
	var visit func(id string, path []string)
	visit = func(id string, path []string) {
		switch path = append(path, id); state[id] {
		case open:
			found = append(found, "a circle: "+strings.Join(path, " -> "))
		case 0:
			state[id] = open
			for _, next := range slices.Sorted(maps.Keys(s.Resources[id].of())) {
				if _, ok := s.Resources[next]; ok {
					visit(next, path)
				}
			}
			state[id] = done
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
		visit(id, nil)
	}
	return found
}
