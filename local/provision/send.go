package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// workers is how many PUTs are on their way at once.
const workers = 16

// tries is how often a PUT is sent that gets no answer or a temporary refusal.
const tries = 6

// sender sends PUTs as the platform.
type sender struct {
	client *http.Client
	api    string
	token  string
	limit  *rate.Limiter
	wait   func(context.Context, time.Duration) error
}

// errToken ends a run, because every other PUT would be refused too.
var errToken = errors.New("the API does not take this token")

// send puts everything and returns what the API refused. Kinds that others need
// come first, and those of a kind side by side. It returns an error if it stopped
// before the end; then it may simply be run again.
func (s sender) send(ctx context.Context, puts []put, p *progress) (refused []put, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	for _, group := range ranks(puts) {
		queue := make(chan put)
		var work sync.WaitGroup
		var mu sync.Mutex
		for range workers {
			work.Go(func() {
				for each := range queue {
					err := s.put(ctx, &each)
					if err != nil {
						stop(err)
						continue
					}
					mu.Lock()
					if each.Status >= 300 {
						refused = append(refused, each)
					}
					p.count(len(refused))
					mu.Unlock()
				}
			})
		}
		for _, each := range group {
			if s.limit.Wait(ctx) != nil {
				break
			}
			queue <- each
		}
		close(queue)
		work.Wait()
	}
	return refused, context.Cause(ctx)
}

// put sends one PUT until it is taken or refused, and notes a refusal in it.
func (s sender) put(ctx context.Context, p *put) error {
	for try := 1; ; try++ {
		status, answer, retryAfter, err := s.once(ctx, p)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case status == http.StatusUnauthorized:
			return fmt.Errorf("%w: %s", errToken, answer)
		case err == nil && status < 300:
			return nil
		case err == nil && status != http.StatusTooManyRequests && status < 500:
			p.Status, p.Problem = status, asJSON(answer)
			return nil
		case try == tries:
			return fmt.Errorf("PUT /v1%s: %w", p.Path, cmp.Or(err, fmt.Errorf("%d %s", status, answer)))
		}
		if err := s.wait(ctx, max(retryAfter, time.Second<<try/2)); err != nil {
			return err
		}
	}
}

func (s sender) once(ctx context.Context, p *put) (status int, answer []byte, retryAfter time.Duration, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, s.api+p.Path, bytes.NewReader(p.Body))
	if err != nil {
		return 0, nil, 0, err
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := s.client.Do(request)
	if err != nil {
		return 0, nil, 0, err
	}
	defer response.Body.Close()
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, answer, time.Duration(seconds) * time.Second, err
}

// asJSON returns an answer as JSON, even if something else than the API gave it.
func asJSON(answer []byte) json.RawMessage {
	if json.Valid(answer) {
		return answer
	}
	text, _ := json.Marshal(string(answer)) // a string always can be
	return text
}
