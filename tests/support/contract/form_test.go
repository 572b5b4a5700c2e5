package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"carechat/shared/problem"
	"carechat/tests/support/module"
)

// Every string and array says how long it may get.
func TestSchemasAreBounded(t *testing.T) {
	for name, schema := range Document().Components.Schemas {
		bounded(t, name, schema)
	}
}

func bounded(t *testing.T, name string, ref *openapi3.SchemaRef) {
	t.Helper()
	if ref.Ref != "" {
		return // looked at under its own name
	}
	schema := ref.Value
	if schema.Type.Is("string") && schema.MaxLength == nil && schema.Enum == nil {
		t.Errorf("%s: no maxLength", name)
	}
	if schema.Type.Is("array") && schema.MaxItems == nil {
		t.Errorf("%s: no maxItems", name)
	}
	for property, inner := range schema.Properties {
		bounded(t, name+"."+property, inner)
	}
	if schema.Items != nil {
		bounded(t, name+".items", schema.Items)
	}
}

// A refusal says in words and in x-codes which codes it has, and the list of
// codes has each of them and no other.
func TestRefusalsNameTheirCodes(t *testing.T) {
	listedCodes := listed(Document().Components.Schemas["Problem"].Value.Properties["code"].Value.Extensions["x-extensible-enum"])
	used := map[string]bool{}
	for name, response := range Document().Components.Responses {
		media := response.Value.Content["application/problem+json"]
		if media == nil {
			continue
		}
		example, _ := plain(media.Example).(map[string]any)
		if !slices.Contains(codes(response), fmt.Sprint(example["code"])) {
			t.Errorf("%s: the example has the code %v, want one of %v", name, example["code"], codes(response))
		}
		for _, code := range codes(response) {
			used[code] = true
			if !strings.Contains(*response.Value.Description, "`"+code+"`") {
				t.Errorf("%s: the description does not name %s", name, code)
			}
		}
	}
	for code := range used {
		if !slices.Contains(listedCodes, code) {
			t.Errorf("%s is not among the problem's codes", code)
		}
	}
	for _, code := range listedCodes {
		if _, known := problem.Meanings[problem.Code(code)]; !known || !used[code] {
			t.Errorf("no response has the code %s, or the service does not know it", code)
		}
	}
}

// YAML's anchors are not JSON's, and generators read them wrongly or not at all.
func TestTheContractHasNoAliases(t *testing.T) {
	for _, found := range lexer.Tokenize(string(bytes.TrimSpace(module.Read(t, "shared/api/openapi.yaml")))) {
		if found.Type == token.AnchorType || found.Type == token.AliasType || found.Type == token.MergeKeyType {
			t.Errorf("line %d: %s", found.Position.Line, found.Next.Value)
		}
	}
}

// newIn31 are the keywords of schemas that OpenAPI 3.0 does not know.
var newIn31 = []string{
	"$anchor", "$defs", "$dynamicAnchor", "$dynamicRef", "$id", "$schema", "const", "contains", "contentEncoding", "contentMediaType",
	"contentSchema", "dependentRequired", "dependentSchemas", "else", "if", "maxContains", "minContains", "patternProperties",
	"prefixItems", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
}

// Generators fail, or make types that nobody wants, on an enumeration without a
// type, on a reference with anything beside it, and on much that is new in OpenAPI 3.1,
// which the checks of this package leave out too.
func TestGeneratorsCanReadEverySchema(t *testing.T) {
	var document map[string]any
	if err := json.Unmarshal(bytes.TrimSpace(module.Read(t, "shared/api/openapi.json")), &document); err != nil {
		t.Fatal(err)
	}
	walk("", document, func(at string, node map[string]any) {
		if node["enum"] != nil && node["type"] == nil {
			t.Errorf("%s: an enum without a type", at)
		}
		for _, keyword := range newIn31 {
			if node[keyword] != nil && !strings.HasSuffix(at, "/properties") {
				t.Errorf("%s: %s is new in OpenAPI 3.1; for a const, say an enum of one", at, keyword)
			}
		}
		if node["nullable"] != nil && !strings.HasSuffix(at, "/properties") {
			t.Errorf("%s: nullable is OpenAPI 3.0's, and the checks of this package would take a null for it", at)
		}
		if _, ok := node["type"].([]any); ok {
			t.Errorf("%s: several types", at)
		}
		for _, bound := range []string{"exclusiveMinimum", "exclusiveMaximum"} {
			if _, ok := node[bound].(float64); ok {
				t.Errorf("%s: %s is a number", at, bound)
			}
		}
		if node["$ref"] != nil && len(node) > 1 {
			t.Errorf("%s: a $ref with siblings; say allOf", at)
		}
	})
}

// walk visits every object of the document but the examples.
func walk(at string, node any, visit func(string, map[string]any)) {
	switch node := node.(type) {
	case map[string]any:
		visit(at, node)
		for name, inner := range node {
			if name != "example" && name != "examples" {
				walk(at+"/"+name, inner, visit)
			}
		}
	case []any:
		for i, inner := range node {
			walk(fmt.Sprint(at, "/", i), inner, visit)
		}
	}
}

// taken are names that some language has already, in the kind of place where
// its generator puts a schema's type.
var taken = []string{
	"Any", "Array", "Character", "Data", "Date", "Dictionary", "Enum", "Error", "Event", "File", "Function", "Integer", "Iterator", "List",
	"Locale", "Map", "Module", "Never", "Nothing", "Number", "Object", "Optional", "Package", "Process", "Promise", "Range", "Record", "Response",
	"Result", "Set", "String", "Symbol", "Task", "Text", "Thread", "Time", "Type", "Unit", "Void",
}

// A generator puts the types of schemas, parameters, headers and responses
// beside each other, and some file systems know no case.
func TestComponentsHaveNamesOfTheirOwn(t *testing.T) {
	var document struct{ Components map[string]map[string]any }
	if err := json.Unmarshal(bytes.TrimSpace(module.Read(t, "shared/api/openapi.json")), &document); err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for kind, all := range document.Components {
		if kind == "examples" || kind == "securitySchemes" {
			continue
		}
		for name := range all {
			if other := seen[strings.ToLower(name)]; other != "" {
				t.Errorf("%s is one of the %s and of the %s", name, kind, other)
			}
			seen[strings.ToLower(name)] = kind
			if slices.Contains(taken, name) {
				t.Errorf("%s: a name that a language has already", name)
			}
		}
	}
}
