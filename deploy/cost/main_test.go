package main

import (
	"math"
	"regexp"
	"strconv"
	"testing"

	"carechat/tests/support/module"
)

const (
	costPage  = "docs/cost.md"
	scalePage = "docs/scale.md"
)

// The page may be a dollar off before it must be written again.
func TestThePageSaysWhatAMonthCosts(t *testing.T) {
	alarms, err := countAlarms(module.Path("template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	table, err := month(string(module.Read(t, "docs/table.md")), alarms)
	if err != nil {
		t.Fatal(err)
	}
	if was, is := total(t, string(module.Read(t, costPage))), total(t, table); math.Abs(was-is) > 1 {
		t.Errorf("%s says %.2f dollars, and it is %.2f: make cost", costPage, was, is)
	}
}

var together = regexp.MustCompile(`\*\*together\*\* \| \| \*\*([\d.]+)\*\*`)

func total(t *testing.T, table string) float64 {
	t.Helper()
	found := together.FindStringSubmatch(table)
	if found == nil {
		t.Fatalf("no total in %q", table)
	}
	dollars, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return dollars
}

var digits = regexp.MustCompile(`\d[\d,]*`)

// The page's numbers may be a little off; its limits, and which is the fullest, may
// not.
func TestThePageSaysWhatGetsFull(t *testing.T) {
	table, err := scale(string(module.Read(t, "docs/table.md")))
	if err != nil {
		t.Fatal(err)
	}
	page := string(module.Read(t, scalePage))
	if digits.ReplaceAllString(module.WithSection(t, page, "scale", table), "0") != digits.ReplaceAllString(page, "0") {
		t.Errorf("%s is out of date: make cost", scalePage)
	}
}
