package apigw

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"carechat/shared/gate"
	"carechat/shared/problem"
)

// watched is a function whose route may be early, and what was asked of it, in order.
type watched struct {
	*fixture
	events chan string
	// verify is what Authenticate does.
	verify func() (somebody, error)
}

func newWatched() *watched {
	w := &watched{fixture: newFixture(echo), events: make(chan string, 10)}
	w.Early = true
	w.verify = func() (somebody, error) { return somebody{"ana"}, nil }
	w.Authenticate = func(context.Context, string, bool) (somebody, error) {
		c, err := w.verify()
		w.events <- "verified"
		return c, err
	}
	w.serves(func(_ context.Context, c somebody, _ struct{}) (Answer, error) {
		w.events <- "read for " + c.id
		return Answer{Status: 200, Body: "the notes of " + c.id}, nil
	})
	return w
}

// serves makes a handler that of the route.
func (w *watched) serves(h func(context.Context, somebody, struct{}) (Answer, error)) {
	w.Routes["GET /v1/members/{memberId}/notes"] = Handle(h)
}

// get makes a call and returns its answer and what was asked since the last one.
func (w *watched) get(t *testing.T) (answered, string) {
	t.Helper()
	a := w.call(t, call{Method: "GET"})
	var events []string
	for len(w.events) > 0 {
		events = append(events, <-w.events)
	}
	return a, strings.Join(events, ", ")
}

// afterRead verifies somebody only after the route has read what it shows.
func (w *watched) afterRead(c somebody, err error) {
	w.verify = func() (somebody, error) {
		w.events <- <-w.events
		return c, err
	}
}

func TestARouteRunsBesideTheVerificationOfAKnownCaller(t *testing.T) {
	w := newWatched()
	if a, events := w.get(t); a.StatusCode != 200 || events != "verified, read for ana" {
		t.Errorf("a caller who is not known: %d, %s", a.StatusCode, events)
	}
	w.afterRead(somebody{"ana"}, nil)
	w.log.Reset()
	if a, events := w.get(t); a.StatusCode != 200 || events != "read for ana, verified" {
		t.Errorf("a caller who is known: %d, %s", a.StatusCode, events)
	}
	if !strings.Contains(w.log.String(), `"callerId":"ana"`) {
		t.Errorf("the line lacks the caller: %s", w.log.String())
	}
}

// The verification may be the first to end. The route is then awaited, and does not run again.
func TestAnEarlyRouteIsAwaited(t *testing.T) {
	w := newWatched()
	w.get(t)
	verified := make(chan struct{})
	w.verify = func() (somebody, error) { close(verified); return somebody{"ana"}, nil }
	w.serves(func(ctx context.Context, _ somebody, _ struct{}) (Answer, error) {
		<-verified
		runtime.Gosched()
		w.events <- "read"
		return Answer{Status: 200}, ctx.Err()
	})
	if a, events := w.get(t); a.StatusCode != 200 || strings.Count(events, "read") != 1 {
		t.Errorf("%d, %s", a.StatusCode, events)
	}
}

// T7: what was read for a caller who is remembered is shown only to that caller, verified.
func TestWhatIsReadEarlyIsShownToNobodyElse(t *testing.T) {
	for name, now := range map[string]struct {
		caller somebody
		err    error
		want   string
	}{
		"refused":       {somebody{}, problem.New(problem.NotAuthenticated), "unauthenticated"},
		"somebody else": {somebody{"chen"}, nil, "the notes of chen"},
	} {
		w := newWatched()
		w.get(t)
		w.afterRead(now.caller, now.err)
		a, events := w.get(t)
		if !strings.Contains(a.Body, now.want) || strings.Contains(a.Body, "ana") || !strings.HasPrefix(events, "read for ana, verified") {
			t.Errorf("%s: %s, %s", name, a.Body, events)
		}
	}
}

func TestARefusedTokenIsNotReadForAgain(t *testing.T) {
	w := newWatched()
	w.get(t)
	w.verify = func() (somebody, error) { return somebody{}, problem.New(problem.NotAuthenticated) }
	w.get(t)
	if a, events := w.get(t); a.StatusCode != 401 || events != "verified" {
		t.Errorf("%d, %s", a.StatusCode, events)
	}
}

