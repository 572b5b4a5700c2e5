package chat

import (
	"context"
	"errors"
	"slices"
	"time"
)

// handOverStep is how many enrollments upkeep hands over in one run.
const handOverStep = 100

// handOverGrace is how long after a care manager was disabled something may still
// become theirs, by a call that began before, or be missing in a list that trails.
const handOverGrace = 5 * time.Minute

// HandOver hands over what a disabled care manager owns, each enrollment to its own
// department, as many as one run may. When nothing has been left for long enough, their
// departments stop listing them (T11).
func (s *UpkeepService) HandOver(ctx context.Context, organization, careManagerID string) error {
	row, err := s.Store.CareManager(ctx, organization, careManagerID)
	if err != nil || row == nil || row.HandOverAt.IsZero() {
		return err
	}
	catalog, err := s.Store.Catalog(ctx, organization, true)
	if err != nil {
		return err
	}
	moved, err := s.handOverFrom(ctx, organization, Owner{Kind: OwnedByCareManager, ID: careManagerID}, func(e Enrollment) (Ownership, bool) {
		return catalog.Departments[e.Department].ownership(), true
	})
	if err != nil || moved > 0 || s.Now().Before(row.HandOverAt.Add(handOverGrace)) {
		return err
	}
	var departments []Department
	for _, id := range row.DepartmentIDs {
		if d := catalog.Departments[id]; slices.Contains(d.Disabled, row.ID) {
			departments = append(departments, d.Without(row.ID))
		}
	}
	return IgnoreConflict(s.Store.EndHandOver(ctx, *row, departments))
}

// FollowProgram hands over what a program's former departments still own in it to its
// present one, as many enrollments as one run may (T10).
func (s *UpkeepService) FollowProgram(ctx context.Context, organization, programID string) error {
	catalog, err := s.Store.Catalog(ctx, organization, true)
	program := catalog.Programs[programID]
	if err != nil || program.MovedAt.IsZero() {
		return err
	}
	to := catalog.Departments[program.DepartmentID].ownership()
	moved := 0
	for _, id := range program.MovedFrom {
		n, failed := s.handOverFrom(ctx, organization, Owner{Kind: OwnedByDepartment, ID: id}, func(e Enrollment) (Ownership, bool) {
			return to, e.Program.ID == programID
		})
		moved, err = moved+n, errors.Join(err, failed)
	}
	if err != nil || moved > 0 || s.Now().Before(program.MovedAt.Add(handOverGrace)) {
		return err
	}
	arrived := program
	arrived.MovedFrom = nil
	return IgnoreConflict(s.Store.EndMove(ctx, organization, program, arrived.AwaitIn(catalog.Departments)))
}

// handOverFrom hands over an owner's enrollments, each to the owner that to returns, and
// returns how many it handed over. It passes over those for which to returns false, and
// stops after handOverStep.
func (s *UpkeepService) handOverFrom(ctx context.Context, organization string, from Owner, to func(Enrollment) (Ownership, bool)) (moved int, failed error) {
	for after := ""; moved < handOverStep; {
		page, err := s.Store.Owned(ctx, organization, from, after, handOverStep)
		if err != nil || len(page) == 0 {
			return moved, errors.Join(failed, err)
		}
		for _, each := range page {
			after = each.Position
			if _, follows := to(each.Row); follows {
				moved, failed = moved+1, errors.Join(failed, s.handOver(ctx, each.Row, from, to))
			}
		}
	}
	return moved, failed
}

// handOver hands an enrollment over, unless it has another owner by now: the list may
// trail, and it does not say which department an enrollment belongs to.
func (s *UpkeepService) handOver(ctx context.Context, e Enrollment, from Owner, to func(Enrollment) (Ownership, bool)) error {
	return RetryOnConflict(ctx, func() error {
		chats, err := s.Store.MemberChats(ctx, e.Key())
		if err != nil {
			return err
		}
		was := chats.Enrolled(e.Program.ID)
		if !was.Enrollment.Owner.Is(from) {
			return nil
		}
		becomes := was.Enrollment
		becomes.Ownership, _ = to(becomes)
		plan, err := was.MoveTo(becomes, Platform, s.Now())
		if err != nil {
			return err
		}
		return s.Store.SaveEnrolled(ctx, plan)
	})
}
