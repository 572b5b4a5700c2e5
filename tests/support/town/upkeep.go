package town

import (
	"context"

	"carechat/shared/table"
	"carechat/tests/support/usecases"
)

// Upkeep does what is due by now, as the schedule's run does, and returns how many
// jobs that were.
func (w *Town) Upkeep() int {
	w.T.Helper()
	n, err := Upkeep(w.T.Context(), w.Table, w.Chat)
	w.Must(nil, err)
	return n
}

// Upkeep does what is due in upkeep's lanes of a table, by the clock of these use
// cases. It returns how many jobs it did, and the first error.
func Upkeep(ctx context.Context, t *table.Table, all *usecases.All) (n int, err error) {
	for _, shard := range table.DueShards(table.UpkeepLanes...) {
		for j, err := range t.DueJobs(ctx, all.Now(), shard) {
			if err == nil {
				err = keepUp(ctx, all, j)
			}
			if err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

func keepUp(ctx context.Context, all *usecases.All, j table.Job) error {
	switch j.Kind {
	case table.TaskJob:
		return all.CheckRequest(ctx, j.Member, j.Program)
	case table.PurgeJob:
		return all.Purge(ctx, j.Member, j.Thread)
	case table.HandOverJob:
		if j.Program != "" {
			return all.FollowProgram(ctx, j.Member.Organization, j.Program)
		}
		return all.HandOver(ctx, j.Member.Organization, j.CareManager)
	case table.AttendanceJob:
		_, err := all.CheckAttendance(ctx, j.Member.Organization, j.Department)
		return err
	case table.CoverageJob:
		return all.CheckCoverage(ctx, j.Member.Organization, j.CareManager, j.Coverage)
	case table.ProfileJob:
		return all.KeepProfile(ctx, j.Member)
	}
	return all.CheckReply(ctx, j.Member, j.Thread, j.Began)
}