// No call waits for a route that runs for nobody, and none leaves it running.
func TestARouteForNobodyIsStopped(t *testing.T) {
	w := newWatched()
	w.get(t)
	w.serves(func(ctx context.Context, c somebody, _ struct{}) (Answer, error) {
		if c.id == "ana" {
			<-ctx.Done()
			runtime.Gosched()
			w.events <- "stopped"
		}
		return Answer{Status: 200}, ctx.Err()
	})
	w.verify = func() (somebody, error) { return somebody{"chen"}, nil }
	if a, events := w.get(t); a.StatusCode != 200 || events != "verified, stopped" {
		t.Errorf("another caller is answered %d: %s", a.StatusCode, events)
	}
	w.known.remember("good", somebody{"ana"})
	w.verify = func() (somebody, error) { return somebody{}, problem.New(problem.NotAuthenticated) }
	if a, events := w.get(t); a.StatusCode != 401 || events != "verified, stopped" {
		t.Errorf("a refused caller is answered %d: %s", a.StatusCode, events)
	}
	if strings.Contains(w.log.String(), `"cause"`) {
		t.Errorf("that a route was stopped is nobody's fault: %s", w.log.String())
	}
	w.known.remember("good", somebody{"ana"})
	w.verify = func() (somebody, error) { panic("a secret") }
	if a, events := w.get(t); a.StatusCode != 500 || events != "stopped" {
		t.Errorf("after a panic of the verification, %d: %s", a.StatusCode, events)
	}
}

// T7: a route writes when its caller is verified, and only if it is the same.
func TestAnEarlyRouteWritesAfterTheVerification(t *testing.T) {
	for name, now := range map[string]struct {
		caller somebody
		err    error
		want   string
	}{
		"the same":      {somebody{"ana"}, nil, "read for ana, verified, written for ana"},
		"somebody else": {somebody{"chen"}, nil, "read for ana, verified, read for chen, written for chen"},
		"refused":       {somebody{}, problem.New(problem.NotAuthenticated), "read for ana, verified"},
	} {
		w := newWatched()
		w.get(t)
		w.serves(func(ctx context.Context, c somebody, _ struct{}) (Answer, error) {
			w.events <- "read for " + c.id
			err := gate.Pass(ctx)
			if err == nil {
				w.events <- "written for " + c.id
			}
			return Answer{Status: 200}, err
		})
		w.afterRead(now.caller, now.err)
		if _, events := w.get(t); events != now.want {
			t.Errorf("%s: %s, want %s", name, events, now.want)
		}
	}
}

// It may have effects that wait at no gate.
func TestAFunctionThatIsNotEarlyWaits(t *testing.T) {
	w := newWatched()
	w.Early = false
	w.get(t)
	if _, events := w.get(t); events != "verified, read for ana" {
		t.Error(events)
	}
}

// It runs no second time: it may have written.
func TestAPanicOfAnEarlyRouteIsLoggedWithItsCaller(t *testing.T) {
	w := newWatched()
	w.get(t)
	w.serves(func(ctx context.Context, _ somebody, _ struct{}) (Answer, error) {
		w.events <- "written"
		panic("a secret")
	})
	w.log.Reset()
	a, events := w.get(t)
	if line := w.log.String(); a.StatusCode != 500 || strings.Count(events, "written") != 1 ||
		!strings.Contains(line, `"callerId":"ana"`) || !strings.Contains(line, "early_test.go") || strings.Contains(line, "a secret") {
		t.Errorf("%d after %s, %s", a.StatusCode, events, line)
	}
}

// A Lambda makes one call at a time, but nothing may depend on that.
func TestABusyWorkerMakesNobodyWait(t *testing.T) {
	var w worker
	free, done := make(chan struct{}), make(chan struct{})
	w.do(func() { <-free })
	w.do(func() { <-free })
	w.do(func() { close(done) })
	<-done
	close(free)
}

// One more makes it forget one, whom its next call makes known again, and a caller who comes again makes it forget nobody.
func TestAProcessRemembersSoManyCallers(t *testing.T) {
	var known callers[somebody]
	for range 2 {
		for n := range mostRemembered {
			known.remember(strings.Repeat("x", n), somebody{"ana"})
		}
	}
	if len(known.of) != mostRemembered {
		t.Errorf("%d are remembered", len(known.of))
	}
	known.remember("one more", somebody{"ana"})
	if _, ok := known.find("one more"); !ok || len(known.of) != mostRemembered {
		t.Errorf("%d are remembered, the last: %v", len(known.of), ok)
	}
}
