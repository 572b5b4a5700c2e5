package gate

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestWorkWaitsUntilItsGateIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, open := Closed(t.Context())
		passed := make(chan error, 1)
		go func() { passed <- Pass(ctx) }()
		synctest.Wait()
		if len(passed) > 0 {
			t.Fatal("a closed gate was passed")
		}
		open()
		open() // opening it again changes nothing
		if err := <-passed; err != nil {
			t.Error(err)
		}
	})
}

func TestWorkThatIsStoppedDoesNotPass(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	ctx, _ = Closed(ctx)
	stop()
	if err := Pass(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestWithoutAGateNothingWaits(t *testing.T) {
	if err := Pass(t.Context()); err != nil {
		t.Error(err)
	}
}
