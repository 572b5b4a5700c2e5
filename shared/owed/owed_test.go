package owed

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var now = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

var policy = Policy{FirstWait: time.Minute, MaxWait: 5 * time.Minute, MaxAttempts: 4, MaxLost: 2}

// Every state of work, and everything that can happen to it.
func TestWork(t *testing.T) {
	later := func(d time.Duration) time.Time { return now.Add(d) }
	type outcome struct {
		Owed, Due, Exhausted bool
		Claim, Retry         Work
	}
	for name, c := range map[string]struct {
		from Work
		want outcome
	}{
		"nothing": {Work{}, outcome{false, false, false, Work{later(Lease), 1, 1}, Work{later(time.Minute), 0, 0}}},
		"due":     {At(now), outcome{true, true, false, Work{later(Lease), 1, 1}, Work{later(time.Minute), 0, 0}}},
		"due long ago": {
			At(later(-24 * time.Hour)), outcome{true, true, false, Work{later(Lease), 1, 1}, Work{later(time.Minute), 0, 0}},
		},
		"due soon": {
			At(later(time.Millisecond)), outcome{true, false, false, Work{later(Lease), 1, 1}, Work{later(time.Minute), 0, 0}},
		},
		"claimed": {
			Work{later(time.Second), 1, 1}, outcome{true, false, false, Work{later(Lease), 2, 2}, Work{later(time.Minute), 1, 0}},
		},
		"lost once": {
			Work{now, 1, 1}, outcome{true, true, false, Work{later(Lease), 2, 2}, Work{later(time.Minute), 1, 0}},
		},
		"lost twice": {
			Work{now, 2, 2}, outcome{true, true, true, Work{later(Lease), 3, 3}, Work{later(2 * time.Minute), 2, 0}},
		},
		"failed twice": {
			Work{now, 2, 0}, outcome{true, true, false, Work{later(Lease), 3, 1}, Work{later(2 * time.Minute), 2, 0}},
		},
		"failed three times": {
			Work{now, 3, 0}, outcome{true, true, false, Work{later(Lease), 4, 1}, Work{later(4 * time.Minute), 3, 0}},
		},
		"failed as often as it may": {
			Work{now, 4, 0}, outcome{true, true, true, Work{later(Lease), 5, 1}, Work{later(5 * time.Minute), 4, 0}},
		},
	} {
		got := outcome{c.from.Owed(), c.from.Due(now), c.from.Exhausted(policy), c.from.Claim(now), c.from.Retry(now, policy)}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if done := c.from.Done(); done != (Work{}) {
			t.Errorf("%s, done: %+v", name, done)
		}
	}
}

func TestAPolicyMayHaveNoLimits(t *testing.T) {
	endless := Policy{FirstWait: time.Minute, MaxWait: time.Hour}
	w := Work{now, math.MaxInt32, math.MaxInt32}
	if w.Exhausted(endless) || !w.Retry(now, endless).DueAt.Equal(now.Add(time.Hour)) {
		t.Errorf("%v, %+v", w.Exhausted(endless), w.Retry(now, endless))
	}
}

// However a run ends, its work is tried again or done or given up, and never more
// often than the policy allows.
func TestWorkEnds(t *testing.T) {
	for name, c := range map[string]struct {
		end      func(claimed Work, at time.Time) Work // what the run saves at the end
		attempts int
	}{
		"it is done":          {func(w Work, _ time.Time) Work { return w.Done() }, 1},
		"it fails each time":  {func(w Work, at time.Time) Work { return w.Retry(at, policy) }, policy.MaxAttempts},
		"it crashes, always":  {func(w Work, _ time.Time) Work { return w }, policy.MaxLost},
		"it crashes, at odds": {func(w Work, at time.Time) Work { return alternate(w, at) }, policy.MaxAttempts},
	} {
		w, attempts := At(now), 0
		for at := now; at.Before(now.Add(24 * time.Hour)); at = at.Add(time.Second) {
			switch {
			case !w.Due(at):
			case w.Exhausted(policy):
				w = w.Done()
			default:
				attempts++
				w = c.end(w.Claim(at), at)
			}
		}
		if attempts != c.attempts || w.Owed() {
			t.Errorf("%s: %d attempts, want %d; then %+v", name, attempts, c.attempts, w)
		}
	}
}

// alternate loses every other attempt.
func alternate(claimed Work, at time.Time) Work {
	if claimed.Attempts%2 == 0 {
		return claimed.Retry(at, policy)
	}
	return claimed
}
