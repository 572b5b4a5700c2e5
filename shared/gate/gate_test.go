package gate

import (
	"context"
	"errors"
	"testing"
)

func TestWorkWaitsUntilItsGateIsOpen(t *testing.T) {
	ctx, open := Closed(t.Context())
	passed := make(chan error)
	go func() { passed <- Pass(ctx) }()
	select {
	case err := <-passed:
		t.Fatalf("a closed gate was passed: %v", err)
	default:
	}
	open()
	open() // opening it again changes nothing
	if err := <-passed; err != nil {
		t.Error(err)
	}
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
