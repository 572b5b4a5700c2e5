// Package stories runs the scripts of docs/examples against a whole machine, and checks
// every answer against the contract.
package stories

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"carechat/local/machine"
	"carechat/tests/support/contract"
	"carechat/tests/support/watch"
)

// patience is longer than the schedule takes to send a link that the stream did not.
const patience = 3 * time.Minute

// host is a machine with a proxy that checks its API's answers against the contract.
type host struct {
	machine *watch.Machine
	api     string
}

func TestStories(t *testing.T) {
	here := start(t, machine.Config{})
	// Twice, in another order: no script needs another one or an empty table.
	for _, name := range []string{"story", "cancel", "hand-over", "notices", "coverage", "cancel", "story", "notices", "coverage", "hand-over"} {
		t.Run(name, func(t *testing.T) { here.run(t, name) })
	}
	t.Run("organization", func(t *testing.T) { here.run(t, "organization", "HURRY="+hurry(t, here.machine)) })
	for _, page := range pages {
		t.Run(page, func(t *testing.T) { here.runPage(t, page) })
	}
}

// With DATA_DIR a restart loses nothing.
func TestStoryAfterARestart(t *testing.T) {
	data := t.TempDir()
	here := start(t, machine.Config{DataDir: data})
	here.run(t, "story")
	before := here.conversation(t)
	issuer := here.machine.IssuerURL // its name is in every token and in the table
	here.machine.Check(t)

	here = start(t, machine.Config{DataDir: data, IssuerPort: port(t, issuer)})
	if after := here.conversation(t); after != before {
		t.Errorf("the conversation was\n%s\nand is, after the restart,\n%s", before, after)
	}
	here.run(t, "story")
	if after := here.conversation(t); !strings.HasPrefix(after, before+"\n") {
		t.Errorf("%s\ndoes not continue\n%s", after, before)
	}
}

// hurry returns an address that has upkeep run, after it has made the reply to a member late,
// for a script that would wait for an hour.
func hurry(t *testing.T, m *watch.Machine) string {
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if member := q.Get("member"); member != "" {
			m.MakeLate(t, q.Get("organization"), member, q.Get("program"))
			m.HurryUpkeep(t)
		}
		m.RunUpkeep(t)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func start(t *testing.T, config machine.Config) *host {
	t.Helper()
	started := watch.New(t, config)
	return &host{machine: started, api: contract.Proxy(t, started.URL).URL}
}

func port(t *testing.T, address string) int {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(parsed.Port())
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// run runs a script of docs/examples, which must succeed.
func (p *host) run(t *testing.T, name string, env ...string) {
	t.Helper()
	t.Log(p.bash(t, "./"+name+".sh", env...))
}

// conversation returns what ana and cm-rivera wrote to each other, one message a line.
func (p *host) conversation(t *testing.T) string {
	t.Helper()
	return p.bash(t, `source lib.sh
		log_in
		call GET /v1/members/me/chats
		call GET "$(json ".threads.find(t => t.careManager.id == 'cm-rivera').url")/messages?after=0&limit=100"
		json ".items.map(m => m.seq + ' ' + m.text).join('\n')"`)
}

// bash runs commands in docs/examples and returns what they print.
func (p *host) bash(t *testing.T, commands string, env ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	printed, err := p.machine.Shell(ctx, p.api, commands, env...)
	if err != nil {
		t.Fatal(err)
	}
	return printed
}
