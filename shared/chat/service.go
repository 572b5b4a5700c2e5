package chat

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"carechat/shared/problem"
)

// ErrConflict says that a row was not as it was read: decide again (T5).
var ErrConflict = errors.New("a row moved since it was read")

// IgnoreConflict leaves a row that moved to whoever moved it: they are doing what is
// to be done, or it is to be done anew.
func IgnoreConflict(err error) error {
	if errors.Is(err, ErrConflict) {
		return nil
	}
	return err
}

// Store is everything that the use cases ask of a table. Reads are strongly
// consistent unless they say otherwise. A save either happens whole or not at
// all, and returns ErrConflict when a row that it builds on has moved.
type Store interface {
	CatalogStore
	RequestStore
	ThreadStore
	MemberChatsStore
	WorkStore
	ProfileStore
	CareManagerStore
	EnrolledStore
	PreferenceStore
	NoticeStore
}

// Service holds the use cases. Time and ids are passed in.
type Service struct {
	Store Store
	Now   func() time.Time
	// NewID makes an id that sorts by time, with a prefix such as "req" (A1).
	NewID func(prefix string) string
	// Confirmed asks the transport of emails whether the owner of a subscription
	// has confirmed it (N5). Where it is nil, what was seen last has to do.
	Confirmed func(ctx context.Context, subscription string) (bool, error)
}

// A contended write is tried this often, and not after this long: the tries
// themselves take their time, and the caller waits (T5).
const (
	tries    = 12
	patience = 3 * time.Second
)

// Backoff waits a random time below 10 ms times 2^try, at most 320 ms (full jitter, T5).
func Backoff(ctx context.Context, try int) error {
	wait := rand.N(10 * time.Millisecond << min(try, 5))
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// RetryOnConflict tries until the rows stand still; then the caller is asked to come back (T5).
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

// Clock is the real time as rows and answers keep it: UTC, in milliseconds.
func Clock() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
