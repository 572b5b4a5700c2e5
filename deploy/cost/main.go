// Command cost prints the tables of docs/cost.md and docs/scale.md:
//
//	cost month   what a month costs for 1,000 members
//	cost scale   how full each limit gets with more of them
//
// They follow from how often each operation happens, its units in docs/table.md, and AWS's prices and limits.
package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"carechat/local/template"
)

func main() {
	table, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(table)
}

func run(args []string) (string, error) {
	units, err := os.ReadFile("docs/table.md")
	if err != nil {
		return "", err
	}
	switch strings.Join(args, " ") {
	case "month":
		alarms, err := countAlarms("template.yaml")
		if err != nil {
			return "", err
		}
		return month(string(units), alarms)
	case "scale":
		return scale(string(units))
	default:
		return "", errors.New("usage: cost month|scale")
	}
}

func countAlarms(path string) (int, error) {
	source, err := template.Read(path)
	if err != nil {
		return 0, err
	}
	var stack struct {
		Resources map[string]struct{ Type string }
	}
	if err := source.Decode(&stack); err != nil {
		return 0, err
	}
	n := 0
	for _, r := range stack.Resources {
		if r.Type == "AWS::CloudWatch::Alarm" {
			n++
		}
	}
	return n, nil
}

var (
	readUnits  = regexp.MustCompile(`([\d.]+) RCU`)
	writeUnits = regexp.MustCompile(`([\d.]+) WCU`)
)

// rowOf returns the cells of an operation's row in docs/table.md.
func rowOf(document, operation string) ([]string, error) {
	for line := range strings.Lines(document) {
		if strings.HasPrefix(line, "| "+operation+" |") {
			return strings.Split(line, "|"), nil
		}
	}
	return nil, fmt.Errorf("docs/table.md has no row %q", operation)
}

// unitsIn returns the read and the write units in cells of the table.
func unitsIn(cells ...string) (reads, writes float64) {
	text := strings.Join(cells, " ")
	return sum(readUnits, text), sum(writeUnits, text)
}

func sum(units *regexp.Regexp, line string) float64 {
	total := 0.0
	for _, n := range units.FindAllStringSubmatch(line, -1) {
		value, _ := strconv.ParseFloat(n[1], 64)
		total += value
	}
	return total
}

// month returns the table of a month.
func month(document string, alarms int) (string, error) {
	session, err := rowOf(document, "authenticate, by session")
	if err != nil {
		return "", err
	}
	perSession, _ := unitsIn(session...)
	var calls, reads, writes float64
	for _, o := range operations {
		row, err := rowOf(document, o.row)
		if err != nil {
			return "", err
		}
		n := o.perMember * members
		if o.called {
			calls += n
			reads += n * perSession
		}
		r, w := unitsIn(row...)
		reads, writes = reads+n*r, writes+n*w
	}
	texts := textsPerMember * members
	lines := []struct {
		what, how string
		dollars   float64
	}{
		{"texts", fmt.Sprintf("%.0f", texts), texts * perText},
		{"API Gateway", fmt.Sprintf("%.0f calls", calls), calls * perCall},
		{"Lambda", fmt.Sprintf("%.0f calls of %d ms, a sweep each minute", calls, milliseconds), lambda(calls + minutes)},
		{"DynamoDB", fmt.Sprintf("%.0f read and %.0f write units", reads, writes), reads*perRead + writes*perWrite},
		{"logs", fmt.Sprintf("%.2f GB", logged(calls+minutes)), logged(calls+minutes) * perLogged},
		{"alarms, whatever the members do", strconv.Itoa(alarms), float64(alarms) * perAlarm},
	}
	var b strings.Builder
	b.WriteString("| what | how much | US dollars |\n|---|---|---|\n")
	total := 0.0
	for _, l := range lines {
		total += l.dollars
		fmt.Fprintf(&b, "| %s | %s | %.2f |\n", l.what, l.how, l.dollars)
	}
	fmt.Fprintf(&b, "| **together** | | **%.2f** |\n", total)
	return b.String(), nil
}

func lambda(calls float64) float64 {
	return calls*perRequest + calls*milliseconds/1000*gigabytes*perGBSecond
}

func logged(calls float64) float64 { return calls * bytesPerCall / 1e9 }
