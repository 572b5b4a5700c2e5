// Package sweep does what is due. A schedule runs it every minute: it finds the jobs of
// each shard and tries them all. Any job may be done again, and one that is done is no
// longer due.
package sweep

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"sync"
	"time"

	"carechat/shared/wide"
)

// Sweep finds the jobs that are due and has them done.
type Sweep[J any] struct {
	Name   string // of the function, in its log
	Shards []string
	Due    func(ctx context.Context, now time.Time, shard string) iter.Seq2[J, error]
	// Do does a job and returns what the log says of it: never a name or a text.
	Do  func(ctx context.Context, j J) (about []any, err error)
	Now func() time.Time
	Log *slog.Logger
}

// margin is left of the function's time so that a job that has begun can end, although
// a call may hang.
const margin = 15 * time.Second

// OutOfTime reports whether too little is left of the function's time to begin a job.
func (s *Sweep[J]) OutOfTime(ctx context.Context) bool {
	ends, ok := ctx.Deadline()
	return ok && time.Until(ends) < margin
}

// All does the jobs that are due by now, the shards side by side. A shard that fails
// does not hold up the others; jobs that there is no time for stay due for the next
// sweep. It returns what needs a person.
func (s *Sweep[J]) All(ctx context.Context) error {
	var wait sync.WaitGroup
	failed := make([]error, len(s.Shards))
	for i, shard := range s.Shards {
		wait.Go(func() { failed[i] = s.shard(ctx, shard) })
	}
	wait.Wait()
	return NeedsAPerson(errors.Join(failed...))
}

func (s *Sweep[J]) shard(ctx context.Context, shard string) (failed error) {
	for j, err := range s.Due(ctx, s.Now(), shard) {
		switch {
		case err != nil:
			s.Log.Error(s.Name, "trigger", "schedule", "cause", err.Error())
			return errors.Join(failed, err)
		case s.OutOfTime(ctx):
			s.Log.Warn(s.Name, "trigger", "schedule", "cause", "out of time")
			return failed
		}
		failed = errors.Join(failed, s.Try(ctx, "schedule", j))
	}
	return failed
}

// Try does one job and logs what it was about.
func (s *Sweep[J]) Try(ctx context.Context, trigger string, j J) error {
	about, err := s.Do(ctx, j)
	about = append(append([]any{"trigger", trigger}, wide.IDs(ctx)...), about...)
	switch {
	case err == nil:
		s.Log.Info(s.Name, about...)
	case NeedsAPerson(err) == nil:
		s.Log.Warn(s.Name, append(about, "cause", err.Error())...)
	default:
		s.Log.Error(s.Name, append(about, "cause", err.Error())...)
	}
	return err
}
