package notice

import (
	"context"
	"sync"
	"time"

	"carechat/shared/chat"
)

// Sweep says until when one run has all that is due to itself. One run at a time
// keeps the transports' rates; claims, not this, keep a job from being done twice.
type Sweep struct {
	Until   time.Time // zero if no run has it
	Version int
}

// SweepStore keeps track of the sweep that runs.
type SweepStore interface {
	// Sweep reads which sweep runs; version 0 if none ever did.
	Sweep(ctx context.Context) (Sweep, error)
	SaveSweep(ctx context.Context, s Sweep) error
}

// A run renews its hold while it works, so that after a crash the next minute's run
// goes on.
const (
	hold  = 20 * time.Second
	renew = 5 * time.Second
)

// Alone does the work unless another run is at it. It returns the store's errors.
func Alone(ctx context.Context, store SweepStore, now func() time.Time, work func()) error {
	is, err := store.Sweep(ctx)
	if err != nil || now().Before(is.Until) {
		return err
	}
	save := func(until time.Time) error {
		next := Sweep{until, is.Version + 1}
		err := store.SaveSweep(ctx, next)
		if err != nil { // it may be saved all the same
			if row, again := store.Sweep(ctx); again == nil && row.Version == next.Version && row.Until.Equal(until) {
				err = nil
			}
		}
		if err == nil {
			is = next
		}
		return err
	}
	if err := save(now().Add(hold)); err != nil {
		return chat.IgnoreConflict(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	for ticks := time.NewTicker(renew); ; {
		select {
		case <-done:
			ticks.Stop()
			return chat.IgnoreConflict(save(time.Time{}))
		case <-ticks.C:
			_ = save(now().Add(hold)) // if another run took it meanwhile, both go on: claims keep them apart
		}
	}
}

// ForSweep returns a sender that reads the settings of each organization once, for
// the members of one sweep.
func (s Sender) ForSweep() *Sender {
	s.Store = &settingsOnce{Store: s.Store, read: map[string]chat.Catalog{}}
	return &s
}

// settingsOnce is a store that keeps the catalogs that it has read.
type settingsOnce struct {
	Store
	mu   sync.Mutex
	read map[string]chat.Catalog
}

func (s *settingsOnce) Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.read[organization]; ok {
		return c, nil
	}
	c, err := s.Store.Catalog(ctx, organization, fresh)
	if err == nil {
		s.read[organization] = c
	}
	return c, err
}

// Pace lets messages through at a rate, evenly, and so keeps below a transport's.
type Pace struct {
	Every time.Duration
	mu    sync.Mutex
	next  time.Time
}

// Wait returns when the next message may go out, and whether that took any time, or
// with an error once ctx ends.
func (p *Pace) Wait(ctx context.Context) (waited bool, err error) {
	p.mu.Lock()
	now := time.Now()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(p.Every)
	p.mu.Unlock()
	if at.Equal(now) {
		return false, ctx.Err()
	}
	timer := time.NewTimer(at.Sub(now))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return true, ctx.Err()
	case <-timer.C:
		return true, nil
	}
}
