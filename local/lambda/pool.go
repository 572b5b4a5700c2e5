package lambda

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"
)

const (
	poolSize    = 4                // processes of a function
	queueLength = 256              // calls that wait for one of them
	queueWait   = 30 * time.Second // as long as API Gateway waits for an answer
)

// call is one invocation.
type call struct {
	id      string
	payload []byte
	done    chan result // of capacity 1
}

type result struct {
	answer []byte
	err    error
}

// pool holds the processes of a function. They start when they are needed, and
// each works on one call at a time.
type pool struct {
	function Function
	start    func() (*process, error)
	slots    chan struct{} // a token for each process that may work
	queue    chan struct{} // a token for each call that may wait or work

	mu     sync.Mutex
	idle   []*process            // the last one worked last
	all    map[*process]struct{} // that may be running
	closed bool                  // no process starts any more
}

func newPool(f Function, start func() (*process, error)) *pool {
	size := cmp.Or(f.Processes, poolSize)
	return &pool{
		function: f, start: start, all: map[*process]struct{}{}, slots: make(chan struct{}, size), queue: make(chan struct{}, size+queueLength),
	}
}

// invoke returns the function's answer, or else ErrBusy, a *FunctionError or
// ctx's error. The end of ctx ends the waiting, not the call.
func (f *pool) invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if err := f.acquire(ctx); err != nil {
		return nil, err
	}
	defer func() { <-f.slots; <-f.queue }()
	c := &call{id: rand.Text(), payload: payload, done: make(chan result, 1)}
	for {
		p, isNew, err := f.take()
		if err != nil {
			return nil, functionError("Runtime.InvalidEntrypoint", "RequestId: %s Error: %v", c.id, err)
		}
		if p.hand(c) {
			return f.await(p, c)
		}
		p.kill()
		if isNew { // else it died idle, and a new one does the work
			return nil, functionError("Runtime.ExitError", "RequestId: %s Error: the function did not start: %v", c.id, p.exit)
		}
	}
}

func (f *pool) acquire(ctx context.Context) error {
	select {
	case f.queue <- struct{}{}:
	default:
		return ErrBusy
	}
	timer := time.NewTimer(queueWait)
	defer timer.Stop()
	var err error
	select {
	case f.slots <- struct{}{}:
		return nil
	case <-timer.C:
		err = ErrBusy
	case <-ctx.Done():
		err = ctx.Err()
	}
	<-f.queue
	return err
}

// take returns the idle process that worked last, or a new one. It ends idle
// processes whose binary was built anew.
func (f *pool) take() (p *process, isNew bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.idle) > 0 {
		last := len(f.idle) - 1
		p, f.idle = f.idle[last], f.idle[:last]
		if !p.isOutdated() {
			return p, false, nil
		}
		p.kill()
	}
	if f.closed {
		return nil, true, errors.New("the machine is ending")
	}
	if p, err = f.start(); err != nil {
		return nil, true, err
	}
	f.all[p] = struct{}{}
	go func() {
		<-p.gone
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.all, p)
	}()
	return p, true, nil
}

func (f *pool) await(p *process, c *call) ([]byte, error) {
	timer := time.NewTimer(f.function.Timeout)
	defer timer.Stop()
	select {
	case r := <-c.done:
		f.mu.Lock()
		f.idle = append(f.idle, p)
		f.mu.Unlock()
		return r.answer, r.err
	case <-p.gone:
		select {
		case r := <-c.done: // it answered first
			return r.answer, r.err
		default:
			return nil, functionError("Runtime.ExitError", "RequestId: %s Error: Runtime exited with error: %v", c.id, p.exit)
		}
	case <-timer.C:
		p.kill()
		return nil, functionError("Sandbox.Timedout", "RequestId: %s Error: Task timed out after %.2f seconds", c.id, f.function.Timeout.Seconds())
	}
}

// kill ends every process of the function and waits until they have ended.
func (f *pool) kill() {
	f.mu.Lock()
	var all []*process
	for p := range f.all {
		all = append(all, p)
	}
	f.idle = nil
	f.mu.Unlock()
	for _, p := range all {
		p.kill()
	}
}

// stop ends the function for good.
func (f *pool) stop() {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.kill()
}
