package main

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed mutants.txt
var listed string

// mutant is a small wrong change, and the tests that must notice it.
type mutant struct {
	name  string // what goes wrong
	rule  string // that it breaks
	file  string
	was   string // stands exactly once in the file
	is    string
	where string // the package of the tests
	tests []string
}

// pattern selects the mutant's tests alone.
func (m mutant) pattern() string { return "^(" + strings.Join(m.tests, "|") + ")$" }

// apply makes the change in the file's text.
func (m mutant) apply(source string) (string, error) {
	if n := strings.Count(source, m.was); n != 1 {
		return "", fmt.Errorf("%s: what it changes stands %d times in %s", m.name, n, m.file)
	}
	return strings.Replace(source, m.was, m.is, 1), nil
}

// parse reads the list. A mutant is a paragraph: "= name", "rule …", "file …",
// "by <package> <tests>", then the text that goes, each line after a "-", and
// the text that comes, each line after a "+".
func parse(text string) ([]mutant, error) {
	var all []mutant
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		m, err := one(paragraph)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

func one(paragraph string) (mutant, error) {
	var m mutant
	var was, is []string
	for line := range strings.SplitSeq(paragraph, "\n") {
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case strings.HasPrefix(line, "-"):
			was = append(was, line[1:])
		case strings.HasPrefix(line, "+"):
			is = append(is, line[1:])
		case word == "=":
			m.name = rest
		case word == "rule":
			m.rule = rest
		case word == "file":
			m.file = rest
		case word == "by":
			words := strings.Fields(rest)
			m.where, m.tests = words[0], words[1:]
		default:
			return m, fmt.Errorf("%s: no line of a mutant: %q", m.name, line)
		}
	}
	m.was, m.is = strings.Join(was, "\n"), strings.Join(is, "\n")
	if m.name == "" || m.rule == "" || m.file == "" || m.was == "" || len(m.tests) == 0 {
		return m, fmt.Errorf("a mutant lacks something: %q", paragraph)
	}
	return m, nil
}
