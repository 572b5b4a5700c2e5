// Package invariants checks what must be true of all rows of a table together, whatever
// was done to it and in whatever order.
package invariants

import (
	"fmt"
	"slices"
	"strings"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/table"
)

// Violation is a rule that a row breaks.
type Violation struct {
	Rule string
	Row  Key
	Why  string
}

func (v Violation) String() string {
	return fmt.Sprintf("%s: %s, %s: %s", v.Rule, v.Row.PK, v.Row.SK, v.Why)
}

// Verify returns what is wrong in a table, by key.
func Verify(s Snapshot) []Violation {
	c := newChecker(s)
	for _, r := range c.rows {
		c.checkPlaces(r)
		c.checkFinders(r)
	}
	for _, check := range []func(){c.checkThreads, c.checkMembers, c.checkOrganizations, c.checkFound, c.checkTopics} {
		check()
	}
	for index, shown := range s.Indexes {
		c.checkIndex(index, shown, s.Rows)
	}
	slices.SortFunc(c.found, func(a, b Violation) int { return strings.Compare(a.String(), b.String()) })
	return c.found
}

// checker has every row by what it belongs to.
type checker struct {
	rows          []Row
	byKey         map[Key]Row
	finders       map[Key][]Row // the rows that a row finds
	members       map[chat.MemberKey]*member
	threads       map[string]*thread
	organizations map[string]*organization
	found         []Violation
}

// member is everything in a member's partition.
type member struct {
	rows                []Row
	profile             *chat.Profile
	preferences         bool
	enrollments         map[string]chat.Enrollment // by program
	threads             map[string]int             // counted, by program
	threadIDs           map[string]bool
	unsentWhileDisabled map[string]bool         // threads whose notice was suppressed while the member was disabled
	requests            map[string]int          // counted, by id
	ended               map[string]chat.Request // by id
	open                map[string]int          // counted, by program
	sessions            int
	purged              map[string]bool // threads that are gone, their messages not yet (T14)
}

// erased reports whether nothing is left of the member, or should be.
func (m *member) erased() bool { return m.profile != nil && m.profile.Present() == nil }

// thread is a thread with its messages.
type thread struct {
	thread   *chat.Thread
	at       Key // of the thread, or of some message if the thread is missing
	messages []message
	sent     map[Key]int // the seq that a client's message got
}

type message struct {
	chat.Message
	row Row
}

// organization is an organization's configuration and staff.
type organization struct {
	at          Key // of its settings, or of some row without them
	settings    bool
	programs    map[string]chat.Program
	departments map[string]chat.Department
	staff       map[string]chat.CareManagerRow
}

func newChecker(s Snapshot) *checker {
	c := &checker{
		byKey: map[Key]Row{}, finders: map[Key][]Row{},
		members: map[chat.MemberKey]*member{}, threads: map[string]*thread{}, organizations: map[string]*organization{},
	}
	for _, item := range s.Rows {
		r, err := Decode(item)
		if err != nil {
			c.report("every row is of a known kind", r.Stands.Table, "%v", err)
			continue
		}
		c.rows, c.byKey[r.Stands.Table] = append(c.rows, r), r
		for _, k := range r.Finders {
			c.finders[k] = append(c.finders[k], r)
		}
		c.file(r)
	}
	return c
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

// file adds a row to what it belongs to.
func (c *checker) file(r Row) {
	switch {
	case r.Member.Member != "":
		c.memberOf(r.Member).add(r)
	case r.Member.Organization != "" && r.Thread == "":
		c.organizationOf(r.Member.Organization, r.Stands.Table).add(r)
	}
	if r.Thread != "" {
		c.threadOf(r.Thread, r.Stands.Table).add(r)
	}
}

func (c *checker) memberOf(k chat.MemberKey) *member {
	if c.members[k] == nil {
		c.members[k] = &member{
			enrollments: map[string]chat.Enrollment{}, threads: map[string]int{},
			threadIDs: map[string]bool{}, unsentWhileDisabled: map[string]bool{},
			requests: map[string]int{}, open: map[string]int{}, ended: map[string]chat.Request{},
			purged: map[string]bool{},
		}
	}
	return c.members[k]
}

func (m *member) add(r Row) {
	m.rows = append(m.rows, r)
	switch v := r.Value.(type) {
	case chat.Profile:
		m.profile = &v
	case chat.Preferences:
		m.preferences = true
	case chat.Enrollment:
		m.enrollments[v.Program.ID] = v
	case chat.Thread:
		m.threads[v.Program.ID]++
		m.threadIDs[v.ID] = true
	case chat.Notice:
		for _, id := range v.Threads {
			m.unsentWhileDisabled[id] = m.unsentWhileDisabled[id] || v.Rule == "disabled"
		}
	case chat.Request:
		m.requests[v.ID]++
		m.ended[v.ID] = v
	case table.OpenRequest:
		m.requests[v.ID]++
		m.open[v.Program.ID]++
	case auth.Session:
		m.sessions++
	case table.Purge:
		m.purged[inThread(r.Member, r.Stands.Table.SK[len("PURGE#"):])] = true
	}
}

func (c *checker) threadOf(partition string, at Key) *thread {
	if c.threads[partition] == nil {
		c.threads[partition] = &thread{at: at, sent: map[Key]int{}}
	}
	return c.threads[partition]
}

func (t *thread) add(r Row) {
	switch v := r.Value.(type) {
	case chat.Thread:
		t.thread, t.at = &v, r.Stands.Table
	case chat.Message:
		t.messages = append(t.messages, message{v, r})
	case table.Sent:
		t.sent[r.Stands.Table] = v.Seq
	}
}

func (c *checker) organizationOf(id string, at Key) *organization {
	if c.organizations[id] == nil {
		c.organizations[id] = &organization{
			at: at, programs: map[string]chat.Program{}, departments: map[string]chat.Department{},
			staff: map[string]chat.CareManagerRow{},
		}
	}
	return c.organizations[id]
}

func (o *organization) add(r Row) {
	switch v := r.Value.(type) {
	case chat.Organization:
		o.settings, o.at = true, r.Stands.Table
	case chat.Program:
		o.programs[v.ID] = v
	case chat.Department:
		o.departments[v.ID] = v
	case chat.CareManagerRow:
		o.staff[v.ID] = v
	}
}
