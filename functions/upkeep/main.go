// Command upkeep does the work that becomes due by the clock: it marks what turns late (T13)
// and which coverages start and end, hands over what disabled care managers own (T11),
// renames members (T10), finds departments with work but no active care manager (G10), and
// deletes what is left of erased members and of threads that are too old (T14). A schedule
// runs it every minute.
package main

import (
	"context"
	"log/slog"
	"os"
	_ "time/tzdata" // working time is in the organization's time zone, and a Lambda has no zones of its own

	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/chat"
	"carechat/shared/sweep"
	"carechat/shared/table"
	"carechat/shared/wide"
)

func main() {
	t := table.Open()
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	all := sweep.Sweep[table.Job]{
		Name: "upkeep", Shards: table.DueShards(table.UpkeepLanes...), Due: sweep.Timed(t.DueJobs, table.Job.Due, "upkeep", log),
		Do:  worker{&chat.UpkeepService{Store: t, Now: chat.Clock}}.do,
		Now: chat.Clock, Log: log,
	}
	lambda.Start(all.All)
}

// worker does jobs.
type worker struct{ chat *chat.UpkeepService }

// do does a job and returns what the log says of it. Each look at an unattended department
// counts as one (G10).
func (w worker) do(ctx context.Context, j table.Job) ([]any, error) {
	about := []any{"kind", j.Kind, "organization", j.Member.Organization, "memberId", j.Member.Member}
	if j.Kind == table.AttendanceJob {
		unattended, err := w.chat.CheckAttendance(ctx, j.Member.Organization, j.Department)
		if unattended {
			about = append(append(about, "departmentId", j.Department), wide.Measured(w.chat.Now(), wide.Count("unattended", 1))...)
		}
		return about, err
	}
	return about, w.keepUp(ctx, j)
}

func (w worker) keepUp(ctx context.Context, j table.Job) error {
	switch j.Kind {
	case table.TaskJob:
		return w.chat.CheckRequest(ctx, j.Member, j.Program)
	case table.ReplyJob:
		return w.chat.CheckReply(ctx, j.Member, j.Thread, j.Began)
	case table.PurgeJob:
		return w.chat.Purge(ctx, j.Member, j.Thread)
	case table.HandOverJob:
		if j.Program != "" {
			return w.chat.FollowProgram(ctx, j.Member.Organization, j.Program)
		}
		return w.chat.HandOver(ctx, j.Member.Organization, j.CareManager)
	case table.CoverageJob:
		return w.chat.CheckCoverage(ctx, j.Member.Organization, j.CareManager, j.Coverage)
	case table.ProfileJob:
		return w.chat.KeepProfile(ctx, j.Member)
	}
	return nil // it is notify's
}
