package notice

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"carechat/shared/chat"
)

// sweeps keeps which sweep runs.
type sweeps struct{ is Sweep }

func (s *sweeps) Sweep(context.Context) (Sweep, error) { return s.is, nil }

func (s *sweeps) SaveSweep(_ context.Context, next Sweep) error {
	if s.is.Version != next.Version-1 {
		return chat.ErrConflict
	}
	s.is = next
	return nil
}

// N2: one sweep at a time; what a run that crashed has kept is free soon.
func TestOneSweepAtATime(t *testing.T) {
	store, now, done := &sweeps{}, start, 0
	alone := func(work func()) {
		check(t, Alone(t.Context(), store, func() time.Time { return now }, work))
	}
	alone(func() {
		done++
		alone(func() { t.Error("two at once") })
	})
	alone(func() { done++ })
	if done != 2 {
		t.Errorf("%d sweeps", done)
	}
	store.is = Sweep{Until: start.Add(hold), Version: 9} // of a run that crashed
	now = start.Add(hold - time.Millisecond)
	alone(func() { t.Error("before the hold of the one that crashed has ended") })
	now = start.Add(hold)
	alone(func() { done++ })
	if done != 3 {
		t.Error("after a crash no sweep runs")
	}
}

// unsure is a store some of whose saves fail: before they are done, or after.
type unsure struct {
	*sweeps
	saves            int
	fails            int // which save
	isDoneAllTheSame bool
}

func (u *unsure) SaveSweep(ctx context.Context, next Sweep) error {
	u.saves++
	if u.saves != u.fails {
		return u.sweeps.SaveSweep(ctx, next)
	}
	if u.isDoneAllTheSame {
		_ = u.sweeps.SaveSweep(ctx, next)
	}
	return errors.New("no answer")
}

// N2: a run whose hold was renewed, or not, without an answer frees the sweep at its end.
func TestASweepIsFreeAfterASaveFailed(t *testing.T) {
	for _, done := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			store := &unsure{sweeps: &sweeps{}, fails: 2, isDoneAllTheSame: done}
			check(t, Alone(t.Context(), store, time.Now, func() { time.Sleep(renew + time.Second) }))
			if !store.is.Until.IsZero() {
				t.Errorf("done all the same %v: it is held until %v", done, store.is.Until)
			}
		})
	}
}

// catalogs counts how often settings are read.
type catalogs struct {
	Store
	reads int
	fail  error
}

func (c *catalogs) Catalog(context.Context, string, bool) (chat.Catalog, error) {
	c.reads++
	return chat.Catalog{}, c.fail
}

// T7: a sweep reads an organization's settings once, the next sweep again.
func TestASweepReadsSettingsOnce(t *testing.T) {
	store := &catalogs{fail: errors.New("busy")}
	for range 2 {
		s := Sender{Store: store}.ForSweep()
		_, _ = s.Store.Catalog(t.Context(), "harbor", true)
		store.fail = nil
		for _, o := range []string{"harbor", "harbor", "summit", "harbor"} {
			_, err := s.Store.Catalog(t.Context(), o, true)
			check(t, err)
		}
	}
	if store.reads != 1+2+2 {
		t.Errorf("%d reads", store.reads)
	}
}

// N2: messages go out evenly, and a wait ends with the context.
func TestAPaceIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &Pace{Every: 2 * time.Millisecond}
		began := time.Now()
		for n := range 11 {
			waited, err := p.Wait(t.Context())
			if check(t, err); waited != (n > 0) {
				t.Errorf("message %d: waited %v", n, waited)
			}
		}
		if took := time.Since(began); took != 20*time.Millisecond {
			t.Errorf("eleven in %v", took)
		}
		p.Every = time.Hour
		_, err := p.Wait(t.Context())
		check(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := p.Wait(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}
