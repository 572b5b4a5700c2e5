package lambda

import (
	"context"
	"testing"
)

func TestAFullPoolTurnsCallsAway(t *testing.T) {
	f := newPool(Function{}, nil)
	for range cap(f.queue) {
		f.queue <- struct{}{}
	}
	if _, err := f.invoke(t.Context(), nil); err != ErrBusy {
		t.Errorf("the queue is full: %v", err)
	}
	<-f.queue
	for range cap(f.slots) {
		f.slots <- struct{}{}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.invoke(gone, nil); err != context.Canceled || len(f.queue) != cap(f.queue)-1 {
		t.Errorf("the caller went away: %v, %d in the queue", err, len(f.queue))
	}
}
