package machine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	poolSize    = 4                // processes of a function
	queueLength = 256              // calls that wait for one of them
	queueWait   = 30 * time.Second // as long as API Gateway waits for an answer
	initTimeout = 10 * time.Second // Lambda's own
	maxAnswer   = 6<<20 + 100<<10  // bytes; Lambda's own
)

var (
	errBusy    = errors.New("all processes of the function are busy")
	errUnknown = errors.New("there is no such function")
)

// FunctionError says that a function did not answer: it returned an error,
// crashed or took too long.
type FunctionError struct {
	Payload []byte // as Lambda tells it: {"errorType", "errorMessage", …}
}

func (e *FunctionError) Error() string { return string(e.Payload) }

func functionError(kind, format string, args ...any) *FunctionError {
	payload, _ := json.Marshal(map[string]string{"errorType": kind, "errorMessage": fmt.Sprintf(format, args...)})
	return &FunctionError{payload}
}

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

// lambda runs one function: a few processes, started when they are needed, each
// with one call at a time.
type lambda struct {
	timeout time.Duration
	start   func() (*process, error)
	slots   chan struct{} // a token for each process that may work
	queue   chan struct{} // a token for each call that may wait or work

	mu   sync.Mutex
	warm []*process            // idle; the last one worked last
	all  map[*process]struct{} // not known to be gone
	over bool                  // nothing starts any more
}

func newLambda(timeout time.Duration, start func() (*process, error)) *lambda {
	return &lambda{
		timeout: timeout, start: start, all: map[*process]struct{}{},
		slots: make(chan struct{}, poolSize), queue: make(chan struct{}, poolSize+queueLength),
	}
}

// invoke answers with what the function answered, else with errBusy, a
// *FunctionError or ctx's error. ctx ends the waiting, never the work.
func (f *lambda) invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if err := f.acquire(ctx); err != nil {
		return nil, err
	}
	defer func() { <-f.slots; <-f.queue }()
	c := &call{id: uuid(), payload: payload, done: make(chan result, 1)}
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

func (f *lambda) acquire(ctx context.Context) error {
	select {
	case f.queue <- struct{}{}:
	default:
		return errBusy
	}
	timer := time.NewTimer(queueWait)
	defer timer.Stop()
	var err error
	select {
	case f.slots <- struct{}{}:
		return nil
	case <-timer.C:
		err = errBusy
	case <-ctx.Done():
		err = ctx.Err()
	}
	<-f.queue
	return err
}

// take is the process that worked last, or a new one.
func (f *lambda) take() (p *process, isNew bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if last := len(f.warm) - 1; last >= 0 {
		p, f.warm = f.warm[last], f.warm[:last]
		return p, false, nil
	}
	if f.over {
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

func (f *lambda) await(p *process, c *call) ([]byte, error) {
	timer := time.NewTimer(f.timeout)
	defer timer.Stop()
	select {
	case r := <-c.done:
		f.mu.Lock()
		f.warm = append(f.warm, p)
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
		return nil, functionError("Sandbox.Timedout", "RequestId: %s Error: Task timed out after %.2f seconds", c.id, f.timeout.Seconds())
	}
}

// kill ends every process of the function and waits until they are gone.
func (f *lambda) kill() {
	f.mu.Lock()
	var all []*process
	for p := range f.all {
		all = append(all, p)
	}
	f.warm = nil
	f.mu.Unlock()
	for _, p := range all {
		p.kill()
	}
}

// stop ends the function for good.
func (f *lambda) stop() {
	f.mu.Lock()
	f.over = true
	f.mu.Unlock()
	f.kill()
}
