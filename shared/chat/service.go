package chat

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"carechat/shared/problem"
)

// ErrMoved says that a row was not as it was read: decide again (T5).
var ErrMoved = errors.New("a row moved since it was read")

// Store is everything that the use cases ask of a table. Reads are strongly
// consistent unless they say otherwise. A save either happens whole or not at
// all, and returns ErrMoved when a row that it builds on has moved.
type Store interface {
	CatalogStore
	RequestStore
	ThreadStore
	ScreenStore
	WorkStore
	DirectoryStore
}

// Service holds the use cases. Time and ids are passed in.
type Service struct {
	Store Store
	Now   func() time.Time
	// NewID makes an id that sorts by time, with a prefix such as "req" (A1).
	NewID func(prefix string) string
	// Pause waits before try n (from 1) of a write whose row moved; nil waits as
	// Backoff does.
	Pause func(ctx context.Context, try int) error
}

// patience is how long a contended write is tried again (T5).
const patience = 3 * time.Second

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

// settle tries until the rows stand still, for at most 3 s; then the caller is
// asked to come back (T5).
func (s *Service) settle(ctx context.Context, try func() error) error {
	pause := s.Pause
	if pause == nil {
		pause = Backoff
	}
	for start, n := s.Now(), 1; ; n++ {
		err := try()
		if !errors.Is(err, ErrMoved) {
			return err
		}
		if s.Now().Sub(start) > patience || n > 100 {
			return &problem.Problem{Code: problem.Unavailable, RetryAfter: time.Second}
		}
		if err := pause(ctx, n); err != nil {
			return err
		}
	}
}

// Clock is the real time as rows and answers keep it: UTC, in milliseconds.
func Clock() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
