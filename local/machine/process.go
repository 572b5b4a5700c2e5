package machine

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// process is one process of a function.
type process struct {
	function string
	timeout  time.Duration
	command  *exec.Cmd
	calls    chan *call           // handed to whoever asks for the next one
	current  atomic.Pointer[call] // the one that it works on
	gone     chan struct{}        // closed when it has ended
	exit     error                // how; read it after gone
}

// hand gives the process a call as soon as it asks for one, and says whether it did.
func (p *process) hand(c *call) bool {
	timer := time.NewTimer(initTimeout)
	defer timer.Stop()
	select {
	case p.calls <- c:
		return true
	case <-p.gone:
	case <-timer.C:
	}
	return false
}

func (p *process) kill() {
	_ = p.command.Process.Kill()
	<-p.gone
}

// runtimeAPI is the Lambda runtime API of all processes: a process knows it by
// an address that ends in the process's own name.
type runtimeAPI struct {
	address   string
	log       *lines
	mu        sync.Mutex
	processes map[string]*process
}

func newRuntimeAPI(log *lines) *runtimeAPI {
	return &runtimeAPI{log: log, processes: map[string]*process{}}
}

// start starts a function's binary with this environment and nothing of ours:
// a developer's own AWS credentials stay outside.
func (a *runtimeAPI) start(name, dir string, f function) (*process, error) {
	id := uuid()
	p := &process{function: name, timeout: f.timeout, calls: make(chan *call), gone: make(chan struct{})}
	p.command = exec.Command(filepath.Join(dir, "bootstrap"))
	p.command.Dir = dir
	p.command.SysProcAttr = endWithUs()
	p.command.Env = environment(name, dir, a.address+"/"+id, f)
	out := a.log.prefixed(name)
	p.command.Stdout, p.command.Stderr = out, out
	a.mu.Lock()
	a.processes[id] = p
	a.mu.Unlock()
	err := p.command.Start()
	if err != nil {
		a.forget(id)
		return nil, err
	}
	go func() {
		p.exit = p.command.Wait()
		a.forget(id)
		close(p.gone)
	}()
	return p, nil
}

func (a *runtimeAPI) forget(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.processes, id)
}

func environment(name, dir, address string, f function) []string {
	all := map[string]string{
		"AWS_LAMBDA_RUNTIME_API": address, "AWS_LAMBDA_FUNCTION_NAME": name, "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "INFO",
		"AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "AWS_EXECUTION_ENV": "AWS_Lambda_provided.al2023",
		"_HANDLER": "bootstrap", "LAMBDA_TASK_ROOT": dir, "LAMBDA_RUNTIME_DIR": dir, "TZ": ":UTC", "LANG": "en_US.UTF-8", "PATH": "/usr/bin:/bin",
		"AWS_REGION": region, "AWS_DEFAULT_REGION": region,
		"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": "local",
	}
	maps.Copy(all, f.environment)
	var list []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		list = append(list, key+"="+all[key])
	}
	return list
}

func (a *runtimeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	a.mu.Lock()
	p := a.processes[id]
	a.mu.Unlock()
	switch path, what := strings.CutPrefix(path, "2018-06-01/runtime/invocation/"); {
	case p == nil:
		http.Error(w, "unknown process", http.StatusForbidden)
	case what && path == "next":
		p.next(w, r)
	case what && r.Method == http.MethodPost:
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
		h.Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(p.timeout).UnixMilli()))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:"+p.function)
		h.Set("Lambda-Runtime-Trace-Id", traceID())
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
	switch {
	case err != nil:
		c.done <- result{err: functionError("Runtime.Unknown", "the answer broke off: %v", err)}
	case kind == "error":
		c.done <- result{err: &FunctionError{body}}
	case r.Trailer.Get("Lambda-Runtime-Function-Error-Type") != "": // it failed half way
		c.done <- result{err: functionError(r.Trailer.Get("Lambda-Runtime-Function-Error-Type"), "the answer broke off")}
	case len(body) > maxAnswer:
		c.done <- result{err: functionError("Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size (%d bytes).", maxAnswer)}
	default:
		c.done <- result{answer: body}
	}
	w.WriteHeader(http.StatusAccepted)
}

// lines writes whole lines of several writers to one.
type lines struct {
	mu sync.Mutex
	to io.Writer
}

func (l *lines) say(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.to, format+"\n", args...)
}

// prefixed is a writer whose lines begin with the name of who wrote them.
func (l *lines) prefixed(name string) io.Writer { return &prefixed{lines: l, name: name} }

type prefixed struct {
	lines *lines
	name  string
	rest  []byte
}

func (p *prefixed) Write(b []byte) (int, error) {
	p.rest = append(p.rest, b...)
	for {
		line, rest, whole := bytes.Cut(p.rest, []byte("\n"))
		if !whole {
			return len(b), nil
		}
		p.lines.say("%s | %s", p.name, line)
		p.rest = rest
	}
}
