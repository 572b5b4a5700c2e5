package failures

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// outcome is what a run of a use case comes to.
type outcome struct {
	status int
	shown  string // the answer
	state  string // what look says afterwards
	lost   int    // how many answers were 503 before it
}

// play runs a use case once: whatever happens to its writes, the client calls
// until it has its answer. It says which writes the first call made.
func (u useCase) play(t *testing.T, sc *script) (o outcome, seen []string) {
	s := newScene(t)
	u.begin(s)
	if t.Failed() {
		t.FailNow() // there is nothing to try
	}
	sc.marks = []string{s.id, s.phone, s.contact()}
	s.untold = sc.rows != "" && sc.rows == u.told
	before := "nothing was looked at"
	if sc.how == nil && !u.once {
		before = u.look(s)
	}
	s.acted, s.checked = true, true
	endpoint.begin(sc)
	a := u.act(s)
	endpoint.end(sc) // what failed is over when the first answer is there
	for ; a.Status >= 500 && s.lost < 3; a = u.act(s) {
		s.lost++
		if a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
			t.Errorf("a failing store is answered %d, Retry-After %q: %s", a.Status, a.Header.Get("Retry-After"), a.Raw)
		}
	}
	s.checked = false
	o = outcome{status: a.Status, shown: s.shown(a), lost: s.lost}
	u.repeat(s, o)
	if o.state = u.look(s); o.state == before {
		t.Errorf("what is looked at does not show the effect: %s", before)
	}
	return o, sc.seen
}

// repeat sends the call once more, as a client does whose answer got lost (A2).
func (u useCase) repeat(s *scene, o outcome) {
	if u.once {
		return
	}
	a := u.act(s)
	if want := cmp.Or(u.again, o.status); a.Status != want {
		s.t.Errorf("the same call again: %d, want %d: %s", a.Status, want, a.Raw)
	}
	if got := s.shown(a); a.Status < 300 && got != o.shown {
		s.t.Errorf("the same call again answers something else (-first +again):\n%s", gocmp.Diff(o.shown, got))
	}
}

// Every write of every use case, failing once and failing until the function
// gives up; where nothing fails it makes the writes that its row says.
func TestEveryFailureOfEveryWriteEndsWell(t *testing.T) {
	for _, u := range useCases() {
		t.Run(u.name, func(t *testing.T) {
			t.Parallel()
			clean, seen := u.play(t, &script{})
			if u.contended {
				seen = slices.Compact(seen)
			}
			if diff := gocmp.Diff(u.writes, seen); diff != "" {
				t.Fatalf("the use case's row says other writes (-row +clean run):\n%s", diff)
			}
			for _, write := range u.writes {
				operation, rows, _ := strings.Cut(write, ": ")
				for i, f := range failures {
					t.Run(rows+"/"+f.name, func(t *testing.T) {
						t.Parallel()
						u.survives(t, clean, script{rows: rows, how: &failures[i], left: 1})
					})
					if !f.outlasts(u, operation) || rows == u.relearned {
						continue
					}
					t.Run(rows+"/"+f.name+" again and again", func(t *testing.T) {
						t.Parallel()
						u.survives(t, clean, script{rows: rows, how: &failures[i], left: forever})
					})
				}
			}
		})
	}
}

const forever = 1 << 20

// survives holds a run with failures against the clean one.
func (u useCase) survives(t *testing.T, clean outcome, sc script) {
	o, _ := u.play(t, &sc)
	switch {
	case sc.hurt == 0:
		t.Fatal("the write never came")
	case sc.left > 1 && o.lost == 0 && !sc.how.applied: // what was applied the function may find by itself
		t.Error("a store that kept failing was answered as if it were well")
	case o.status != clean.status && o.status != u.again:
		t.Errorf("status %d, without failures %d: %s", o.status, clean.status, o.shown)
	}
	if diff := gocmp.Diff(clean.shown, o.shown); o.status < 300 && diff != "" {
		t.Errorf("another answer than without failures (-without +with):\n%s", diff)
	}
	if diff := gocmp.Diff(clean.state, o.state); diff != "" {
		t.Errorf("another effect than without failures (-without +with):\n%s", diff)
	}
}
