// Package structure tests that the repository keeps its own rules: who may import
// what, what each function may do in AWS, that template.yaml, the contract, the
// Makefile and the code agree, and that the pages in docs/ name what exists. It
// starts nothing.
package structure

import (
	"path/filepath"
	"slices"
	"testing"

	"carechat/tests/support/module"
	"carechat/tests/support/template"
)

// root is the repository's folder.
var root = module.Root()

func load(t *testing.T) template.Template {
	t.Helper()
	return template.Load(t)
}

// folders returns the names of the functions in functions/.
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
