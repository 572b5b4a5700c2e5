package contract

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"carechat/tests/support/module"
)

// events returns the schema of each type of event in shared/api/events.json.
var events = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	source, err := os.Open(module.Path("shared/api/events.json"))
	if err != nil {
		return nil, err
	}
	defer source.Close()
	document, err := jsonschema.UnmarshalJSON(source)
	if err != nil {
		return nil, err
	}
	definitions := document.(map[string]any)["definitions"].(map[string]any)
	for _, each := range definitions {
		if schema := each.(map[string]any); schema["properties"] != nil {
			schema["additionalProperties"] = false // closed as closeObject does
		}
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("events.json", document); err != nil {
		return nil, err
	}
	schemas := map[string]*jsonschema.Schema{}
	for name := range definitions {
		if schemas[name], err = compiler.Compile("events.json#/definitions/" + name); err != nil {
			return nil, err
		}
	}
	return schemas, nil
})

// CheckEvent returns what is wrong with a message on the topic of events: it must be
// what the contract says and have nothing that it does not list.
func CheckEvent(message string) error {
	schemas, err := events()
	if err != nil {
		return err
	}
	body, err := jsonschema.UnmarshalJSON(strings.NewReader(message))
	if err != nil {
		return err
	}
	object, _ := body.(map[string]any)
	name, _ := object["type"].(string)
	if schemas[name] == nil {
		return fmt.Errorf("no type of event in the contract: %s", message)
	}
	if err := schemas[name].Validate(body); err != nil {
		return fmt.Errorf("%s: %w", message, err)
	}
	return nil
}
