package main

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// sizes are how many members one organization has.
var sizes = []float64{1e3, 1e4, 1e5, 1e6, 1e7}

// The busiest hour has a fifth of a working day, of which a month has 22.
const busiest = 0.2 / 22 / 3600 // of a month's operations, in a second

// How many members a care manager looks after, and how many care managers a department has.
const (
	perCareManager = 200.0
	perDepartment  = 20.0
)

// The limits: AWS's quotas for a new account, and the template's parameters.
const (
	partitionReads  = 3000  // read units a second, of DynamoDB
	partitionWrites = 1000  // write units a second
	tableWrites     = 4000  // write units a second of a new table
	concurrency     = 1000  // functions at a time; an account begins with 10
	apiRate         = 100   // ApiRate: calls a second of one route
	textRate        = 20    // texts a second
	memberTopics    = 50000 // MaxMemberTopics
	shards          = 8     // of a lane of what is due
	provisioning    = 50    // ProvisioningRate: PUTs a second of one route
	perEvent        = 0.015 // seconds that publish takes for an event
	perNotice       = 0.12  // seconds that notify takes for a member
	eventsPerMember = 12.0  // in a month
	withEmail       = 0.5   // of the members
)

// limit is something that more members use up.
type limit struct {
	what string
	full float64
	load func(w work, members float64) float64
	more string // what to do once it is reached
}

// work is what one member causes in the busiest hour, in a second.
type work struct {
	calls, staffCalls, polls float64 // of the API, of care managers, of the route called most
	writes, owned, due       float64 // write units: in all, in an owner's lists, in a lane of what is due
	notices                  float64
}

var limits = []limit{
	{"calls of the busiest route", apiRate, func(w work, m float64) float64 { return w.polls * m }, "raise `ApiRate`, up to the account's 10,000 a second"},
	{"functions at a time", concurrency, func(w work, m float64) float64 { return w.calls * m * milliseconds / 1000 }, "ask for more"},
	{"write units of a new table", tableWrites, func(w work, m float64) float64 { return w.writes * m }, "DynamoDB doubles it by itself within half an hour"},
	{"read units of the organization's partition, where its staff are", partitionReads, func(w work, m float64) float64 { return 2 * w.staffCalls * m }, "DynamoDB splits a hot partition by its rows; then each care manager has a limit alone"},
	{"write units of a department's lists", partitionWrites, func(w work, m float64) float64 { return w.owned * min(m, perCareManager*perDepartment) }, ""},
	{"the same, if a single department owned everything", partitionWrites, func(w work, m float64) float64 { return w.owned * m }, "let care managers own enrollments"},
	{"write units of a shard of what is due", partitionWrites, func(w work, m float64) float64 { return w.due * m / shards }, "more shards, below"},
	{"members notified in a second", shards / perNotice, func(w work, m float64) float64 { return w.notices * m }, "more shards, below"},
	{"texts in a second", textRate, func(w work, m float64) float64 { return w.notices * m * textsPerMember / 4 }, "ask for a higher rate, and a number that has it"},
	{"events in a second, by one shard of the stream", 1 / perEvent, func(_ work, m float64) float64 { return eventsPerMember * busiest * m }, "the stream has a shard for each of the table's partitions"},
	{"topics of members with emails", memberTopics, func(_ work, m float64) float64 { return withEmail * m }, "raise `MaxMemberTopics`, to 100,000; then SES"},
}

// workOf returns what a member causes, by the units in docs/table.md.
func workOf(document string) (w work, err error) {
	for _, o := range operations {
		row, err := rowOf(document, o.row)
		if err != nil {
			return w, err
		}
		_, writes := unitsIn(row...)
		_, owned := unitsIn(row[4]) // of the index WORK
		_, due := unitsIn(row[5])   // of the index DUE
		rate := o.perMember * busiest
		w.writes += rate * writes
		w.owned += rate * owned
		w.due += rate * due
		if o.called {
			w.calls += rate
			w.polls = max(w.polls, rate)
		}
		if o.called && strings.Contains(o.row, "care manager") || o.row == "close a request" {
			w.staffCalls += rate
		}
		if strings.HasPrefix(o.row, "notify") {
			w.notices += rate
		}
	}
	return w, nil
}

// scale returns the table of how full each limit is in the busiest hour, and the table of how long things take.
func scale(document string) (string, error) {
	w, err := workOf(document)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("| limit | of |" + heads() + " then |\n|---|---|" + strings.Repeat("---|", len(sizes)+1) + "\n")
	first := make([]float64, len(sizes))
	for n, members := range sizes {
		for _, l := range limits {
			first[n] = max(first[n], l.load(w, members)/l.full)
		}
	}
	for _, l := range limits {
		fmt.Fprintf(&b, "| %s | %.0f |", l.what, l.full)
		for n, members := range sizes {
			b.WriteString(" " + percent(l.load(w, members)/l.full, first[n]) + " |")
		}
		fmt.Fprintf(&b, " %s |\n", l.more)
	}
	b.WriteString("\n| how long |" + heads() + "\n|---|" + strings.Repeat("---|", len(sizes)) + "\n")
	for _, each := range []struct {
		what    string
		seconds func(members float64) float64
	}{
		{"putting every member and enrollment, side by side", func(m float64) float64 { return m / provisioning }},
		{"sending what came due on a day without SNS", func(m float64) float64 { return m * textsPerMember / 22 / textRate }},
		{"publishing the events of a day without the stream's reader, by one shard", func(m float64) float64 { return m * eventsPerMember / 22 * perEvent }},
	} {
		b.WriteString("| " + each.what + " |")
		for _, members := range sizes {
			b.WriteString(" " + duration(each.seconds(members)) + " |")
		}
		b.WriteString("\n")
	}
	return b.String(), nil
}

func heads() (cells string) {
	for _, members := range sizes {
		cells += fmt.Sprintf(" %s |", thousands(members))
	}
	return cells
}

func thousands(n float64) string {
	text := fmt.Sprintf("%.0f", n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// percent says how full something is, in bold if nothing is fuller.
func percent(part, most float64) string {
	text := fmt.Sprintf("%.0f%%", math.Ceil(part*100))
	if part == most {
		return "**" + text + "**"
	}
	return text
}

func duration(seconds float64) string {
	switch d := time.Duration(seconds * float64(time.Second)); {
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", math.Ceil(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%.0f min", math.Ceil(d.Minutes()))
	default:
		return fmt.Sprintf("%.0f h", math.Ceil(d.Hours()))
	}
}
