package directory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// maxCoverages is how many coverages, running and to come, a care manager can be
// covered by, and how many they can make.
const maxCoverages = 50

// CoverageRef names a coverage of a care manager, who may call themselves "me".
type CoverageRef struct{ CareManagerID, ID string }

// CoveragePut is a coverage as it is PUT.
type CoveragePut struct {
	CoverageRef
	CoverID  string
	From, To time.Time
	Invalid  problem.Fields // members that the body lacks, or that cannot be read
}

// Coverages lists who covers a care manager, running and to come, by their start.
func (s *Service) Coverages(ctx context.Context, c chat.Caller, careManagerID string) ([]chat.Coverage, error) {
	row, err := s.covered(ctx, c, careManagerID)
	return row.CoveredBy, err
}

// PutCoverage makes a coverage or replaces one. Its start may be past. Two
// coverages of one care manager never overlap.
func (s *Service) PutCoverage(ctx context.Context, c chat.Caller, p CoveragePut) (stored Stored[chat.Coverage], err error) {
	err = chat.RetryOnConflict(ctx, func() error {
		stored, err = s.tryPutCoverage(ctx, c, p)
		return err
	})
	return stored, err
}

// EndCoverage ends a coverage now, or takes back one to come.
func (s *Service) EndCoverage(ctx context.Context, c chat.Caller, ref CoverageRef) error {
	return chat.RetryOnConflict(ctx, func() error {
		row, err := s.covered(ctx, c, ref.CareManagerID)
		if err != nil {
			return err
		}
		ends, found := coverageOf(row, ref.ID)
		if !found {
			return problem.New(problem.NotFound)
		}
		row.CoveredBy = without(row.CoveredBy, ends)
		rows := []chat.CareManagerRow{row}
		if rows, err = s.uncover(ctx, rows, ends); err != nil {
			return err
		}
		mark, err := s.told(ctx, row, ref.ID)
		if err != nil {
			return err
		}
		return s.Store.SaveCoverage(ctx, nextOf(rows), mark.TakenBack(s.Now()))
	})
}

// covered reads a care manager without their ended coverages. To a caller who does
// not decide who covers them they do not exist.
func (s *Service) covered(ctx context.Context, c chat.Caller, id string) (chat.CareManagerRow, error) {
	if err := c.Only(chat.CareManager, chat.Platform); err != nil {
		return chat.CareManagerRow{}, err
	}
	if id == "me" && c.Kind == chat.CareManager {
		id = c.ID
	}
	if !chat.ValidID(id) {
		return chat.CareManagerRow{}, problem.New(problem.NotFound)
	}
	row, err := s.Store.CareManager(ctx, c.Organization, id)
	if err != nil || row == nil || !c.MaySetCoverage(*row) {
		return chat.CareManagerRow{}, problem.OrNotFound(err)
	}
	now := s.Now()
	row.CoveredBy = slices.DeleteFunc(row.CoveredBy, func(v chat.Coverage) bool { return !now.Before(v.To) })
	return *row, nil
}

func (s *Service) tryPutCoverage(ctx context.Context, c chat.Caller, p CoveragePut) (stored Stored[chat.Coverage], err error) {
	row, err := s.covered(ctx, c, p.CareManagerID)
	if err != nil {
		return stored, err
	}
	if !chat.ValidID(p.ID) {
		return stored, problem.New(problem.NotFound)
	}
	if err := p.check(row, s.Now()); err != nil {
		return stored, err
	}
	cover, err := s.coverer(ctx, c.Organization, p.CoverID)
	if err != nil {
		return stored, err
	}
	was, found := coverageOf(row, p.ID)
	next := chat.Coverage{ID: p.ID, By: chat.Ref{ID: cover.ID, Name: cover.Name}, From: p.From, To: p.To}
	stored = Stored[chat.Coverage]{Entry: next, Created: !found}
	if found && was.By.ID == next.By.ID && was.From.Equal(next.From) && was.To.Equal(next.To) {
		return stored, nil
	}
	rows, err := s.recover(ctx, row, cover, was, next)
	if err != nil {
		return stored, err
	}
	mark, err := s.told(ctx, row, p.ID)
	if err != nil {
		return stored, err
	}
	return stored, s.Store.SaveCoverage(ctx, nextOf(rows), mark.Replaced(next, s.Now()))
}

// told returns the mark of a coverage that is about to change, once everything is told that
// happened before now: upkeep, which comes later, finds only what follows (T11).
func (s *Service) told(ctx context.Context, row chat.CareManagerRow, id string) (chat.CoverageMark, error) {
	of := chat.CoverageMark{Organization: row.Organization, Covered: row.ID, ID: id}
	return chat.TellCoverage(ctx, s.Store, of, s.Now().Add(-time.Millisecond))
}

