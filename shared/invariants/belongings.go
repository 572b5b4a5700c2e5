package invariants

import (
	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/table"
)

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
}

// erased reports whether nothing is left of the member, or should be.
func (m *member) erased() bool { return m.profile != nil && m.profile.Present() == nil }

// thread is a thread with its messages.
type thread struct {
	pk       string
	thread   *chat.Thread
	at       Key // of the thread, or of some message if the thread is missing
	messages []message
	sent     map[Key]int // the seq that a client's message got
	watched  bool        // upkeep looks at a message that began a wait
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

func newMember(rows []Row) *member {
	m := &member{
		enrollments: map[string]chat.Enrollment{}, threads: map[string]int{},
		threadIDs: map[string]bool{}, unsentWhileDisabled: map[string]bool{},
		requests: map[string]int{}, open: map[string]int{}, ended: map[string]chat.Request{},
	}
	for _, r := range rows {
		m.add(r)
	}
	return m
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
	}
}

// newThread returns what a partition of messages says. The thread itself is elsewhere.
func newThread(pk string, rows []Row) *thread {
	t := &thread{pk: pk, sent: map[Key]int{}}
	for _, r := range rows {
		t.at = r.Stands.Table
		t.add(r)
	}
	return t
}

func (t *thread) add(r Row) {
	switch v := r.Value.(type) {
	case chat.Message:
		t.messages = append(t.messages, message{v, r})
	case table.Sent:
		t.sent[r.Stands.Table] = v.Seq
		t.watched = t.watched || !v.CheckAt.IsZero()
	}
}

func newOrganization(pk string, rows []Row) *organization {
	o := &organization{
		at: Key{PK: pk}, programs: map[string]chat.Program{}, departments: map[string]chat.Department{},
		staff: map[string]chat.CareManagerRow{},
	}
	for _, r := range rows {
		o.add(r)
	}
	return o
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
