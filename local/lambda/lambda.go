// Package lambda plays AWS Lambda: it runs the compiled functions as processes
// of their own and hands them events through the Lambda runtime API.
package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"slices"
	"strings"
	"sync"
	"time"

	"carechat/local/template"
)

// Errors of Invoke.
var (
	ErrBusy    = errors.New("all processes of the function are busy")
	ErrUnknown = errors.New("there is no such function")
)

// FunctionError says that a function did not answer: it returned an error,
// crashed or took too long.
type FunctionError struct {
	Payload []byte // as Lambda has it: {"errorType", "errorMessage", …}
}

func (e *FunctionError) Error() string { return string(e.Payload) }

func functionError(kind, format string, args ...any) *FunctionError {
	payload, _ := json.Marshal(map[string]string{"errorType": kind, "errorMessage": fmt.Sprintf(format, args...)})
	return &FunctionError{payload}
}

// DeadLetter is what a function failed to do: records of the table's stream, by
// their numbers, or an asynchronous call, such as one of SNS.
type DeadLetter struct {
	Function        string
	SequenceNumbers []string
	Event           []byte // of the call
	Error           string // of the last attempt
}

// Function says how a function runs.
type Function struct {
	template.Function
	Name      string
	Folder    string   // holds its binary, bootstrap
	Processes int      // at most; 0 means 4
	Debugger  []string // a command to which the binary's path is appended; or none
}

// Service runs functions. Its zero value is not usable: see New.
type Service struct {
	log     *log.Logger
	invoked func(function string, payload, answer []byte)
	runtime *runtimeAPI

	mu          sync.Mutex
	functions   map[string]*pool
	deadLetters []DeadLetter
}

// New returns a service without functions. It tells invoked of every call and
// its answer, if invoked is not nil.
func New(log *log.Logger, invoked func(function string, payload, answer []byte)) *Service {
	return &Service{log: log, invoked: invoked, runtime: newRuntimeAPI(log), functions: map[string]*pool{}}
}

// Add adds a function. Its first process starts with its first call.
func (s *Service) Add(f Function) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.functions[f.Name] = newPool(f, func() (*process, error) { return s.runtime.start(f) })
}

// Invoke calls a function and returns its answer. The error is a *FunctionError
// if the function failed, ErrBusy if too many calls wait, or ErrUnknown.
func (s *Service) Invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	p := s.pool(function)
	if p == nil {
		return nil, ErrUnknown
	}
	answer, err := p.invoke(ctx, payload)
	if s.invoked != nil {
		s.invoked(function, payload, answer)
	}
	var failed *FunctionError
	if errors.As(err, &failed) {
		s.log.Printf("%s | FAILED: %s", function, failed.Payload)
	}
	return answer, err
}

// InvokeWhenFree calls a function as Invoke does, but waits as long as it is busy.
func (s *Service) InvokeWhenFree(ctx context.Context, function string, payload []byte) ([]byte, error) {
	for {
		answer, err := s.Invoke(ctx, function, payload)
		if !errors.Is(err, ErrBusy) {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

const firstPause = time.Second / 4 // before the first retry; Lambda takes a minute, then two

// InvokeAsync makes a call whose answer nobody waits for. A call that fails is
// repeated as often as the function's Retries say; then it is a dead letter.
// InvokeAsync returns when the call is done or has failed for good.
func (s *Service) InvokeAsync(ctx context.Context, function string, payload []byte) {
	var f Function
	if p := s.pool(function); p != nil {
		f = p.function
	}
	for attempt, pause := 0, firstPause; ; attempt, pause = attempt+1, 2*pause {
		_, err := s.InvokeWhenFree(ctx, function, payload)
		if err == nil || ctx.Err() != nil {
			return
		}
		if attempt == f.Retries || errors.Is(err, ErrUnknown) {
			s.giveUp(DeadLetter{Function: function, Event: payload, Error: err.Error()}, f.DeadLetters)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// GiveUp keeps a dead letter and writes a line about it.
func (s *Service) GiveUp(letter DeadLetter) { s.giveUp(letter, true) }

func (s *Service) giveUp(letter DeadLetter, kept bool) {
	what := "GIVEN UP"
	if kept {
		what = "DEAD LETTER"
		s.mu.Lock()
		s.deadLetters = append(s.deadLetters, letter)
		s.mu.Unlock()
	}
	s.log.Printf("*** %s of %s: %s %s ***", what, letter.Function, strings.Join(letter.SequenceNumbers, " "), letter.Error)
}

// DeadLetters returns the dead letters so far.
func (s *Service) DeadLetters() []DeadLetter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.deadLetters)
}

// Kill ends every process of a function at once, as a crash would: its calls fail.
func (s *Service) Kill(function string) {
	if p := s.pool(function); p != nil {
		p.kill()
	}
}

// Close ends every process. No other starts.
func (s *Service) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.functions {
		p.stop()
	}
}

func (s *Service) pool(name string) *pool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.functions[name]
}
