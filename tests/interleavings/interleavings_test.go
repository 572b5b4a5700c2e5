// Package interleavings runs any two use cases on one member concurrently, on the
// real store, in every order of their calls to DynamoDB. Orders that differ only in
// calls which commute are run once.
package interleavings

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"carechat/shared/chat"
	"carechat/shared/invariants"
	"carechat/shared/problem"
	"carechat/tests/support/emulator"
	"carechat/tests/support/tables"
)

func TestMain(m *testing.M) { emulator.Main(m) }

// pair is two actions, run in a state.
type pair struct {
	actions [2]action
	in      state
	drains  bool // due notices are sent afterwards until none is due
	// before changes who sees what of a run's member; nil if nothing of that changes, before
	// or by the actions.
	before func(ctx context.Context, s *services, member string) error
}

// multiSave reports whether one of them takes several saves: then only the state
// after draining is compared with the serial orders.
func (p pair) multiSave() bool { return p.actions[0].multiSave || p.actions[1].multiSave }

// forbidding returns the index of the action that forbids a notice, if the other one
// sends notices.
func (p pair) forbidding() (index int, ok bool) {
	index = slices.IndexFunc(p.actions[:], func(a action) bool { return a.forbids != nil })
	return index, index >= 0 && p.actions[1-index].name == notify.name
}

// batches returns how this pair's batch reads are made. Pairs of notices have too
// many reads to split them, and those of the staff one row in each.
func (p pair) batches() []batches {
	if p.drains || p.before != nil {
		return []batches{atOnce}
	}
	return []batches{forward, backward}
}

func (p pair) String() string { return p.actions[0].name + " and " + p.actions[1].name }

func pairs() []pair {
	var all []pair
	for i, a := range actions {
		for _, b := range actions[i:] {
			all = append(all, pair{actions: [2]action{a, b}, in: stateFor(a.needs, b.needs)})
		}
	}
	for _, a := range repeats {
		all = append(all, pair{actions: [2]action{a, a}, in: stateFor(a.needs, a.needs)})
	}
	all = append(all, helpPairs()...)
	all = append(all, staffPairs()...)
	for _, a := range actions {
		if strings.HasPrefix(a.name, "send by") {
			all = append(all, pair{actions: [2]action{erasure, a}, in: erasure.needs})
		}
	}
	return append(all, noticePairs()...)
}

// helpPairs are a colleague's help in a thread of their own, while the request is late,
// beside what may take the enrollment, or what is late, away from them (T13). A claim
// that comes second is refused by design, and told so.
func helpPairs() []pair {
	all := []pair{{actions: [2]action{help, help}, in: help.needs}}
	for _, a := range actions {
		if slices.Contains([]string{"cancel", "close", "hand over", "close enrollment", "send by the member"}, a.name) {
			all = append(all, pair{actions: [2]action{help, a}, in: help.needs})
		}
	}
	return all
}

// stateFor returns the state for two actions: closed if one needs that, else
// requested, else cancelled.
func stateFor(a, b state) state {
	for _, s := range []state{closed, requested, cancelled} {
		if a == s || b == s {
			return s
		}
	}
	return requested
}

