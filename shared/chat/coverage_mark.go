package chat

import (
	"context"
	"time"
)

// CoverageMark is how far the platform has been told of a coverage. A coverage starts and
// ends by the clock alone (T11); upkeep notes that here, and the table's stream passes it
// on (N8). A mark stays when its coverage has ended, so that its versions go on.
type CoverageMark struct {
	Organization string
	Covered      string // the care manager
	ID           string
	Told         Coverage // has started, and the platform was told; zero for none
	Next         Coverage // the platform is still to be told of; zero for none
	Version      int
}

// CoverageMarkStore keeps how far the platform has been told of coverages.
type CoverageMarkStore interface {
	// CoverageMark reads the mark of a care manager's coverage, at version 0 if there is none.
	CoverageMark(ctx context.Context, organization, covered, id string) (CoverageMark, error)
	// SaveCoverageMark saves the next version.
	SaveCoverageMark(ctx context.Context, m CoverageMark) error
}

// CheckAt returns when something is to be told next, zero for never.
func (m CoverageMark) CheckAt() time.Time {
	if m.Told.exists() {
		return m.Told.To
	}
	return m.Next.From
}

// Replaced returns the mark after a PUT of the coverage, once what happened before now is told. If
// the same care manager covers without a break, the coverage that the platform was told of goes on;
// else it has ended, and another is to start.
func (m CoverageMark) Replaced(by Coverage, now time.Time) CoverageMark {
	m.Version++
	goesOn := m.Told.By.ID == by.By.ID && !by.From.After(now) && !by.From.After(m.Told.To)
	if m.Told.exists() && goesOn {
		m.Told.To, m.Next = by.To, Coverage{}
		return m
	}
	m.Told, m.Next = m.Told.until(now), by
	return m
}

// TakenBack returns the mark after the coverage was ended, or taken back before it began, once what
// happened before now is told. Nothing is told of one that never ran.
func (m CoverageMark) TakenBack(now time.Time) CoverageMark {
	m.Version++
	m.Told, m.Next = m.Told.until(now), Coverage{}
	return m
}

// tell returns the mark with the next thing told that has happened by now, at its next
// version; false if nothing has.
func (m CoverageMark) tell(now time.Time) (CoverageMark, bool) {
	if at := m.CheckAt(); at.IsZero() || now.Before(at) {
		return m, false
	}
	m.Version++
	if m.Told.exists() {
		m.Told = Coverage{}
		return m, true
	}
	m.Told, m.Next = m.Next, Coverage{}
	return m, true
}

// CheckCoverage tells what has happened to a coverage by now.
func (s *UpkeepService) CheckCoverage(ctx context.Context, organization, covered, id string) error {
	return RetryOnConflict(ctx, func() error {
		_, err := TellCoverage(ctx, s.Store, CoverageMark{Organization: organization, Covered: covered, ID: id}, s.Now())
		return err
	})
}

// TellCoverage tells what has happened to a coverage by a time: each start and each end in a save of
// its own, even if both passed while upkeep was down. It returns the resulting mark.
func TellCoverage(ctx context.Context, store CoverageMarkStore, of CoverageMark, by time.Time) (CoverageMark, error) {
	m, err := store.CoverageMark(ctx, of.Organization, of.Covered, of.ID)
	for told := true; err == nil; {
		if m, told = m.tell(by); !told {
			break
		}
		err = store.SaveCoverageMark(ctx, m)
	}
	return m, err
}

// coverageEvent names a coverage that has started or ended.
func coverageEvent(was, is *CoverageMark, at time.Time) (Event, bool) {
	if was == nil {
		was = &CoverageMark{}
	}
	e := Event{
		Key: MemberKey{Organization: is.Organization}, Aggregate: "coverage/" + is.Covered + "/" + is.ID, Sequence: is.Version, At: at,
		CareManager: is.Covered, Coverage: is.ID,
	}
	v := is.Told
	switch {
	case !was.Told.exists() && v.exists():
		e.Type = CoverageStarted
	case was.Told.exists() && !v.exists():
		e.Type, v = CoverageEnded, was.Told
	}
	e.Cover, e.From, e.To = v.By.ID, v.From, v.To
	return e, e.Type != ""
}
