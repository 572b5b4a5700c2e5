package login

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Every state of a count and everything that happens to one.
func TestLimits(t *testing.T) {
	now := start
	later := now.Add(lockFor)
	type outcome struct{ failed, forgiven, cleared Limits }
	limits := func(n int, until time.Time) Limits { return Limits{Failures: n, LockedUntil: until, Version: 2} }
	none := time.Time{}
	for name, c := range map[string]struct {
		from Limits
		want outcome
	}{
		"new":         {Limits{Version: 1}, outcome{limits(1, none), limits(0, none), limits(0, none)}},
		"two":         {Limits{Failures: 2, Version: 1}, outcome{limits(3, none), limits(1, none), limits(0, none)}},
		"four":        {Limits{Failures: 4, Version: 1}, outcome{limits(5, later), limits(3, none), limits(0, none)}},
		"locked":      {Limits{Failures: 5, LockedUntil: later, Version: 1}, outcome{limits(6, later), limits(4, none), limits(0, none)}},
		"locked more": {Limits{Failures: 6, LockedUntil: later, Version: 1}, outcome{limits(7, later), limits(5, later), limits(0, none)}},
		"lock over":   {Limits{Failures: 5, LockedUntil: now, Version: 1}, outcome{limits(1, none), limits(4, none), limits(0, none)}},
	} {
		got := outcome{c.from.fail(now), c.from.forgive(), c.from.reset()}
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(outcome{})); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}
