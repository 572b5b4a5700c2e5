package main

import (
	"cmp"
	"fmt"
	"strings"
)

// page is docs/mutants.md: what became of the listed and the drawn changes, and on
// which commits.
func page(day string, b *book, listed []mutant, drawn []change) string {
	var rows strings.Builder
	noticed := 0
	for _, m := range listed {
		if b.by(m.name) != "" {
			noticed++
		}
		rows.WriteString(row(m, b.by(m.name) != ""))
	}
	return fmt.Sprintf("# Mutants\n\nSmall wrong changes to the product's code. A test must notice each: "+
		"`make mutants` makes them one by one in a copy, runs tests, and writes this page. Written %s, of the commits `%s`.\n\n"+
		"## Made by hand\n\n[The list](../tests/mutants/mutants.txt) shows each change in full. **%d of %d are noticed**, by the tests named.\n\n"+
		"| what goes wrong | rule | in | noticed by | result |\n|---|---|---|---|---|\n%s\n%s",
		day, strings.Join(b.commits(), "`, `"), noticed, len(listed), rows.String(), drawnSection(b, drawn))
}

// drawnSection is the part of the page on the drawn changes.
func drawnSection(b *book, drawn []change) string {
	var noticed, not strings.Builder
	survivors, why := 0, harmless()
	for _, c := range drawn {
		if by := b.by(c.name); by != "" {
			fmt.Fprintf(&noticed, "| %s | %s |\n", cell(c.name), by)
			continue
		}
		survivors++
		fmt.Fprintf(&not, "| %s | %s |\n", cell(c.name), cell(cmp.Or(why[c.name], survived)))
	}
	return fmt.Sprintf("## Drawn\n\nOperators negate a condition, shift a bound by one or delete a statement, anywhere in `shared` and `functions`. "+
		"The seed %d draws %d of these changes. Every test that comes to one is run, the fastest first, until one fails. "+
		"**%d are noticed, %d are not.**\n\n| not noticed | why it does no harm |\n|---|---|\n%s\n| noticed | first by |\n|---|---|\n%s",
		seed, len(drawn), len(drawn)-survivors, survivors, not.String(), noticed.String())
}

// row is the line of a change made by hand.
func row(m mutant, noticed bool) string {
	result := caught
	if !noticed {
		result = survived
	}
	return fmt.Sprintf("| %s | %s | `%s` | `%s` of `%s` | %s |\n", m.name, m.rule, m.file,
		strings.Join(m.tests, "`, `"), strings.TrimPrefix(m.where, "./"), result)
}

// cell keeps a text in its cell of a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
