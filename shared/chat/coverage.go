package chat

import (
	"context"
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

// CoverageStore reads who is covered.
type CoverageStore interface {
	// Coverages reads the coverages of each care manager of the organization by whom
	// they cover, for display: from memory for a while (T7).
	Coverages(ctx context.Context, organization string) (map[string][]Coverage, error)
}

// showCovers fills in who covers the threads' care managers now. In the thread of a
// care manager who is not the owner nobody is awaited, and so none is shown.
func (s *ListService) showCovers(ctx context.Context, organization string, threads []ThreadView) error {
	owned := func(t ThreadView) bool {
		return t.Owner.Kind == OwnedByCareManager && t.Owner.ID == t.CareManager.ID
	}
	if !slices.ContainsFunc(threads, owned) {
		return nil
	}
	all, err := s.Store.Coverages(ctx, organization)
	if err != nil {
		return err
	}
	now := s.Now()
	running := func(v Coverage) bool { return !now.Before(v.From) && now.Before(v.To) }
	for i, t := range threads {
		covers := all[t.CareManager.ID]
		if at := slices.IndexFunc(covers, running); owned(t) && at >= 0 {
			threads[i].Cover = covers[at]
		}
	}
	return nil
}
