package table

import (
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
