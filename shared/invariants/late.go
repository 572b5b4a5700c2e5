package invariants

import (
	"slices"
	"strings"
	"time"

	"carechat/shared/chat"
)

// awaited is what may turn late, an open request or a waiting thread, with its mark.
type awaited struct {
	since, lateAt time.Time
	department    string
	watched       bool // upkeep is still to look at it for the first time
	mark          chat.LateMark
	marked        bool // the mark is about it
}

// checkTask checks that upkeep looks at an open request when it is due, and that a late one
// is in its department's list (T13).
func (c *checker) checkTask(r chat.Request, at Key) {
	mark, _ := valueAt[chat.LateMark](c, inMember(r.Key(), "LATE#TASK#"+r.Program.ID))
	c.checkAwaited(awaited{r.DueAt, r.DueAt, r.Department, !r.CheckAt.IsZero(), mark, mark.RequestID == r.ID}, at)
}

// checkWait checks the same of a thread that waits.
func (c *checker) checkWait(t *thread) {
	if is := *t.thread; !is.WaitingSince.IsZero() {
		mark, _ := valueAt[chat.LateMark](c, inMember(is.Key(), "LATE#THREAD#"+is.ID))
		c.checkAwaited(awaited{is.WaitingSince, is.LateAt, is.Department, t.watched, mark, mark.ThreadID == is.ID}, t.at)
	}
}

func (c *checker) checkAwaited(a awaited, at Key) {
	c.want(a.watched || a.marked, "what may turn late is looked at (T13)", at, "nobody looks")
	if late := !a.lateAt.IsZero() && a.lateAt.Before(c.keptUp); late {
		listed := a.marked && a.mark.Listed && a.mark.Department == a.department && a.mark.Since.Equal(a.since)
		c.want(listed, "what is late is in its department's list (T13)", at, "its mark is of %s, since %v, listed: %v", a.mark.Department, clock(a.mark.Since), a.mark.Listed)
	}
}

// checkKeptUp checks that nothing is due for upkeep by the time at which it had done all
// that was, and that each coverage still to end then is on both rows (T11).
func (c *checker) checkKeptUp() {
	if c.keptUp.IsZero() {
		return
	}
	for _, r := range c.rows {
		due := r.Must.Due
		c.want(!strings.HasPrefix(due.PK, "UPKEEP") || due.SK > spelled(c.keptUp), "upkeep does what is due (T12)", r.Stands.Table, "at %s", due.SK)
	}
	if c.organization != nil {
		for _, m := range c.organization.staff {
			c.checkCoverages(c.organization, m)
		}
	}
}

func (c *checker) checkCoverages(o *organization, m chat.CareManagerRow) {
	const rule = "a coverage is on both care managers' rows (T11)"
	for _, v := range m.Covers {
		same := func(by chat.Coverage) bool { return by.By.ID == m.ID && by.From.Equal(v.From) && by.To.Equal(v.To) }
		c.want(!v.To.After(c.keptUp) || slices.ContainsFunc(o.staff[v.Of.ID].CoveredBy, same), rule, o.at, "%s covers %s alone", m.ID, v.Of.ID)
	}
	for _, by := range m.CoveredBy {
		same := func(v chat.Cover) bool { return v.Of.ID == m.ID && by.From.Equal(v.From) && by.To.Equal(v.To) }
		c.want(!by.To.After(c.keptUp) || slices.ContainsFunc(o.staff[by.By.ID].Covers, same), rule, o.at, "%s is covered by %s alone", m.ID, by.By.ID)
	}
}
