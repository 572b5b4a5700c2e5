package main

import (
	"carechat/tests/support/module"
	"path/filepath"
	"strings"
	"testing"
)

func list(t *testing.T) []mutant {
	t.Helper()
	all, err := parse(listed)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The text that a mutant changes is in its file once, and the change differs from it.
func TestEveryMutantCanBeMade(t *testing.T) {
	names := map[string]bool{}
	for _, m := range list(t) {
		source := string(module.Read(t, m.file))
		if changed, err := m.apply(source); err != nil || changed == source {
			t.Errorf("%s: no change of %s (%v)", m.name, m.file, err)
		}
		if names[m.name] {
			t.Errorf("%s: is listed twice", m.name)
		}
		names[m.name] = true
	}
}

// The tests that must fail for a mutant exist.
func TestTheTestsNamedAreThere(t *testing.T) {
	sources := map[string]string{}
	for _, m := range list(t) {
		if sources[m.where] == "" {
			files, err := filepath.Glob(filepath.Join(module.Path(m.where), "*_test.go"))
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range files {
				relative, err := filepath.Rel(module.Root(), path)
				if err != nil {
					t.Fatal(err)
				}
				sources[m.where] += string(module.Read(t, relative))
			}
		}
		for _, name := range m.tests {
			if !strings.Contains(sources[m.where], "\nfunc "+name+"(t *testing.T) {") {
				t.Errorf("%s: %s has no %s", m.name, m.where, name)
			}
		}
	}
}

// docs/mutants.md is made from the list, and says that every mutant was caught.
func TestThePageIsTheLists(t *testing.T) {
	all := list(t)
	results := make([]string, len(all))
	for i := range results {
		results[i] = caught
	}
	if string(module.Read(t, "docs/mutants.md")) != document(all, results) {
		t.Error("docs/mutants.md is not what the list gives: run make mutants")
	}
}
