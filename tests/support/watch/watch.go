// Package watch runs machines for the tests and checks each when its tests are
// over: its table must keep the invariants, its events the contract, and no word or
// secret that it was given may be where it must not be.
package watch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"carechat/local/machine"
	"carechat/tests/support/contract"
	"carechat/tests/support/module"
	"carechat/tests/support/tables"
)

// Machine is a machine that is checked before it ends.
type Machine struct {
	*machine.Machine
	config machine.Config
	log    *buffer
	leaks  *leaks
	ended  bool
}

// Start starts a machine of the repository's template. The caller ends it.
func Start(ctx context.Context, config machine.Config) (*Machine, error) {
	config.TemplatePath = cmp.Or(config.TemplatePath, module.Path("template.yaml"))
	m := &Machine{config: config, log: &buffer{}, leaks: newLeaks()}
	config.Log, config.Invoked = m.log, m.leaks.observe
	var err error
	m.Machine, err = machine.Start(ctx, config)
	return m, err
}

// New starts a machine that is checked and ended when the test ends.
func New(t testing.TB, config machine.Config) *Machine {
	t.Helper()
	m, err := Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Check(t) })
	return m
}

// Restart checks and ends the machine, and starts one like it in its place.
func (m *Machine) Restart(t testing.TB) {
	t.Helper()
	m.Check(t)
	fresh, err := Start(context.WithoutCancel(t.Context()), m.config)
	if err != nil {
		t.Fatal(err)
	}
	*m = *fresh
}

// Check ends the machine and fails the test for everything wrong with it.
func (m *Machine) Check(t testing.TB) {
	t.Helper()
	for _, wrong := range m.End() {
		t.Error(wrong)
	}
}

// End ends the machine and returns what is wrong with it, or nil if it had ended before.
func (m *Machine) End() (wrong []string) {
	if m.ended {
		return nil
	}
	m.ended = true
	defer m.Close()
	ctx := context.Background()
	found, err := tables.Of(ctx, m.DynamoDB, machine.TableName)
	for _, each := range found {
		wrong = append(wrong, each.String())
	}
	all, scanErr := tables.Scan(ctx, m.DynamoDB, machine.TableName)
	messages, inboxErr := m.messages()
	if err = errors.Join(err, scanErr, inboxErr); err != nil {
		wrong = append(wrong, fmt.Sprint("the machine cannot be checked: ", err))
	}
	var texts []string
	for _, each := range messages {
		texts = append(texts, each.Subject+"\n"+each.Text)
		if each.Channel == "event" {
			if err := contract.CheckEvent(each.Text); err != nil {
				wrong = append(wrong, err.Error())
			}
		}
	}
	return append(wrong, m.leaks.find(m.Log(), texts, all.Rows)...)
}

// Main runs a package's tests on one machine, checks it and exits. ready is
// called with the machine before the first test.
func Main(tests *testing.M, config machine.Config, ready func(*Machine) error) {
	m, err := Start(context.Background(), config)
	if err == nil {
		err = ready(m)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := tests.Run()
	for _, wrong := range m.End() {
		fmt.Fprintln(os.Stderr, wrong)
		code = max(code, 1)
	}
	os.Exit(code)
}

// Shell runs bash commands in docs/examples against an API in front of the
// machine, and returns what they print.
func (m *Machine) Shell(ctx context.Context, api, commands string, env ...string) (string, error) {
	shell := exec.CommandContext(ctx, "bash", "-c", commands)
	shell.Dir = module.Path("docs/examples")
	shell.Env = append(os.Environ(), "API="+api, "INBOX="+m.InboxURL, "ISSUER="+m.IssuerURL)
	shell.Env = append(shell.Env, env...)
	var stderr strings.Builder
	shell.Stderr = &stderr
	printed, err := shell.Output()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s%s", commands, err, printed, stderr.String())
	}
	return strings.TrimSpace(string(printed)), err
}

// Log returns what the functions wrote, each line after its function's name.
func (m *Machine) Log() string { return m.log.String() }

// buffer is a bytes.Buffer for concurrent use.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *buffer) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

func (t *buffer) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}
