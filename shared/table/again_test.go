package table

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/wide"
)

// T5: each call that has to be repeated is counted.
func TestEachRetryIsCounted(t *testing.T) {
	ctx, counted := wide.Counting(t.Context())
	tries := 0
	err := again(ctx, func() error {
		if tries++; tries <= 2 {
			return errUnprocessed
		}
		return nil
	})
	want := []wide.Metric{{Name: "retries", Unit: "Count", Value: 2}}
	if diff := cmp.Diff(want, counted()); diff != "" || err != nil {
		t.Errorf("%v, %s", err, diff)
	}
}

// A call whose caller went away is not made again: a screen's reading for a session that has ended is no retry.
func TestACallThatIsStoppedIsNoRetry(t *testing.T) {
	ctx, counted := wide.Counting(t.Context())
	ctx, stop := context.WithCancel(ctx)
	err := again(ctx, func() error {
		stop()
		return ctx.Err()
	})
	if got := counted(); len(got) > 0 || err == nil {
		t.Errorf("%v, %v", got, err)
	}
}
