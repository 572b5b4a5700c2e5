// Package interleavings runs every two use cases on one member side by side, on
// the real store, in every order that their calls to DynamoDB can take: once where
// orders differ only in calls that have no order between them.
package interleavings

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"carechat/shared/problem"
	"carechat/tests/support/emulator"
	"carechat/tests/support/invariants"
)

func TestMain(m *testing.M) { emulator.Main(m) }

// pair are two acts in the world in which they mean most.
type pair struct {
	acts    [2]act
	in      world
	settles bool // it is followed until nothing is due any more
}

// job reports whether one of them is: then only what it comes to in the end is serial.
func (p pair) job() bool { return p.acts[0].job || p.acts[1].job }

// hushing is the act that forbids the other one to send something.
func (p pair) hushing() (index int, ok bool) {
	index = slices.IndexFunc(p.acts[:], func(a act) bool { return a.hushes != nil })
	return index, index >= 0 && p.acts[1-index].name == notify.name
}

// batches are the ways in which this pair's batches of rows are read. Those of
// notices are too many to take apart.
func (p pair) batches() []batches {
	if p.settles {
		return []batches{atOnce}
	}
	return []batches{forward, backward}
}

func (p pair) String() string { return p.acts[0].name + " and " + p.acts[1].name }

func pairs() []pair {
	var all []pair
	for i, a := range acts {
		for _, b := range acts[i:] {
			all = append(all, pair{[2]act{a, b}, meet(a.needs, b.needs), false})
		}
	}
	for _, a := range repeats {
		all = append(all, pair{[2]act{a, a}, meet(a.needs, a.needs), false})
	}
	return append(all, noticePairs()...)
}

// meet is the world of two acts: closed if one needs that, else asked, else quiet.
func meet(a, b world) world {
	for _, w := range []world{closed, asked, quiet} {
		if a == w || b == w {
			return w
		}
	}
	return asked
}

// T2 to T5, G2 to G7: whatever the order of two use cases' calls, both
// answers and the rows that they leave are those of one after the other, and
// the rows are sound. Notices are followed until nothing is due any more.
func TestEveryInterleavingIsSerial(t *testing.T) {
	for _, kind := range worlds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := build(t, emulator.URL, kind)
			ran, n := 0, 0
			for _, p := range pairs() {
				if p.in != kind {
					continue
				}
				for _, b := range p.batches() {
					e := explorer{t, w, p, b, 0, map[string]string{}}
					e.explore(fmt.Sprintf("m%04d", n))
					ran, n = ran+e.ran, n+1
				}
			}
			t.Logf("%d interleavings of %d pairs", ran, n)
		})
	}
}

// explorer tries every schedule of a pair.
type explorer struct {
	t       *testing.T
	w       *scene
	pair    pair
	batches batches
	ran     int
	settled map[string]string // how what a schedule left ended
}

// result is what a schedule came to.
type result struct{ a, b, end string }

func (e *explorer) explore(prefix string) {
	results := map[result][]choice{}
	var serial []result
	for plan := []choice{}; plan != nil; {
		made, r := e.ended(plan, fmt.Sprintf("%s-%d", prefix, e.ran))
		if _, ok := results[r]; !ok {
			results[r] = made
		}
		if isSerial(made) {
			serial = append(serial, r)
		}
		plan = following(made)
	}
	if len(serial) != 2 {
		e.t.Fatalf("%s: %d serial orders among %d schedules", e.pair, len(serial), e.ran)
	}
	for r, made := range results {
		if !slices.Contains(serial, r) {
			e.t.Errorf("%s by %s:\n%s\nno serial order gives that, but:\n%s", e.pair, spell(made), r, serial)
		}
	}
}

func (r result) String() string { return "  " + r.a + "\n  " + r.b + "\n" + r.end }

// ended tries a schedule; two alone must come to an end (T5). A call gives up
// after 3 s, which a machine may take from it: the product would do so again.
func (e *explorer) ended(plan []choice, member string) ([]choice, result) {
	e.t.Helper()
	made, r := e.try(plan, member)
	if r.gaveUp() {
		if made, r = e.try(plan, member+"-again"); r.gaveUp() {
			e.t.Errorf("%s by %s: no end:\n%s", e.pair, spell(made), r)
		}
	}
	return made, r
}

func (r result) gaveUp() bool {
	return slices.ContainsFunc([]string{r.a, r.b}, func(answer string) bool {
		return strings.HasPrefix(answer, string(problem.Unavailable)) || strings.HasPrefix(answer, "failed")
	})
}

// try runs one schedule on a member of its own.
func (e *explorer) try(plan []choice, member string) ([]choice, result) {
	e.t.Helper()
	e.ran++
	ctx := e.t.Context()
	if err := e.w.copyTo(ctx, member); err != nil {
		e.t.Fatal(err)
	}
	ts, s := newTurns(e.batches), newStage(e.w.Town, e.w.post, "new")
	var answers [2]string
	var actors [2]func(context.Context)
	for i, a := range e.pair.acts {
		actor := i
		if a.retry {
			actor = 0
		}
		actors[i] = func(ctx context.Context) { answers[i] = a.run(ctx, s, actor, member) }
	}
	made := ts.run(ctx, plan, actors)
	rows := e.sound(made, member)
	r := result{answers[0], answers[1], end(rows)}
	if e.pair.settles {
		e.checkHeard(made, s)
		if ended := e.settle(made, s, rows, member); e.pair.job() {
			r.end = ended
		}
	}
	return made, r
}

// sound reads a member's rows and checks them.
func (e *explorer) sound(made []choice, member string) []invariants.Item {
	e.t.Helper()
	rows, err := e.w.rowsOf(e.t.Context(), member)
	if err != nil {
		e.t.Fatal(err)
	}
	for _, v := range invariants.Verify(invariants.Snapshot{Rows: rows}) {
		e.fail(made, "%v", v)
	}
	return rows
}

func (e *explorer) fail(made []choice, why string, args ...any) {
	e.t.Helper()
	e.t.Errorf("%s by %s: %s", e.pair, spell(made), fmt.Sprintf(why, args...))
}

// isSerial reports whether one actor ended before the other's first call.
func isSerial(made []choice) bool {
	changes := 0
	for i := range made[1:] {
		if made[i].actor != made[i+1].actor {
			changes++
		}
	}
	return changes == 1
}

func spell(made []choice) string {
	var b strings.Builder
	for _, c := range made {
		b.WriteByte("AB"[c.actor])
	}
	return b.String()
}
