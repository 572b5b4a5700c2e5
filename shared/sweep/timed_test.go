package sweep

import (
	"bytes"
	"context"
	"iter"
	"log/slog"
	"strings"
	"testing"
	"time"
)

type job struct {
	kind  string
	since time.Time
}

// Each shard says once how long its oldest job has been due, and one without a job says nothing. All jobs are handed on.
func TestAShardSaysHowLateItIs(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	shards := map[string][]job{
		"late":  {{"link", now.Add(-5 * time.Minute)}, {"link", now.Add(-time.Minute)}},
		"empty": nil,
	}
	var lines bytes.Buffer
	due := Timed(func(_ context.Context, _ time.Time, shard string) iter.Seq2[job, error] {
		return func(yield func(job, error) bool) {
			for _, j := range shards[shard] {
				if !yield(j, nil) {
					return
				}
			}
		}
	}, func(j job) (string, time.Time) { return j.kind, j.since }, "notify", slog.New(slog.NewJSONHandler(&lines, nil)))
	taken := 0
	for shard := range shards {
		for range due(t.Context(), now, shard) {
			taken++
		}
	}
	if said := lines.String(); taken != 2 || strings.Count(said, "\n") != 1 || !strings.Contains(said, `"oldestLinkSeconds":300`) {
		t.Errorf("%d jobs, and %s", taken, said)
	}
}