// check refuses a coverage by oneself, one without length, and one that is over.
func (p CoveragePut) check(row chat.CareManagerRow, now time.Time) error {
	f := checks{slices.Clone(p.Invalid)}
	if chat.CheckID(&f.Fields, "/coverId", p.CoverID); p.CoverID == row.ID {
		f.Add("/coverId", "self", "must be somebody else")
	}
	switch {
	case p.Invalid != nil:
	case p.From.IsZero(): // which some clients send for none
		f.Add("/from", "out-of-range", "must be later than the year 1")
	case !p.From.Before(p.To):
		f.Add("/to", "out-of-range", "must be after from")
	case !now.Before(p.To):
		f.Add("/to", "out-of-range", "must be in the future")
	}
	return f.Err()
}

// coverer reads who is to cover. A care manager who is disabled covers nobody.
func (s *Service) coverer(ctx context.Context, organization, id string) (chat.CareManagerRow, error) {
	row, err := s.Store.CareManager(ctx, organization, id)
	switch {
	case err != nil:
		return chat.CareManagerRow{}, err
	case row == nil:
		return chat.CareManagerRow{}, problem.WithField("/coverId", "unknown", "does not exist")
	case !row.Active:
		return chat.CareManagerRow{}, problem.WithField("/coverId", "inactive", "is not active")
	}
	return *row, nil
}

// recover returns the rows that a coverage changes: the covered one's, that of who
// covers and, if it was somebody else before, theirs.
func (s *Service) recover(ctx context.Context, row, cover chat.CareManagerRow, was, next chat.Coverage) ([]chat.CareManagerRow, error) {
	row.CoveredBy = without(row.CoveredBy, was)
	if slices.ContainsFunc(row.CoveredBy, next.Overlaps) {
		return nil, problem.New(problem.CoverageOverlaps)
	}
	row.CoveredBy = append(row.CoveredBy, next)
	slices.SortFunc(row.CoveredBy, func(a, b chat.Coverage) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.ID, b.ID)) })
	rows := []chat.CareManagerRow{row}
	if was.By.ID != cover.ID && was.ID != "" {
		var err error
		if rows, err = s.uncover(ctx, rows, was); err != nil {
			return nil, err
		}
	}
	cover.Covers = append(uncovered(cover, row.ID, was, s.Now()), chat.Cover{Of: chat.Ref{ID: row.ID, Name: row.Name}, From: next.From, To: next.To})
	if len(cover.Covers) > maxCoverages || len(row.CoveredBy) > maxCoverages {
		return nil, problem.WithField("/coverId", "too-many", "there are too many coverages running and to come")
	}
	return append(rows, cover), nil
}

// uncover adds the row of who made a coverage that ends, without it. The covered
// one's is the first.
func (s *Service) uncover(ctx context.Context, rows []chat.CareManagerRow, ends chat.Coverage) ([]chat.CareManagerRow, error) {
	cover, err := s.Store.CareManager(ctx, rows[0].Organization, ends.By.ID)
	if err != nil || cover == nil {
		return rows, err
	}
	cover.Covers = uncovered(*cover, rows[0].ID, ends, s.Now())
	return append(rows, *cover), nil
}

// uncovered returns whom a care manager covers, without what has ended and without
// one coverage, which the covered care manager and its start identify.
func uncovered(cover chat.CareManagerRow, coveredID string, ends chat.Coverage, now time.Time) []chat.Cover {
	return slices.DeleteFunc(slices.Clone(cover.Covers), func(v chat.Cover) bool {
		return !now.Before(v.To) || v.Of.ID == coveredID && v.From.Equal(ends.From)
	})
}

func coverageOf(row chat.CareManagerRow, id string) (chat.Coverage, bool) {
	i := slices.IndexFunc(row.CoveredBy, func(v chat.Coverage) bool { return v.ID == id })
	if i < 0 {
		return chat.Coverage{}, false
	}
	return row.CoveredBy[i], true
}

func without(all []chat.Coverage, one chat.Coverage) []chat.Coverage {
	return slices.DeleteFunc(slices.Clone(all), func(v chat.Coverage) bool { return v.ID == one.ID })
}

// nextOf returns the rows at their next versions.
func nextOf(rows []chat.CareManagerRow) []chat.CareManagerRow {
	for i := range rows {
		rows[i].Version++
	}
	return rows
}
