package chat

import (
	"testing"
	"testing/synctest"
	"time"

	"carechat/shared/problem"
)

// T5: what stays contended is given up after 3 s, however long each try takes:
// whoever called is asked to come back before a function's time is up.
func TestRetryOnConflictGivesUpInTime(t *testing.T) {
	for name, takes := range map[string]time.Duration{"at once": 0, "slowly": 500 * time.Millisecond, "very slowly": 4 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			begun := time.Now()
			err := RetryOnConflict(t.Context(), func() error {
				<-time.After(takes)
				return ErrConflict
			})
			if took := time.Since(begun); !problem.Is(err, problem.Unavailable) || took > patience+takes+320*time.Millisecond {
				t.Errorf("%s: after %v: %v", name, took, err)
			}
		})
	}
}
