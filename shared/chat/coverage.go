package chat

import (
	"slices"
	"time"
)

// Coverage is a period in which another care manager covers the one whose row it
// stands on, its end excluded. It starts and ends by the clock alone (T11).
type Coverage struct {
	ID       string
	By       Ref
	From, To time.Time
}

// exists reports whether the coverage is not zero.
func (v Coverage) exists() bool { return !v.To.IsZero() }

// until returns the coverage, ending no later than end.
func (v Coverage) until(end time.Time) Coverage {
	if v.To.After(end) {
		v.To = end
	}
	return v
}

// Overlaps reports whether both have a moment in common.
func (v Coverage) Overlaps(other Coverage) bool {
	return v.From.Before(other.To) && other.From.Before(v.To)
}

// MaySetCoverage reports whether the caller decides who covers a care manager: the
// platform, they themselves and colleagues of a shared department do (S7).
func (c Caller) MaySetCoverage(of CareManagerRow) bool {
	switch c.Kind {
	case Platform:
		return true
	case CareManager:
		shares := func(id string) bool { return slices.Contains(of.DepartmentIDs, id) }
		return c.ID == of.ID || slices.ContainsFunc(c.Departments, shares)
	}
	return false
}

// cover returns who covers the thread's care manager at a time. It returns nobody for the
// thread of a care manager who is not the owner, where no reply is expected, and nobody
// who is disabled.
func (n names) cover(t Thread, at time.Time) (v Coverage) {
	if !t.Owner.Is(Owner{Kind: OwnedByCareManager, ID: t.CareManager.ID}) {
		return v
	}
	covers := n.colleagues[t.CareManager.ID].CoveredBy
	if i := slices.IndexFunc(covers, func(v Coverage) bool { return !at.Before(v.From) && at.Before(v.To) }); i >= 0 && n.colleagues[covers[i].By.ID].Active {
		v = covers[i]
		v.By = n.careManager(v.By)
	}
	return v
}
