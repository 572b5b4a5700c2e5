package structure

import (
	"carechat/tests/support/module"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// book is the page that says what every rule is.
const book = "docs/rules.md"

var (
	cited     = regexp.MustCompile(`\b[ATSNG][1-9][0-9]?\b`)
	elsewhere = regexp.MustCompile(`design( section|\.md)`)
	keepers   = regexp.MustCompile("Kept by (.*?)\\. Proven by .*`(?:Test|Fuzz)")
	quoted    = regexp.MustCompile("`([^`]+)`")
)

// ruleSections are the sections of the book by their rule's id.
func ruleSections(t *testing.T) map[string]string {
	t.Helper()
	sections := map[string]string{}
	for _, each := range strings.Split("\n"+string(module.Read(t, book)), "\n### ")[1:] {
		id, text, _ := strings.Cut(each, " ")
		text, _, _ = strings.Cut(text, "\n## ")
		if sections[id] != "" {
			t.Errorf("%s: %s has two headings", book, id)
		}
		sections[id] = text
	}
	return sections
}

// TestEveryCitedRuleIsInTheBook also holds that the book has no rule which nothing cites.
func TestEveryCitedRuleIsInTheBook(t *testing.T) {
	rules, uses := ruleSections(t), map[string]int{}
	for path, text := range written(t) {
		if path == book {
			continue
		}
		for _, id := range cited.FindAllString(text, -1) {
			if uses[id]++; rules[id] == "" {
				t.Errorf("%s cites %s, which is not in %s", path, id, book)
			}
		}
		if elsewhere.MatchString(text) {
			t.Errorf("%s cites a document that is not in this repository", path)
		}
	}
	for id := range rules {
		if uses[id] == 0 {
			t.Errorf("%s: nothing cites %s", book, id)
		}
	}
}

// TestEveryRuleIsKeptAndProven holds that each rule names what keeps it, a path
// or another rule, and at least one test.
func TestEveryRuleIsKeptAndProven(t *testing.T) {
	rules := ruleSections(t)
	for id, text := range rules {
		kept := keepers.FindStringSubmatch(strings.Join(strings.Fields(text), " "))
		if kept == nil {
			t.Errorf("%s: %s does not end in \"Kept by …. Proven by …\"", book, id)
			continue
		}
		for _, path := range quoted.FindAllStringSubmatch(kept[1], -1) {
			if _, err := os.Stat(filepath.Join(root, path[1])); err != nil {
				t.Errorf("%s: %s is kept by %s, which is not there", book, id, path[1])
			}
		}
		for _, other := range cited.FindAllString(text, -1) {
			if rules[other] == "" {
				t.Errorf("%s: %s names %s, which is no rule", book, id, other)
			}
		}
	}
}

// written are the repository's files that people write, by path.
func written(t *testing.T) map[string]string {
	t.Helper()
	kinds := []string{".go", ".js", ".mjs", ".html", ".css", ".sh", ".md", ".txt", ".yaml"}
	all := map[string]string{}
	for _, path := range []string{"README.md", "Makefile", "template.yaml"} {
		all[path] = string(module.Read(t, path))
	}
	for _, below := range append([]string{"docs"}, code...) {
		for _, path := range paths(t, below) {
			if slices.Contains(kinds, filepath.Ext(path)) {
				all[path] = string(module.Read(t, path))
			}
		}
	}
	return all
}
