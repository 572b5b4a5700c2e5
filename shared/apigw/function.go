package apigw

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"

	"carechat/shared/problem"
	"carechat/shared/wide"
)

// Caller is whoever calls.
type Caller interface {
	// LogCaller returns what the log line says of the caller: ids alone.
	LogCaller() (kind, organization, id string)
}

// Routes holds an endpoint for each of API Gateway's route keys.
type Routes[C Caller] map[string]Endpoint[C]

// Endpoint serves one route.
type Endpoint[C Caller] struct {
	public bool
	serve  func(ctx context.Context, r *Request, c C) (Answer, error)
}

// Handle returns an endpoint for authenticated callers. In is filled as decode says.
func Handle[C Caller, In any](h func(context.Context, C, In) (Answer, error)) Endpoint[C] {
	return Endpoint[C]{serve: func(ctx context.Context, r *Request, c C) (Answer, error) {
		var in In
		if err := decode(r, &in); err != nil {
			return Answer{}, err
		}
		return h(ctx, c, in)
	}}
}

// Public returns an endpoint for anyone.
func Public[C Caller, In any](h func(context.Context, *Request, In) (Answer, error)) Endpoint[C] {
	return Endpoint[C]{public: true, serve: func(ctx context.Context, r *Request, _ C) (Answer, error) {
		var in In
		if err := decode(r, &in); err != nil {
			return Answer{}, err
		}
		return h(ctx, r, in)
	}}
}

// Raw returns an endpoint for anyone that ignores the body.
func Raw[C Caller](h func(context.Context, *Request) (Answer, error)) Endpoint[C] {
	return Endpoint[C]{public: true, serve: func(ctx context.Context, r *Request, _ C) (Answer, error) {
		return h(ctx, r)
	}}
}

// Function is one Lambda: a table of routes. It implements lambda.Handler on the raw event.
//
// C is the domain's caller. The parameter lets this package know no domain and the compiler prove that a handler gets the caller that
// Authenticate returns: an interface would need a conversion in every function and an assertion at each call.
type Function[C Caller] struct {
	Name         string
	Routes       Routes[C]
	Authenticate func(ctx context.Context, bearer string, extend bool) (C, error)
	// Early lets routes run beside the verification of a caller whom this process knows (T7). Each of their effects must wait at
	// gate.Pass, as the table's writes do.
	Early bool
	// Describe returns the problem with its Current in the wire shape for this caller.
	Describe func(C, *problem.Problem) *problem.Problem
	// Meter measures the capacity units that a call uses; nil if it uses none.
	Meter func(context.Context) (context.Context, func() float64)
	// Log gets the wide line; nil means standard output.
	Log *slog.Logger

	warm   atomic.Bool
	known  callers[C]
	worker worker
}

// Invoke answers one event. It returns an error only if the payload is not an HTTP API event; every other failure is an HTTP response.
func (f *Function[C]) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var e event
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, errors.New("the event is not one of API Gateway's HTTP API")
	}
	line := &wideLine{Start: time.Now(), Cold: !f.warm.Swap(true), Units: func() float64 { return 0 }}
	ctx, line.Counts = wide.Counting(ctx)
	if f.Meter != nil {
		ctx, line.Units = f.Meter(ctx)
	}
	r, err := e.request(newRequestID())
	out := f.answer(ctx, r, err, line)
	line.write(ctx, logger(f.Log), f.Name, r, out.StatusCode)
	return json.Marshal(out)
}

// answer runs the route and turns its answer, error or panic into a response.
func (f *Function[C]) answer(ctx context.Context, r *Request, err error, line *wideLine) (out response) {
	var caller C
	defer func() {
		if v := recover(); v != nil {
			out = refuse(r.ID, f.problem(caller, panicked(v), line))
		}
	}()
	var a Answer
	if err == nil {
		a, err = f.serve(ctx, r, &caller, line)
	}
	if err == nil {
		if out, err = encode(r, a); err == nil {
			return out
		}
	}
	p := f.problem(caller, err, line)
	return refuse(r.ID, p)
}

func (f *Function[C]) serve(ctx context.Context, r *Request, caller *C, line *wideLine) (Answer, error) {
	endpoint, ok := f.Routes[r.Route]
	if !ok {
		return Answer{}, problem.New(problem.NotFound)
	}
	if endpoint.public {
		return endpoint.serve(ctx, r, *caller)
	}
	run := f.runEarly(ctx, endpoint, r)
	defer run.end()
	verified, err := f.Authenticate(ctx, r.Bearer(), !r.Polls())
	if err != nil {
		f.known.forget(r.Bearer())
		return Answer{}, err
	}
	*caller = verified
	line.Kind, line.Organization, line.CallerID = verified.LogCaller()
	if run.isOf(verified) {
		return run.finish()
	}
	if f.Early {
		f.known.remember(r.Bearer(), verified)
	}
	return endpoint.serve(ctx, r, verified)
}

// panicked returns a panic as an error, without its words.
func panicked(v any) error { return fmt.Errorf("panic: %T at %s", v, debug.Stack()) }

// problem returns the refusal in an error's chain. Any other error becomes an opaque internal error, and its cause goes to the log
// alone (A8).
func (f *Function[C]) problem(caller C, err error, line *wideLine) *problem.Problem {
	var p *problem.Problem
	if !errors.As(err, &p) {
		line.Cause = err.Error()
		p = problem.New(problem.InternalError)
	} else if p.Kind() == problem.Busy {
		line.Cause = err.Error()
	}
	line.Code, line.Reason = p.Code, p.Reason
	if f.Describe != nil && p.Current != nil {
		p = f.Describe(caller, p)
	}
	return p
}

func newRequestID() string { return "r_" + rand.Text() }
