package deploy

import "strings"

// written returns a value of a template as CloudFormation takes it in JSON: there Fn::GetAtt has a list, and a text with a dot
// in YAML alone.
func written(value any) any {
	switch v := value.(type) {
	case []any:
		for i, each := range v {
			v[i] = written(each)
		}
	case map[string]any:
		for name, each := range v {
			if text, ok := each.(string); ok && name == "Fn::GetAtt" {
				resource, attribute, _ := strings.Cut(text, ".")
				v[name] = []any{resource, attribute}
				continue
			}
			v[name] = written(each)
		}
	}
	return value
}
