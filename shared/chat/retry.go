package chat

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"carechat/shared/problem"
)

// ErrConflict is returned by a save if a row that it builds on has moved since it
// was read: decide again (T5).
var ErrConflict = errors.New("a row moved since it was read")

// IgnoreConflict returns nil for ErrConflict, for those who leave a row to whoever
// moved it. Any other err it returns as it is.
func IgnoreConflict(err error) error {
	if errors.Is(err, ErrConflict) {
		return nil
	}
	return err
}

// A contended write is tried at most tries times, and not once patience has
// passed: the tries themselves take time, and the caller waits (T5).
const (
	tries    = 12
	patience = 3 * time.Second
)

// Backoff waits a random time below 10 ms times 2^try, at most 320 ms (full
// jitter, T5). It returns ctx's error if ctx ends first.
func Backoff(ctx context.Context, try int) error {
	wait := rand.N(10 * time.Millisecond << min(try, 5))
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// RetryOnConflict calls try until it returns anything but ErrConflict, and returns
// that. If the rows keep moving it returns problem.Unavailable (T5).
func RetryOnConflict(ctx context.Context, try func() error) error {
	begun := time.Now()
	for n := 1; ; n++ {
		err := try()
		if !errors.Is(err, ErrConflict) {
			return err
		}
		if n == tries || time.Since(begun) > patience {
			return &problem.Problem{Code: problem.Unavailable, RetryAfter: time.Second}
		}
		if err := Backoff(ctx, n); err != nil {
			return err
		}
	}
}

// Clock returns the time as rows and answers have it: UTC, in milliseconds.
func Clock() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