// T2 to T5, G2 to G7: whatever the order of two use cases' calls, both answers and
// the rows that they leave are those of one after the other, and the rows keep the
// invariants. With notices that also holds when nothing is due any more.
func TestEveryInterleavingIsSerial(t *testing.T) {
	for _, kind := range states {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newModel(t, kind)
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

// explorer runs every schedule of a pair.
type explorer struct {
	t       *testing.T
	w       *model
	pair    pair
	batches batches
	ran     int
	drained map[string]string // outcomes by fingerprint, so that equal states are drained once
}

// result is both answers and the rows that a schedule leaves.
type result struct{ a, b, end string }

func (e *explorer) explore(prefix string) {
	results := map[result][]choice{}
	var serial []result
	for plan := []choice{}; plan != nil; {
		made, r := e.finish(plan, fmt.Sprintf("%s-%d", prefix, e.ran))
		if _, ok := results[r]; !ok {
			results[r] = made
		}
		if isSerial(made) {
			serial = append(serial, r)
		}
		plan = nextSchedule(made)
	}
	if len(serial) != 2 {
		e.t.Fatalf("%s: %d serial orders among %d schedules", e.pair, len(serial), e.ran)
	}
	for r, made := range results {
		if !slices.Contains(serial, r) {
			e.t.Errorf("%s by %s:\n%s\nno serial order gives that; they give:\n%s", e.pair, orderOf(made), r, serial)
		}
	}
}

func (r result) String() string { return "  " + r.a + "\n  " + r.b + "\n" + r.end }

// finish runs a schedule, in which neither action may give up (T5). A call gives up
// after 3 s, which a loaded machine can use up, so it is run once more then.
func (e *explorer) finish(plan []choice, member string) ([]choice, result) {
	e.t.Helper()
	made, r := e.run(plan, member)
	if r.gaveUp() {
		if made, r = e.run(plan, member+"-again"); r.gaveUp() {
			e.t.Errorf("%s by %s: gave up:\n%s", e.pair, orderOf(made), r)
		}
	}
	return made, r
}

func (r result) gaveUp() bool {
	return slices.ContainsFunc([]string{r.a, r.b}, func(answer string) bool {
		return strings.HasPrefix(answer, string(problem.Unavailable)) || strings.HasPrefix(answer, "failed")
	})
}

// run runs one schedule on a member of its own.
func (e *explorer) run(plan []choice, member string) ([]choice, result) {
	e.t.Helper()
	e.ran++
	ctx := e.t.Context()
	if err := e.w.copyTo(ctx, member); err != nil {
		e.t.Fatal(err)
	}
	ts, s := newScheduler(e.batches), newServices(e.w.Town, e.w.sns, "new")
	if err := e.prepare(s, member); err != nil {
		e.t.Fatal(err)
	}
	var answers [2]string
	var actors [2]func(context.Context)
	for i, a := range e.pair.actions {
		actor := i
		if a.retry {
			actor = 0
		}
		actors[i] = func(ctx context.Context) { answers[i] = a.run(ctx, s, actor, member) }
	}
	made := ts.run(ctx, plan, actors)
	rows := e.checkRows(made, member)
	r := result{answers[0], answers[1], outcomeOf(rows)}
	if e.pair.drains {
		e.checkForbidden(made, s)
		if ended := e.drain(made, s, rows, member); e.pair.multiSave() {
			r.end = ended
		}
	}
	return made, r
}

// prepare brings the organization into the state in which the pair begins.
func (e *explorer) prepare(s *services, member string) error {
	if e.pair.before == nil {
		return nil
	}
	if err := e.w.restoreStaff(e.t.Context()); err != nil {
		return err
	}
	s.UpkeepService = &chat.UpkeepService{Store: onlyOf{e.w.Table, member}, Now: s.Now}
	return e.pair.before(e.t.Context(), s, member)
}

// checkRows reads a member's rows and checks the invariants.
func (e *explorer) checkRows(made []choice, member string) []invariants.Item {
	e.t.Helper()
	rows, err := e.w.rowsOf(e.t.Context(), member)
	if err != nil {
		e.t.Fatal(err)
	}
	for _, v := range tables.Verify(tables.Snapshot{Rows: rows, Beside: e.w.beside}) {
		e.fail(made, "%v", v)
	}
	return rows
}

func (e *explorer) fail(made []choice, why string, args ...any) {
	e.t.Helper()
	e.t.Errorf("%s by %s: %s", e.pair, orderOf(made), fmt.Sprintf(why, args...))
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

// orderOf returns which actor made each call, such as ABBA.
func orderOf(made []choice) string {
	var b strings.Builder
	for _, c := range made {
		b.WriteByte("AB"[c.actor])
	}
	return b.String()
}
