package lambda

import (
	"crypto/rand"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"sync"
	"time"
)

const maxAnswer = 6<<20 + 100<<10 // bytes; Lambda's limit

// runtimeAPI is the Lambda runtime API of all processes. The address that a
// process gets ends in an id of its own, by which the API knows it.
type runtimeAPI struct {
	address   string
	log       *log.Logger
	mu        sync.Mutex
	processes map[string]*process
}

func newRuntimeAPI(log *log.Logger) *runtimeAPI {
	return &runtimeAPI{log: log, processes: map[string]*process{}}
}

// RuntimeAPI returns the handler that processes ask for calls. It answers at
// address, a host and a port.
func (s *Service) RuntimeAPI(address string) http.Handler {
	s.runtime.address = address
	return s.runtime
}

// start starts a process that the API knows until it ends.
func (a *runtimeAPI) start(f Function) (*process, error) {
	id := rand.Text()
	a.mu.Lock() // a process asks only after it is known
	defer a.mu.Unlock()
	p, err := startProcess(f, a.address+"/"+id, a.log)
	if err != nil {
		return nil, err
	}
	a.processes[id] = p
	go func() {
		<-p.gone
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.processes, id)
	}()
	return p, nil
}

func (a *runtimeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	a.mu.Lock()
	p := a.processes[id]
	a.mu.Unlock()
	switch path, ofCalls := strings.CutPrefix(path, "2018-06-01/runtime/invocation/"); {
	case p == nil:
		http.Error(w, "unknown process", http.StatusForbidden)
	case ofCalls && path == "next":
		p.next(w, r)
	case ofCalls && r.Method == http.MethodPost:
		p.answer(w, r, path)
	case strings.HasSuffix(path, "/init/error"):
		w.WriteHeader(http.StatusAccepted)
	default:
		http.NotFound(w, r)
	}
}

// next waits for a call and gives it to the process.
func (p *process) next(w http.ResponseWriter, r *http.Request) {
	select {
	case c := <-p.calls:
		p.current.Store(c)
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", c.id)
		h.Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(p.function.Timeout).UnixMilli()))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:"+p.function.Name)
		_, _ = w.Write(c.payload)
	case <-r.Context().Done():
	}
}

// answer takes what the process posts to <id>/response or <id>/error.
func (p *process) answer(w http.ResponseWriter, r *http.Request, path string) {
	id, kind, _ := strings.Cut(path, "/")
	c := p.current.Load()
	if c == nil || c.id != id || !p.current.CompareAndSwap(c, nil) {
		http.Error(w, "unknown request", http.StatusBadRequest)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer+1))
	failedLate := r.Trailer.Get("Lambda-Runtime-Function-Error-Type") // in the middle of its answer
	switch {
	case err != nil:
		c.done <- result{err: functionError("Runtime.Unknown", "the answer broke off: %v", err)}
	case kind == "error":
		c.done <- result{err: &FunctionError{body}}
	case failedLate != "":
		c.done <- result{err: functionError(failedLate, "the answer broke off")}
	case len(body) > maxAnswer:
		c.done <- result{err: functionError("Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size (%d bytes).", maxAnswer)}
	default:
		c.done <- result{answer: body}
	}
	w.WriteHeader(http.StatusAccepted)
}
