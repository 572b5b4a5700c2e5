package main

import (
	"carechat/tests/support/module"
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
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

// docs/mutants.md has every mutant of the list, as many drawn ones, and no survivor
// without a reason.
func TestThePageHasEveryMutant(t *testing.T) {
	page, all := string(module.Read(t, "docs/mutants.md")), list(t)
	for _, m := range all {
		if !strings.Contains(page, row(m, true)) {
			t.Errorf("docs/mutants.md has no %q: run make mutants", m.name)
		}
	}
	if draws := fmt.Sprintf("The seed %d draws %d of these", seed, len(all)); !strings.Contains(page, draws) || strings.Contains(page, survived) {
		t.Errorf("docs/mutants.md does not say %q, or has a survivor without a reason: run make mutants", draws)
	}
}

// The seed draws the same changes again, of each kind, and each has a name of its own.
func TestTheSameChangesAreDrawnAgain(t *testing.T) {
	first, again := drawn(t), drawn(t)
	kinds, names := map[string]int{}, map[string]bool{}
	for i, each := range first {
		if each.name != again[i].name || names[each.name] {
			t.Errorf("%s, then %s", each.name, again[i].name)
		}
		names[each.name] = true
		for _, kind := range []string{"` negated", "` with `", "` deleted"} {
			if strings.Contains(each.name, kind) {
				kinds[kind]++
			}
		}
	}
	if len(kinds) != 3 || len(first) < 20*len(list(t)) {
		t.Errorf("%d changes are drawn, of the kinds %v", len(first), kinds)
	}
}

// All changes of a file can be compiled into it at once.
func TestChangesNest(t *testing.T) {
	changes, calls := map[string]map[int]change{}, regexp.MustCompile(`mutant\.(?:Kept|Not|Compare)\(\d`)
	for n, each := range drawn(t) {
		if changes[each.file] == nil {
			changes[each.file] = map[int]change{}
		}
		changes[each.file][n] = each
	}
	for file, all := range changes {
		text := compiledIn(string(module.Read(t, file)), all)
		if _, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution); err != nil || len(calls.FindAllString(text, -1)) != len(all) {
			t.Errorf("%s: %d changes, %v", file, len(all), err)
		}
	}
}

// A reason belongs to a change that can be drawn.
func TestReasonsAreOfChangesThatCanBeDrawn(t *testing.T) {
	all := drawn(t)
	for name, why := range harmless() {
		if why == "" || !slices.ContainsFunc(all, func(c change) bool { return c.name == name }) {
			t.Errorf("%q is drawn no more, or has no reason", name)
		}
	}
}

func drawn(t *testing.T) []change {
	t.Helper()
	all, err := draw(module.Root())
	if err != nil {
		t.Fatal(err)
	}
	return all
}
