// Package invariants checks what must be true of all rows of a table together, whatever
// was done to it and in whatever order.
package invariants

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Violation is a rule that a row breaks. Why has ids, numbers and times, and nothing that a
// person wrote.
type Violation struct {
	Rule string
	Row  Key
	Why  string
}

func (v Violation) String() string {
	return fmt.Sprintf("%s: %s, %s: %s", v.Rule, v.Row.PK, v.Row.SK, v.Why)
}

// checker has the rows of one partition of the table by what they belong to, and those
// elsewhere that they name.
type checker struct {
	rows    []Row
	known   map[Key]Row   // of the partition and elsewhere
	finders map[Key][]Row // the rows that a row finds
	shown   map[string]map[Key]Item
	keptUp  time.Time // Table's
	found   []Violation

	member       *member       // in the partition of a member
	thread       *thread       // in that of a thread's messages
	organization *organization // in that of an organization
}

func newChecker(pk string, items []Item, keptUp time.Time) *checker {
	c := &checker{keptUp: keptUp, known: map[Key]Row{}, finders: map[Key][]Row{}, shown: map[string]map[Key]Item{}}
	for _, item := range items {
		r, err := Decode(item)
		if err != nil {
			c.report("every row is of a known kind", r.Stands.Table, "%v", err)
			continue
		}
		c.rows = append(c.rows, r)
		c.know(r)
	}
	m := memberOf(pk)
	switch {
	case isThread(pk):
		c.thread = newThread(pk, c.rows)
	case m.Member != "":
		c.member = newMember(c.rows)
	case m.Organization != "":
		c.organization = newOrganization(pk, c.rows)
	}
	return c
}

// know adds a row to those that are known.
func (c *checker) know(r Row) {
	c.known[r.Stands.Table] = r
	for _, k := range r.Finders {
		c.finders[k] = append(c.finders[k], r)
	}
}

// valueAt returns what a known row says, and whether there is one of this kind.
func valueAt[T any](c *checker, k Key) (v T, ok bool) {
	v, ok = c.known[k].Value.(T)
	return v, ok
}

// check returns what is wrong in the partition, in order.
func (c *checker) check() []Violation {
	for _, r := range c.rows {
		c.checkPlaces(r)
		c.checkFinders(r)
		c.checkFound(r)
	}
	switch {
	case c.thread != nil:
		c.checkThreadOf(c.thread)
	case c.member != nil:
		c.checkMember(c.member)
	case c.organization != nil:
		c.checkOrganization(c.organization)
	}
	c.checkKeptUp()
	slices.SortFunc(c.found, func(a, b Violation) int { return strings.Compare(a.String(), b.String()) })
	return c.found
}

func (c *checker) report(rule string, at Key, why string, args ...any) {
	c.found = append(c.found, Violation{rule, at, fmt.Sprintf(why, args...)})
}

// want reports a violation unless ok.
func (c *checker) want(ok bool, rule string, at Key, why string, args ...any) {
	if !ok {
		c.report(rule, at, why, args...)
	}
}
