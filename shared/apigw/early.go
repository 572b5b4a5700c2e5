package apigw

import (
	"context"
	"crypto/sha256"
	"reflect"
	"sync"

	"carechat/shared/gate"
)

// mostRemembered is how many callers a process remembers at once.
const mostRemembered = 1000

// callers remembers who was behind each token when this process last verified it. A caller who is remembered is not verified: what
// runs for them may write, and its answer may be shown, only once a caller is verified who is the same.
type callers[C any] struct {
	mu sync.Mutex
	of map[[sha256.Size]byte]C // by the token's hash
}

func (m *callers[C]) find(token string) (C, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.of[sha256.Sum256([]byte(token))]
	return c, ok
}

// remember forgets somebody else if too many are remembered.
func (m *callers[C]) remember(token string, c C) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of == nil {
		m.of = map[[sha256.Size]byte]C{}
	}
	is := sha256.Sum256([]byte(token))
	if _, ok := m.of[is]; !ok && len(m.of) >= mostRemembered {
		for other := range m.of {
			delete(m.of, other)
			break
		}
	}
	m.of[is] = c
}

func (m *callers[C]) forget(token string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.of, sha256.Sum256([]byte(token)))
}

// early is a route that runs for a caller who is remembered. Nil is none.
type early[C Caller] struct {
	caller C
	open   func() // lets it write
	stop   context.CancelFunc
	ended  chan struct{}
	answer Answer
	err    error
}

// runEarly starts to run the route, if it may be early and this process remembers the caller. It reads and waits before it writes. A token
// that was never good costs nothing.
func (f *Function[C]) runEarly(ctx context.Context, e Endpoint[C], r *Request) *early[C] {
	if !f.Early {
		return nil
	}
	caller, ok := f.known.find(r.Bearer())
	if !ok {
		return nil
	}
	ctx, stop := context.WithCancel(ctx)
	ctx, open := gate.Closed(ctx)
	run := &early[C]{caller: caller, open: open, stop: stop, ended: make(chan struct{})}
	f.worker.do(func() {
		defer close(run.ended)
		defer func() {
			if v := recover(); v != nil {
				run.err = panicked(v)
			}
		}()
		run.answer, run.err = e.serve(ctx, r, caller)
	})
	return run
}

// worker is a goroutine that stays, because the stack of a new one would have to grow at each call.
type worker struct {
	start sync.Once
	work  chan func()
}

// do has the work done beside the caller, by another goroutine while the worker is busy.
func (w *worker) do(work func()) {
	w.start.Do(func() {
		w.work = make(chan func())
		go func() {
			for each := range w.work {
				each()
			}
		}()
	})
	select {
	case w.work <- work:
	default:
		go work()
	}
}

// isOf reports whether the route runs for a caller: the same in every field.
func (run *early[C]) isOf(c C) bool {
	return run != nil && reflect.DeepEqual(run.caller, c)
}

// finish lets the route write and returns its answer. Its caller must be verified.
func (run *early[C]) finish() (Answer, error) {
	run.open()
	<-run.ended
	return run.answer, run.err
}

// end stops the route, if it still runs, and waits for its end: nothing runs on after a call.
func (run *early[C]) end() {
	if run != nil {
		run.stop()
		<-run.ended
	}
}
