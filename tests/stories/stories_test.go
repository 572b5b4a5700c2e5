// Package stories runs what docs/examples shows, against the whole machine,
// with every answer held against the contract.
package stories

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"carechat/local/machine"
	"carechat/tests/support/contract"
	"carechat/tests/support/watch"
)

// patience is longer than the schedule, which sends a link when the stream does not.
const patience = 3 * time.Minute

// place is a running machine, its API behind the contract.
type place struct {
	machine *watch.Machine
	api     string
}

func TestStories(t *testing.T) {
	here := start(t, machine.Config{})
	// Twice, in another order: none needs another, or an empty table.
	for _, name := range []string{"story", "cancel", "hand-over", "notices", "cancel", "story", "notices", "hand-over"} {
		t.Run(name, func(t *testing.T) { here.run(t, name) })
	}
	t.Run("five-calls", func(t *testing.T) {
		ana := here.bash(t, `source lib.sh; log_in; echo "$ANA"`)
		rivera := here.bash(t, `source lib.sh; staff careManager cm-rivera; echo "$TOKEN"`)
		here.run(t, "five-calls", "ANA="+ana, "RIVERA="+rivera)
	})
}

// With DATA_DIR a restart forgets nothing.
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
		t.Errorf("%s\ndoes not go on from\n%s", after, before)
	}
}

func start(t *testing.T, config machine.Config) *place {
	t.Helper()
	started := watch.New(t, config)
	return &place{machine: started, api: contract.Proxy(t, started.URL).URL}
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

// run wants the script of docs/examples to succeed.
func (p *place) run(t *testing.T, name string, env ...string) {
	t.Helper()
	t.Log(p.bash(t, "./"+name+".sh", env...))
}

// conversation is what ana and cm-rivera wrote to each other, a line each.
func (p *place) conversation(t *testing.T) string {
	t.Helper()
	return p.bash(t, `source lib.sh
		log_in
		call GET /v1/members/me/chats
		call GET "$(json ".threads.find(t => t.careManager.id == 'cm-rivera').url")/messages?after=0&limit=100"
		json ".items.map(m => m.seq + ' ' + m.text).join('\n')"`)
}

// bash runs commands beside the scripts and gives what they print.
func (p *place) bash(t *testing.T, commands string, env ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	printed, err := p.machine.Shell(ctx, p.api, commands, env...)
	if err != nil {
		t.Fatal(err)
	}
	return printed
}
