package invariants

import (
	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/notice"
	"carechat/shared/table"
)

// checkMembers holds what lies in a member's partition together.
func (c *checker) checkMembers() {
	for k, m := range c.members {
		for _, r := range m.rows {
			c.want(m.profile != nil, "whatever is a member's has its member", r.Stands.Table, "there is no profile")
			switch v := r.Value.(type) {
			case chat.Profile:
				c.want(m.preferences, "a member has preferences", r.Stands.Table, "there are none")
				c.want(m.sessions <= auth.MaxSessions, "few sessions (S1)", r.Stands.Table, "%d", m.sessions)
			case chat.Enrollment:
				c.checkEnrollment(k, m, v, r.Stands.Table)
			case table.OpenRequest:
				c.checkOpen(m, v, r.Stands.Table)
			case chat.Request:
				c.checkEnded(m, v, r.Stands.Table)
			case chat.Thread:
				c.checkThread(m, v, r.Stands.Table)
			case chat.Preferences:
				c.want(areChannels(v.Channels), "preferences are of channels that there are", r.Stands.Table, "%q", v.Channels)
			case chat.Mailbox:
				c.checkMailbox(m, v, r.Stands.Table)
			case chat.Notice:
				c.checkNotice(m, v, r.Stands.Table)
			case notice.State:
				c.checkNoticeState(v, r.Stands.Table)
			case chat.KeyRecord:
				c.want(m.requests[v.RequestID] > 0, "a key's record has its request (A2)", r.Stands.Table, "%s is nowhere", v.RequestID)
			case auth.Session:
				c.want(m.profile == nil || m.profile.Active, "who is disabled has no session (S1)", r.Stands.Table, "there is one")
			}
		}
	}
}

func (c *checker) checkEnrollment(k chat.MemberKey, m *member, e chat.Enrollment, at Key) {
	id := e.Program.ID
	c.want(e.State == chat.EnrollmentActive || e.State == chat.EnrollmentClosed, "an enrollment has a state", at, "it is %q", e.State)
	c.want(e.Threads == m.threads[id], "an enrollment counts its threads (T4)", at, "%d, there are %d", e.Threads, m.threads[id])
	c.want(e.Threads <= chat.MaxThreads, "few threads (T9)", at, "%d", e.Threads)
	c.want(m.open[id] <= 1, "one open request at most (G4)", at, "there are %d", m.open[id])
	c.want(e.Version > 0, "an enrollment has a version", at, "%d", e.Version)
	o := c.organizations[k.Organization]
	if o == nil {
		return // a part of a table
	}
	c.want(o.programs[id].ID != "", "an enrollment's program is there", at, "%s is not", id)
	c.want(o.has(e.Owner), "an enrollment has exactly one owner, who is there", at, "%s %q is not", e.Owner.Kind, e.Owner.ID)
	c.want(o.departments[e.Department].ID != "", "an enrollment's department is there", at, "%q is not", e.Department)
}

// has reports whether an owner is there.
func (o *organization) has(owner chat.Owner) bool {
	switch owner.Kind {
	case chat.OwnedByCareManager:
		return o.staff[owner.ID].ID != ""
	case chat.OwnedByDepartment:
		return o.departments[owner.ID].ID != ""
	}
	return false
}

// follows: a copy of an enrollment's owner is the enrollment's (T10).
func (c *checker) follows(m *member, program string, h chat.Ownership, at Key) (chat.Enrollment, bool) {
	e, ok := m.enrollments[program]
	c.want(ok, "whatever hangs on an enrollment has one", at, "there is none in %q", program)
	c.want(!ok || e.Ownership == h, "what hangs on an enrollment is its owner's (G10)", at, "%v, not %v", h, e.Ownership)
	return e, ok
}

func (c *checker) checkOpen(m *member, r table.OpenRequest, at Key) {
	e, ok := c.follows(m, r.Program.ID, r.Ownership, at)
	c.want(!ok || e.State == chat.EnrollmentActive, "no open request in a closed enrollment (T9)", at, "the enrollment is %s", e.State)
	c.want(r.State == chat.Open, "what is among the open requests is open", at, "it is %s", r.State)
	c.want(m.requests[r.ID] == 1, "a request is in one place (T9)", at, "%s is in %d", r.ID, m.requests[r.ID])
	c.checkHistory(r.Request, at)
}

func (c *checker) checkEnded(m *member, r chat.Request, at Key) {
	_, ok := m.enrollments[r.Program.ID]
	c.want(ok, "whatever hangs on an enrollment has one", at, "there is none in %q", r.Program.ID)
	c.want(r.State == chat.Closed || r.State == chat.Cancelled, "what is among the ended requests has ended", at, "it is %s", r.State)
	c.want((r.Outcome != "") == (r.State == chat.Closed), "what was closed has an outcome (G5)", at, "%s, %q", r.State, r.Outcome)
	c.checkHistory(r, at)
}

// ends are the states that an action leads to; any other leaves a request open.
var ends = map[chat.Action]chat.RequestState{chat.WasClosed: chat.Closed, chat.WasCancelled: chat.Cancelled}

// checkHistory: one line for each version, from submitted on, but for hand-overs
// that are too many to be kept; the last one alone ends it.
func (c *checker) checkHistory(r chat.Request, at Key) {
	const rule = "a request's history is its life (G4)"
	reason, assigned := chat.Ref{}, 0
	for i, e := range r.History {
		if e.Action == chat.Assigned {
			assigned++
		}
		c.want((e.Action == chat.Submitted) == (i == 0), rule, at, "line %d is %s", i, e.Action)
		if e.Reason != (chat.Ref{}) {
			reason = e.Reason
		}
		state := chat.Open
		if end, ok := ends[e.Action]; ok {
			state = end
		}
		if last := i == len(r.History)-1; last {
			c.want(state == r.State, rule, at, "%s, but the last line is %s", r.State, e.Action)
		} else {
			c.want(state == chat.Open, rule, at, "line %d is %s", i, e.Action)
		}
	}
	dropped := r.Version - len(r.History)
	c.want(dropped == 0 || dropped > 0 && assigned == chat.MaxAssigned, rule, at, "version %d, %d lines", r.Version, len(r.History))
	c.want(reason == r.Reason, rule, at, "its reason is %q, the history's %q", r.Reason.ID, reason.ID)
}

func (c *checker) checkThread(m *member, t chat.Thread, at Key) {
	e, ok := c.follows(m, t.Program.ID, t.Ownership, at)
	if ok {
		active := t.State == chat.ThreadActive
		c.want(active || t.State == chat.ThreadInactive, "a thread has a state", at, "it is %q", t.State)
		c.want(active == (e.State == chat.EnrollmentActive), "a thread is active as its enrollment is (T9)", at, "%s in an enrollment that is %s", t.State, e.State)
		c.checkOwed(m, t, e, at)
	}
}
