package sweep

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"carechat/shared/wide"
)

// Timed returns a function that does what due does and also logs, for a shard in which something is due, how long its first job has
// been due: a metric by the job's kind, such as oldestLinkSeconds, whose alarm says that work is late. of returns a job's kind and
// since when it is due.
func Timed[J any](
	due func(context.Context, time.Time, string) iter.Seq2[J, error], of func(J) (kind string, since time.Time), function string, log *slog.Logger,
) func(context.Context, time.Time, string) iter.Seq2[J, error] {
	return func(ctx context.Context, now time.Time, shard string) iter.Seq2[J, error] {
		return func(yield func(J, error) bool) {
			first := true
			for j, err := range due(ctx, now, shard) {
				if kind, since := of(j); first && err == nil && !since.IsZero() {
					first = false
					metric := wide.Metric{Name: wide.Name("oldest", kind, "seconds"), Unit: "Seconds", Value: now.Sub(since).Seconds()}
					log.Info("due", append(append([]any{"function", function}, wide.IDs(ctx)...), wide.Measured(now, metric)...)...)
				}
				if !yield(j, err) {
					return
				}
			}
		}
	}
}
