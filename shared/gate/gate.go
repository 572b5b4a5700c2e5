// Package gate lets work begin before it is known whether it may have an effect: it reads, and waits at the gate before it writes.
package gate

import (
	"context"
	"sync"
)

type key struct{}

// Closed returns a context whose work waits at Pass until open is called.
func Closed(ctx context.Context) (_ context.Context, open func()) {
	gate := make(chan struct{})
	return context.WithValue(ctx, key{}, gate), sync.OnceFunc(func() { close(gate) })
}

// Pass waits until the context's gate is open. It returns the context's error if the context ends before that, and nil at once if there
// is no gate.
func Pass(ctx context.Context) error {
	gate, ok := ctx.Value(key{}).(chan struct{})
	if !ok {
		return nil
	}
	select {
	case <-gate:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
