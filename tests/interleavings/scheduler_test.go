package interleavings

import (
	"context"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// scheduler lets two actors make their calls one at a time, in the order of a
// schedule.
type scheduler struct {
	arrived chan arrival // an actor waits before a call
	ended   chan int     // an actor has ended
	turn    [2]chan struct{}
	batches batches
}

// batches says how a batch of rows is read: at once, or row by row in either order.
type batches int

const (
	atOnce batches = iota
	forward
	backward
)

func newScheduler(b batches) *scheduler {
	return &scheduler{make(chan arrival), make(chan int), [2]chan struct{}{make(chan struct{}), make(chan struct{})}, b}
}

// arrival is an actor before a call.
type arrival struct {
	actor int
	call  call
}

// actor is who makes a call, found in its context.
type actor struct {
	*scheduler
	index int
}

type actorKey struct{}

// gate holds a call until it is its actor's turn. A call by nobody passes at once.
type gate struct{ next aws.HTTPClient }

func (g gate) Do(r *http.Request) (*http.Response, error) {
	if a, ok := r.Context().Value(actorKey{}).(actor); ok && a.batches != atOnce {
		if resp, err := oneByOne(r, a.batches == backward, g.pass); resp != nil || err != nil {
			return resp, err
		}
	}
	return g.pass(r)
}

func (g gate) pass(r *http.Request) (*http.Response, error) {
	c, err := callOf(r)
	if err != nil {
		return nil, err
	}
	await(r.Context(), c)
	return g.next.Do(r)
}

// await waits for the turn of the actor in ctx, if there is one.
func await(ctx context.Context, c call) {
	if a, ok := ctx.Value(actorKey{}).(actor); ok {
		a.arrived <- arrival{a.index, c}
		<-a.turn[a.index]
	}
}

// choice is one step of a schedule: the actor that went on.
type choice struct {
	actor int
	both  bool // the other one waited, too
	call  call // what the actor then did
}

// redundant reports whether the first actor's call would have had the same effect one
// step earlier: that order is run, or is itself redundant.
func redundant(made []choice, c call) bool {
	n := len(made)
	return n > 0 && made[n-1].both && made[n-1].actor == 1 && made[n-1].call.commutes(c)
}

// run runs both actions to their end: in the order of plan as far as it goes, then
// the first actor that waits, unless that is redundant. It returns every choice made.
func (t *scheduler) run(ctx context.Context, plan []choice, acts [2]func(context.Context)) []choice {
	for i, act := range acts {
		go func() {
			act(context.WithValue(ctx, actorKey{}, actor{t, i}))
			t.ended <- i
		}()
	}
	var made []choice
	var waiting [2]bool
	var calls [2]call
	look := func() { // until the one that is on its way waits or has ended
		select {
		case a := <-t.arrived:
			waiting[a.actor], calls[a.actor] = true, a.call
		case <-t.ended:
		}
	}
	look()
	look()
	for waiting[0] || waiting[1] {
		next := choice{both: waiting[0] && waiting[1]}
		switch {
		case next.both && len(made) < len(plan):
			next.actor = plan[len(made)].actor
		case !waiting[0], next.both && redundant(made, calls[0]):
			next.actor = 1
		}
		next.call = calls[next.actor]
		made = append(made, next)
		waiting[next.actor] = false
		t.turn[next.actor] <- struct{}{}
		look()
	}
	return made
}

// nextSchedule returns the next schedule in depth-first order, which differs in the last
// step at which the second actor could have gone instead, or nil if none is left.
func nextSchedule(made []choice) []choice {
	for n, c := range slices.Backward(made) {
		if c.both && c.actor == 0 {
			return append(slices.Clone(made[:n]), choice{actor: 1, both: true})
		}
	}
	return nil
}
