// Package structure holds the repository to its own rules: who may import
// what, what each function may do in AWS, and that template.yaml, the
// contract, the Makefile and the code name the same things. It starts nothing.
package structure

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// root is the repository, seen from this folder.
const root = "../.."

// template is what these tests read of template.yaml. A short form such as
// !Ref is in its long form, {"Ref": …}.
type template struct {
	Parameters map[string]any
	Globals    struct {
		Function properties
	}
	Resources map[string]resource
	Outputs   map[string]any
}

type resource struct {
	Type                string
	DeletionPolicy      string
	UpdateReplacePolicy string
	Metadata            map[string]string
	Properties          json.RawMessage
}

// properties are a function's.
type properties struct {
	Timeout                       int
	AutoPublishAlias              string
	AutoPublishAliasAllProperties bool
	LoggingConfig                 struct{ LogGroup map[string]string }
	Environment                   struct{ Variables map[string]any }
	Policies                      []policy
	Events                        map[string]event
}

type policy struct{ Statement []statement }

type statement struct {
	Effect                        string
	Action, Resource, NotResource any
	Condition                     map[string]map[string]any
}

type event struct {
	Type       string
	Properties struct {
		Method, Path string
		ApiId        map[string]string
	}
}

func loadTemplate(t *testing.T) template {
	t.Helper()
	file, err := parser.ParseFile(filepath.Join(root, "template.yaml"), 0)
	if err != nil {
		t.Fatal(err)
	}
	var all template
	convert(t, plain(file.Docs[0].Body), &all)
	return all
}

// plain turns YAML into what JSON would hold.
func plain(node ast.Node) any {
	switch n := node.(type) {
	case *ast.TagNode:
		return map[string]any{longForm(n.Start.Value): plain(n.Value)}
	case *ast.MappingNode:
		all := map[string]any{}
		for _, pair := range n.Values {
			all[pair.Key.String()] = plain(pair.Value)
		}
		return unquoted(all)
	case *ast.MappingValueNode:
		return unquoted(map[string]any{n.Key.String(): plain(n.Value)})
	case *ast.SequenceNode:
		all := []any{}
		for _, each := range n.Values {
			all = append(all, plain(each))
		}
		return all
	case *ast.LiteralNode:
		return n.Value.Value
	case ast.ScalarNode:
		return n.GetValue()
	}
	return nil
}

// unquoted strips the quotes that a key was written in.
func unquoted(pairs map[string]any) map[string]any {
	all := map[string]any{}
	for key, value := range pairs {
		all[strings.Trim(key, `"'`)] = value
	}
	return all
}

func longForm(tag string) string {
	name := strings.TrimPrefix(tag, "!")
	if name == "Ref" {
		return name
	}
	return "Fn::" + name
}

func convert(t *testing.T, from, to any) {
	t.Helper()
	body, err := json.Marshal(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, to); err != nil {
		t.Fatal(err)
	}
}

// functions are the template's, by their folder's name.
func (all template) functions(t *testing.T) map[string]properties {
	t.Helper()
	found := map[string]properties{}
	for name, r := range all.Resources {
		if r.Type == "AWS::Serverless::Function" {
			var p properties
			convert(t, r.Properties, &p)
			found[folder(strings.TrimSuffix(name, "Function"))] = p
		}
	}
	return found
}

// folder says that MarkRead is mark-read.
func folder(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && 'A' <= r && r <= 'Z' {
			b.WriteByte('-')
		}
		b.WriteString(strings.ToLower(string(r)))
	}
	return b.String()
}

// logical says that mark-read is MarkRead.
func logical(folder string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(folder, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// folders are the functions that stand in functions/.
func folders(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, "functions/*/main.go"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no functions found (%v)", err)
	}
	var names []string
	for _, path := range found {
		names = append(names, filepath.Base(filepath.Dir(path)))
	}
	slices.Sort(names)
	return names
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return body
}
