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
	from := Owner{Kind: OwnedByCareManager, ID: careManagerID}
	left, err := s.Store.Owned(ctx, organization, from, handOverStep)
	for _, e := range left {
		err = errors.Join(err, s.toDepartment(ctx, catalog, e, from))
	}
	if err != nil || len(left) > 0 || s.Now().Before(row.HandOverAt.Add(handOverGrace)) {
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

// toDepartment hands an enrollment over to its department, unless it has another owner
// by now.
func (s *UpkeepService) toDepartment(ctx context.Context, catalog Catalog, e Enrollment, from Owner) error {
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
		becomes.Owner = catalog.Departments[becomes.Department].asOwner()
		plan, err := was.MoveTo(becomes, Platform, s.Now())
		if err != nil {
			return err
		}
		return s.Store.SaveEnrolled(ctx, plan)
	})
}
