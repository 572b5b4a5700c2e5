package invariants

import (
	"reflect"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/notice"
	"carechat/shared/table"
)

// checkMember checks the rows of a member's partition against each other.
func (c *checker) checkMember(m *member) {
	if m.erased() {
		c.checkErased(m)
		return
	}
	for _, r := range m.rows {
		c.want(m.profile != nil, "a member's row has its member", r.Stands.Table, "there is no profile")
		switch v := r.Value.(type) {
		case chat.Profile:
			c.want(m.preferences, "a member has preferences", r.Stands.Table, "there are none")
			c.want(m.sessions <= auth.MaxSessions, "a member has few sessions (S1)", r.Stands.Table, "%d", m.sessions)
		case chat.Enrollment:
			c.checkEnrollment(m, v, r.Stands.Table)
		case table.OpenRequest:
			c.checkOpen(m, v, r.Stands.Table)
		case chat.Request:
			c.checkEnded(m, v, r.Stands.Table)
		case chat.EndedRequest:
			c.checkShown(m, v, r.Stands.Table)
		case chat.Thread:
			c.checkThread(m, v, r.Stands.Table)
		case chat.Preferences:
			c.want(areChannels(v.Channels), "preferences name known channels", r.Stands.Table, "%q", v.Channels)
		case chat.Mailbox:
			c.checkMailbox(m, v, r.Stands.Table)
		case chat.Notice:
			c.checkNotice(m, v, r.Stands.Table)
		case notice.State:
			c.checkNoticeState(v, r.Stands.Table)
		case chat.KeyRecord:
			c.want(m.requests[v.RequestID] > 0, "a key's record has its request (A2)", r.Stands.Table, "%s does not exist", v.RequestID)
		case auth.Session:
			c.want(m.profile == nil || m.profile.Active, "a disabled member has no session (S1)", r.Stands.Table, "there is one")
		}
	}
}

// checkErased checks that of a member who was erased there is nothing but that (T14). While
// upkeep deletes, anything may be left.
func (c *checker) checkErased(m *member) {
	const rule = "nothing is left of an erased member (T14)"
	p := *m.profile
	said := chat.Profile{
		Organization: p.Organization, ID: p.ID, Epoch: p.Epoch, LogIns: p.LogIns, Version: p.Version, ErasedAt: p.ErasedAt, EraseAt: p.EraseAt,
	}
	for _, r := range m.rows {
		_, isProfile := r.Value.(chat.Profile)
		c.want(isProfile || !p.EraseAt.IsZero(), rule, r.Stands.Table, "this row is")
		c.want(!isProfile || reflect.DeepEqual(p, said), rule, r.Stands.Table, "the profile says more than that")
	}
}

func (c *checker) checkEnrollment(m *member, e chat.Enrollment, at Key) {
	id := e.Program.ID
	c.want(e.State == chat.EnrollmentActive || e.State == chat.EnrollmentClosed, "an enrollment has a state", at, "it is %q", e.State)
	c.want(e.Threads == m.threads[id], "an enrollment counts its threads (T4)", at, "%d, there are %d", e.Threads, m.threads[id])
	c.want(e.Threads <= chat.MaxThreads, "an enrollment has few threads (T9)", at, "%d", e.Threads)
	c.want(m.open[id] <= 1, "an enrollment has at most one open request (G4)", at, "there are %d", m.open[id])
	c.want(e.Version > 0, "an enrollment has a version", at, "%d", e.Version)
	_, ok := valueAt[chat.Program](c, programOf(e))
	c.want(ok, "an enrollment's program exists", at, "%s does not", id)
	_, ok = c.known[ownerOf(e)]
	c.want(ok, "an enrollment has exactly one owner, who exists", at, "%s %q does not", e.Owner.Kind, e.Owner.ID)
	c.want(c.isSeen(e), "nothing is in nobody's list (G10)", at, "%q is disabled, and nobody hands it over", e.Owner.ID)
	_, ok = valueAt[chat.Department](c, departmentOf(e))
	c.want(ok, "an enrollment's department exists", at, "%q does not", e.Department)
}

// isSeen reports whether somebody has in their list what an enrollment's owner has: a
// disabled care manager's is in their departments' until it is handed over. What a
// department without anybody has is in the platform's.
func (c *checker) isSeen(e chat.Enrollment) bool {
	m, _ := valueAt[chat.CareManagerRow](c, ownerOf(e))
	return e.Owner.Kind == chat.OwnedByDepartment || m.Active || !m.HandOverAt.IsZero()
}

// follows checks that a row has the owner of its enrollment (T10), and returns the
// enrollment.
func (c *checker) follows(m *member, program string, h chat.Ownership, at Key) (chat.Enrollment, bool) {
	e, ok := m.enrollments[program]
	c.want(ok, "a request or thread has its enrollment", at, "there is none in %q", program)
	c.want(!ok || e.Ownership == h, "a request or thread has its enrollment's owner (G10)", at, "%s, not %s", owner(h), owner(e.Ownership))
	return e, ok
}

// owner says whose something is without their name.
func owner(h chat.Ownership) string {
	return string(h.Owner.Kind) + " " + h.Owner.ID + " in " + h.Department
}

func (c *checker) checkOpen(m *member, r table.OpenRequest, at Key) {
	e, ok := c.follows(m, r.Program.ID, r.Ownership, at)
	c.want(!ok || e.State == chat.EnrollmentActive, "a closed enrollment has no open request (T9)", at, "the enrollment is %s", e.State)
	c.want(r.State == chat.Open, "an open request's row says open", at, "it is %s", r.State)
	c.want(m.requests[r.ID] == 1, "a request is in one place (T9)", at, "%s is in %d", r.ID, m.requests[r.ID])
	c.checkHistory(r.Request, at)
	c.checkTask(r.Request, at)
}

func (c *checker) checkEnded(m *member, r chat.Request, at Key) {
	_, ok := m.enrollments[r.Program.ID]
	c.want(ok, "a request or thread has its enrollment", at, "there is none in %q", r.Program.ID)
	c.want(r.State == chat.Closed || r.State == chat.Cancelled, "an ended request's row says closed or cancelled", at, "it is %s", r.State)
	c.want((r.Outcome != "") == (r.State == chat.Closed), "a closed request has an outcome (G5)", at, "%s, %q", r.State, r.Outcome)
	c.checkHistory(r, at)
}

func (c *checker) checkShown(m *member, r chat.EndedRequest, at Key) {
	want, ok := m.ended[r.ID]
	c.want(ok, "a request that is shown as ended has ended (G5)", at, "%s has not", r.ID)
	got := r
	got.ExpiresAt = want.Ended().ExpiresAt
	c.want(!ok || reflect.DeepEqual(got, want.Ended()), "a request is shown as it ended (G5)", at, "%s in version %d, it is %s in version %d",
		got.State, got.Version, want.State, want.Version)
}

// ends lists the actions that end a request, with its state afterwards.
var ends = map[chat.Action]chat.RequestState{chat.WasClosed: chat.Closed, chat.WasCancelled: chat.Cancelled}

// checkHistory checks that a request has a line for each version, from submitted on,
// except for hand-overs that are too many to store, and that only the last line ends it.
func (c *checker) checkHistory(r chat.Request, at Key) {
	const rule = "a request's history leads to its state (G4)"
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
		c.checkNotified(m, t, e, at)
	}
}
