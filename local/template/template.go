// Package template reads template.yaml, which describes the stack on AWS. It
// returns the resources as they are written, and resolved as far as a machine
// without CloudFormation can.
package template

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Template is a template as it is written. Intrinsic functions are in their long
// form: {"Ref": "Table"}, {"Fn::Sub": "…"}.
type Template struct {
	path     string
	sections map[string]any
}

// Read reads the template at path.
func Read(path string) (*Template, error) {
	file, err := parser.ParseFile(path, 0)
	if err == nil && len(file.Docs) == 0 {
		err = errors.New("is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	sections, err := plain(file.Docs[0].Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	all, _ := sections.(map[string]any)
	return &Template{path, all}, nil
}

// Decode stores the sections that v has fields for in v, as encoding/json does.
func (t *Template) Decode(v any) error { return convert(t.sections, v) }

// convert decodes one JSON-like value as another.
func convert(from, to any) error {
	body, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, to)
}

// plain turns YAML into what encoding/json would have decoded.
func plain(node ast.Node) (any, error) {
	switch n := node.(type) {
	case *ast.TagNode:
		value, err := plain(n.Value)
		return map[string]any{longForm(n.Start.Value): value}, err
	case *ast.MappingNode:
		return object(n.Values)
	case *ast.MappingValueNode:
		return object([]*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		all := []any{}
		for _, each := range n.Values {
			value, err := plain(each)
			if err != nil {
				return nil, err
			}
			all = append(all, value)
		}
		return all, nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.AnchorNode, *ast.AliasNode:
		break // CloudFormation has neither
	case ast.ScalarNode:
		return n.GetValue(), nil
	case nil:
		return nil, nil
	}
	return nil, fmt.Errorf("line %d: %T is not supported", node.GetToken().Position.Line, node)
}

func object(pairs []*ast.MappingValueNode) (any, error) {
	all := map[string]any{}
	for _, pair := range pairs {
		value, err := plain(pair.Value)
		if err != nil {
			return nil, err
		}
		all[pair.Key.GetToken().Value] = value
	}
	return all, nil
}

func longForm(tag string) string {
	if tag == "!Ref" || tag == "!Condition" {
		return tag[1:]
	}
	return "Fn::" + tag[1:]
}
