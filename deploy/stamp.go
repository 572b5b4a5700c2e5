package deploy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
)

// beside lists the properties of a function in template.yaml that SAM makes other resources of: what they
// say is in no version of the function.
var beside = []string{"AutoPublishAlias", "DeploymentPreference", "EventInvokeConfig", "Events", "Policies"}

// Stamp writes into the description of each function a hash of the parameters that its configuration
// reads. SAM makes a version of a function when the text of its properties changes, and a reference to a
// parameter is the same text whatever the value: without the stamp a changed parameter would be deployed,
// and the alias that serves traffic would keep the version with the old value. The template can be written as JSON afterwards.
func Stamp(sections map[string]any, values map[string]string) {
	globals := object(object(sections["Globals"])["Function"])
	conditions := object(sections["Conditions"])
	for _, resource := range object(sections["Resources"]) {
		if object(resource)["Type"] != "AWS::Serverless::Function" {
			continue
		}
		properties := object(object(resource)["Properties"])
		read := map[string]bool{}
		for _, each := range []map[string]any{globals, properties} {
			for name, property := range each {
				if !slices.Contains(beside, name) {
					references(property, conditions, read)
				}
			}
		}
		properties["Description"] = "Parameters " + hash(read, values)
	}
	written(sections)
}

func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

var inSub = regexp.MustCompile(`\$\{([A-Za-z0-9]+)\}`)

// references adds the names that a value refers to, also through the conditions that it depends on.
func references(value any, conditions map[string]any, names map[string]bool) {
	switch v := value.(type) {
	case []any:
		for _, each := range v {
			references(each, conditions, names)
		}
	case map[string]any:
		for key, argument := range v {
			refer(key, argument, conditions, names)
			references(argument, conditions, names)
		}
	}
}

func refer(function string, argument any, conditions map[string]any, names map[string]bool) {
	list, _ := argument.([]any)
	text := fmt.Sprint(argument)
	switch {
	case function == "Ref":
		names[text] = true
	case function == "Fn::Sub":
		for _, name := range inSub.FindAllStringSubmatch(text, -1) {
			names[name[1]] = true
		}
	case function == "Fn::If" && len(list) == 3:
		references(conditions[fmt.Sprint(list[0])], conditions, names)
	case function == "Condition":
		references(conditions[text], conditions, names)
	}
}

// hash returns one short word for the values of the parameters among the names.
func hash(names map[string]bool, values map[string]string) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if value, ok := values[name]; ok {
			_, _ = io.WriteString(sum, name+"="+value+"\n")
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}
