package failures

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// outcome is the result of a trial.
type outcome struct {
	status int
	shown  string // the answer
	state  string // the use case's state afterwards
	lost   int    // answers of 503 before it
}

// run runs a use case once. Whatever happens to its writes, the client calls until it
// gets its answer. It returns the writes of the first call, too.
func (u useCase) run(t *testing.T, sc *injection) (o outcome, seen []string) {
	s := newTrial(t)
	u.setUp(s)
	if t.Failed() {
		t.FailNow() // the set-up failed
	}
	sc.marks = []string{s.id, s.phone, s.contact()}
	s.sentUnrecorded = sc.rows != "" && sc.rows == u.sentWrite
	before := "not read"
	if sc.failure == nil && !u.notRepeatable {
		before = u.state(s)
	}
	s.acted, s.checked = true, true
	endpoint.add(sc)
	a := u.call(s)
	endpoint.remove(sc) // the failure ends with the first answer
	for ; a.Status >= 500 && s.lost < 3; a = u.call(s) {
		s.lost++
		if a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
			t.Errorf("the answer for a failing store is %d, Retry-After %q: %s", a.Status, a.Header.Get("Retry-After"), a.Raw)
		}
	}
	s.checked = false
	o = outcome{status: a.Status, shown: s.normalize(a), lost: s.lost}
	u.checkRepeat(s, o)
	if o.state = u.state(s); o.state == before {
		t.Errorf("the state does not show the effect: %s", before)
	}
	return o, sc.writes
}

// checkRepeat makes the call once more, as a client does whose answer was lost (A2).
func (u useCase) checkRepeat(s *trial, o outcome) {
	if u.notRepeatable {
		return
	}
	a := u.call(s)
	if want := cmp.Or(u.repeatStatus, o.status); a.Status != want {
		s.t.Errorf("the same call again: %d, want %d: %s", a.Status, want, a.Raw)
	}
	if got := s.normalize(a); a.Status < 300 && got != o.shown {
		s.t.Errorf("the answer to the same call differs (-first +again):\n%s", gocmp.Diff(o.shown, got))
	}
}

// Every write of every use case fails once, and fails until the function gives up.
// Without failures a use case makes the writes that it lists.
func TestEveryFailureOfEveryWriteEndsWell(t *testing.T) {
	for _, u := range useCases() {
		t.Run(u.name, func(t *testing.T) {
			t.Parallel()
			clean, seen := u.run(t, &injection{})
			if u.contended {
				seen = slices.Compact(seen)
			}
			if diff := gocmp.Diff(u.writes, seen); diff != "" {
				t.Fatalf("the use case makes other writes (-listed +made):\n%s", diff)
			}
			for _, write := range u.writes {
				operation, rows, _ := strings.Cut(write, ": ")
				for i, f := range failures {
					t.Run(rows+"/"+f.name, func(t *testing.T) {
						t.Parallel()
						u.checkInjection(t, clean, injection{rows: rows, failure: &failures[i], left: 1})
					})
					if !f.persistsIn(u, operation) || rows == u.optionalWrite {
						continue
					}
					t.Run(rows+"/"+f.name+" repeatedly", func(t *testing.T) {
						t.Parallel()
						u.checkInjection(t, clean, injection{rows: rows, failure: &failures[i], left: forever})
					})
				}
			}
		})
	}
}

const forever = 1 << 20

// checkInjection compares a trial with failures with the one without.
func (u useCase) checkInjection(t *testing.T, clean outcome, sc injection) {
	o, _ := u.run(t, &sc)
	switch {
	case sc.hits == 0:
		t.Fatal("the write was never made")
	case sc.left > 1 && o.lost == 0 && !sc.failure.applied: // a function may find by itself what was applied
		t.Error("the answer says success though the store kept failing")
	case o.status != clean.status && o.status != u.repeatStatus:
		t.Errorf("status %d, without failures %d: %s", o.status, clean.status, o.shown)
	}
	if diff := gocmp.Diff(clean.shown, o.shown); o.status < 300 && diff != "" {
		t.Errorf("the answer differs from the one without failures (-without +with):\n%s", diff)
	}
	if diff := gocmp.Diff(clean.state, o.state); diff != "" {
		t.Errorf("the effect differs from the one without failures (-without +with):\n%s", diff)
	}
}
