// Package interleavings runs every two use cases on one member side by side, on
// the real store, in every order that their calls to DynamoDB can take.
package interleavings

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"carechat/local/machine"
	"carechat/shared/chat"
	"carechat/shared/problem"
	"carechat/tests/invariants"
	"carechat/tests/town"
)

var emulator *machine.Emulator

func TestMain(m *testing.M) {
	var err error
	if emulator, err = machine.StartEmulator(context.Background(), 0, "", "../../.cache"); err != nil {
		panic(err)
	}
	defer emulator.Close()
	m.Run()
}

// pair are two acts in the world in which they mean most.
type pair struct {
	acts [2]act
	in   world
}

func (p pair) String() string { return p.acts[0].name + " and " + p.acts[1].name }

func pairs() []pair {
	var all []pair
	for i, a := range acts {
		for _, b := range acts[i:] {
			all = append(all, pair{[2]act{a, b}, meet(a.needs, b.needs)})
		}
	}
	for _, a := range repeats {
		all = append(all, pair{[2]act{a, a}, meet(a.needs, a.needs)})
	}
	return all
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

// T2 to T5, G2 to G5: whatever the order of two use cases' calls, both
// answers and the rows that they leave are those of one after the other, and
// the rows are sound.
func TestEveryInterleavingIsSerial(t *testing.T) {
	for _, kind := range []world{asked, quiet, closed} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w, rows := build(t, emulator.URL, kind)
			ran, n := 0, 0
			for _, p := range pairs() {
				if p.in == kind {
					e := explorer{t, w, rows, p, 0}
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
	t    *testing.T
	w    *town.Town
	rows []invariants.Item
	pair pair
	ran  int
}

// result is what a schedule came to.
type result struct{ a, b, end string }

func (e *explorer) explore(prefix string) {
	results := map[result][]choice{}
	var serial []result
	for plan := []choice{}; plan != nil; {
		made, r := e.settled(plan, fmt.Sprintf("%s-%d", prefix, e.ran))
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

// settled tries a schedule; two alone must come to an end (T5). A call gives up
// after 3 s, which a machine may take from it: the product would do so again.
func (e *explorer) settled(plan []choice, member string) ([]choice, result) {
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
	if err := copyTo(ctx, e.w, e.rows, member); err != nil {
		e.t.Fatal(err)
	}
	ts := newTurns()
	s := &chat.Service{Store: e.w.Table, Now: e.w.Chat.Now, NewID: ids()}
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
	rows, err := rowsOf(ctx, e.w, member)
	if err != nil {
		e.t.Fatal(err)
	}
	for _, v := range invariants.Verify(invariants.Snapshot{Rows: rows}) {
		e.t.Errorf("%s by %s: %v", e.pair, spell(made), v)
	}
	return made, result{answers[0], answers[1], end(rows)}
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
