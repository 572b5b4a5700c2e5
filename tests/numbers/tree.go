package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// The parts of the tree, in the order of the table.
var parts = []string{"functions and shared, in Go", "the contract", "the pages", "the local machine", "tests in Go", "other tests"}

// partOf returns the part that a file belongs to, "" for none: documents, configuration, and what is generated or not ours.
func partOf(name string) string {
	extension := path.Ext(name)
	top, _, _ := strings.Cut(name, "/")
	switch {
	case strings.Contains(name, "/vendor/") || path.Base(name) == "package-lock.json" || extension == ".md":
		return ""
	case strings.HasSuffix(name, "_test.go") || top == "tests" && extension == ".go":
		return "tests in Go"
	case top == "tests":
		return "other tests"
	case top == "local":
		return "the local machine"
	case strings.HasPrefix(name, "functions/pages/") && slices.Contains([]string{".js", ".mjs", ".css", ".html", ".svg"}, extension):
		return "the pages"
	case name == "shared/api/openapi.yaml":
		return "the contract"
	case (top == "functions" || top == "shared") && extension == ".go":
		return "functions and shared, in Go"
	}
	return ""
}

type size struct{ files, lines int }

// tree is what is counted of a checkout.
type tree struct {
	sizes     map[string]size
	packages  map[string]bool // folders with Go code beside their tests
	functions []int           // lines of each function that is not in a _test.go file
}

func read(folder string) (*tree, error) {
	names, err := output(folder, "git", "ls-files", "-z")
	if err != nil {
		return nil, err
	}
	t := &tree{sizes: map[string]size{}, packages: map[string]bool{}}
	for _, name := range strings.Split(strings.TrimSuffix(names, "\x00"), "\x00") {
		part := partOf(name)
		if part == "" {
			continue
		}
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		s := t.sizes[part]
		t.sizes[part] = size{s.files + 1, s.lines + bytes.Count(content, []byte("\n"))}
		if path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") {
			t.packages[path.Dir(name)] = true
			if err := t.addFunctions(name, content); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

func (t *tree) addFunctions(name string, content []byte) error {
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, name, content, 0)
	if err != nil {
		return err
	}
	for _, d := range syntax.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
			t.functions = append(t.functions, files.Position(f.End()).Line-files.Position(f.Pos()).Line+1)
		}
	}
	return nil
}

func (t *tree) rows() []row {
	var rows []row
	for _, part := range parts {
		s := t.sizes[part]
		rows = append(rows, row{part, fmt.Sprintf("%d lines in %d files", s.lines, s.files)})
	}
	return append(rows,
		row{"packages", fmt.Sprint(len(t.packages))},
		row{"functions, lines in the median and at the 95th percentile", fmt.Sprintf("%d, %d, %d", len(t.functions), quantile(t.functions, 0.5), quantile(t.functions, 0.95))},
	)
}
