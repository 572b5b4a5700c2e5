package hostile

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/invariants"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/contract"
)

// probe is a call that must be refused.
type probe struct {
	name string
	call call
	want []int // statuses; none is any 4xx
}

// workers is how many probes are sent at once.
const workers = 8

// refuse sends the probes and fails the test unless each is refused and the table is
// unchanged afterwards.
func refuse(t *testing.T, probes []probe) {
	t.Helper()
	before := here.rows(t)
	queue := make(chan probe)
	var work sync.WaitGroup
	for range workers {
		work.Go(func() {
			l := here.line()
			defer l.hangUp()
			for p := range queue {
				if err := p.run(l); err != nil {
					t.Errorf("%s: %.300s: %v", p.name, p.call.method+" "+p.call.target+" "+string(p.call.body), err)
				}
			}
		})
	}
	for _, p := range probes {
		queue <- p
	}
	close(queue)
	work.Wait()
	if d := cmp.Diff(before, here.rows(t)); d != "" {
		t.Errorf("something refused was stored: %s", d)
	}
	if line := here.mentions(marker); line != "" {
		t.Errorf("the log repeats what was sent: %s", line)
	}
	t.Logf("%d probes", len(probes))
}

func (p probe) run(l *line) error {
	a, err := l.send(p.call)
	switch {
	case err != nil:
		return err
	case len(p.want) > 0 && !slices.Contains(p.want, a.status):
		return fmt.Errorf("got %d %.300s, want %d", a.status, a.body, p.want)
	case len(p.want) == 0 && a.status/100 != 4:
		return fmt.Errorf("got %d %.300s, want 4xx", a.status, a.body)
	case bytes.Contains(a.body, []byte(marker)) || strings.Contains(fmt.Sprint(a.header), marker):
		return fmt.Errorf("%d repeats what was sent: %.300s %v", a.status, a.body, a.header)
	}
	return p.call.check(a)
}

// base returns a call of an operation that would be accepted in another state.
func base(o contract.Operation) call {
	c := call{method: o.Method, target: here.path(o)}
	if len(o.Callers) > 0 {
		c = c.with("Authorization", "Bearer "+here.tokens[kind(o)])
	}
	if takesBody(o) {
		c.body = o.Body
		c = c.with("Content-Type", "application/json")
	}
	if o.ID == "requestChat" {
		c = c.with("Idempotency-Key", "hostile-0123456789")
	}
	return c
}

// kind returns who calls: the member if they may.
func kind(o contract.Operation) string { return o.Callers[0] }

// takesBody reports whether an operation has a body other than {}.
func takesBody(o contract.Operation) bool { return len(o.Body) > len("{}") }

// path returns an operation's path with ids that exist.
func (h *target) path(o contract.Operation) string {
	entries := map[string]string{"programs": "diabetes", "reasons": "symptoms", "departments": "nurses", "care-managers": "cm-rivera"}
	return strings.NewReplacer(
		"{memberId}", h.member.ID, "{requestId}", h.request, "{threadId}", h.thread, "{programId}", "diabetes", "{careManagerId}", "cm-rivera",
		"{id}", entries[strings.Split(o.Path, "/")[2]],
	).Replace(o.Path)
}

// rows returns the whole table, by key.
func (h *target) rows(t *testing.T) map[invariants.Key]string {
	t.Helper()
	all := map[invariants.Key]string{}
	for _, row := range h.Rows(t) {
		all[invariants.KeyOf(row)] = apiclient.JSON(row)
	}
	return all
}
