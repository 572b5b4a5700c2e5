package apigw

import (
	"context"
	"crypto/sha256"
	"reflect"
	"sync"
)

// mostRemembered is how many callers a process remembers at once.
const mostRemembered = 1000

// callers remembers who was behind each token when this process last verified it. A caller who is remembered is not verified: what is
// read for them may only be shown to whoever is verified afterwards, and is the same.
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

// reading is a route's answer for a caller who is remembered. Nil is none.
type reading[C Caller] struct {
	caller  C
	stop    context.CancelFunc
	ended   chan struct{}
	isWhole bool // the route did not panic
	answer  Answer
	err     error
}

// readAhead starts to read the route's answer, if it only reads and this process remembers the caller. A token that was never good costs
// nothing.
func (f *Function[C]) readAhead(ctx context.Context, e Endpoint[C], r *Request) *reading[C] {
	if !e.reads {
		return nil
	}
	caller, ok := f.known.find(r.Bearer())
	if !ok {
		return nil
	}
	ctx, stop := context.WithCancel(ctx)
	ahead := &reading[C]{caller: caller, stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(ahead.ended)
		defer func() { _ = recover() }() // the route runs again, where a panic is logged
		ahead.answer, ahead.err = e.serve(ctx, r, caller)
		ahead.isWhole = true
	}()
	return ahead
}

// isOf reports whether the reading is an answer for the caller, who is verified, and waits for it if so.
func (ahead *reading[C]) isOf(c C) bool {
	if ahead == nil || !reflect.DeepEqual(ahead.caller, c) {
		return false
	}
	<-ahead.ended
	return ahead.isWhole
}

// end stops the reading, if it still runs, and waits for its end: nothing runs on after a call.
func (ahead *reading[C]) end() {
	if ahead != nil {
		ahead.stop()
		<-ahead.ended
	}
}
