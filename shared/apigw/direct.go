package apigw

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/go-json-experiment/json"

	"carechat/shared/problem"
	"carechat/shared/wide"
)

// Direct is a Lambda without a route or a caller: whoever may invoke it sends a JSON value, which is decoded as strictly as a body
// (A5). It implements lambda.Handler on the raw value.
type Direct[In any] struct {
	Name   string
	Handle func(context.Context, In) (any, error)
	// Meter measures the capacity units that an invocation uses.
	Meter func(context.Context) (context.Context, func() float64)
	// Log gets the wide line; nil means standard output.
	Log *slog.Logger
}

// Refusal is the error of an invocation that is refused. Its text, which Lambda passes on as errorMessage, is the problem as JSON.
type Refusal struct{ problem string }

func (r Refusal) Error() string { return r.problem }

// Invoke answers one invocation. It returns a Refusal for a problem, so that a script that invokes it fails, and an opaque error for
// a fault of ours.
func (d *Direct[In]) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	ctx, units := d.Meter(ctx)
	start, id := time.Now(), newRequestID()
	answer, err := d.handle(ctx, payload)
	var p *problem.Problem
	refused := errors.As(err, &p)
	attrs := append([]any{
		"function", d.Name, "requestId", id, "durationMs", float64(time.Since(start).Microseconds()) / 1000, "units", units(),
	}, wide.IDs(ctx)...)
	switch {
	case refused:
		logger(d.Log).Info("invocation", append(attrs, "code", p.Code)...)
		return nil, Refusal{refuse(id, p).Body}
	case err != nil:
		logger(d.Log).Error("invocation", append(attrs, "cause", err.Error())...)
		return nil, errors.New("internal")
	default:
		logger(d.Log).Info("invocation", attrs...)
	}
	return json.Marshal(answer, json.Deterministic(true))
}

func (d *Direct[In]) handle(ctx context.Context, payload []byte) (any, error) {
	var in In
	body := &Request{Body: payload, headers: map[string]string{"content-type": "application/json"}}
	if err := decodeBody(body, &in, true); err != nil {
		return nil, err
	}
	return d.Handle(ctx, in)
}
