package sweep

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"carechat/shared/wide"
)

// Timed returns due, but a shard in which something is due leaves a line in the log with how long the first job of it has been: the
// metric of its kind, such as oldestLinkSeconds, by which late work is heard of. of returns a job's kind and since when it is due.
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
