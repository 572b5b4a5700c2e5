// Package watched runs machines for the tests. When the tests of one are over,
// its table is held against what must be true of every table, and whatever it
// was told is looked for where it must not be.
package watched

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"carechat/local/machine"
	"carechat/tests/support/apitest"
	"carechat/tests/support/invariants"
)

// Machine is a machine that is looked at before it ends.
type Machine struct {
	*machine.Machine
	config machine.Config
	log    *tape
	canary *canary
	ended  bool
}

// Start starts a machine for a package two folders below the template.
func Start(ctx context.Context, config machine.Config) (*Machine, error) {
	config.TemplatePath = cmp.Or(config.TemplatePath, "../../template.yaml")
	m := &Machine{config: config, log: &tape{}, canary: newCanary()}
	config.Log, config.Invoked = m.log, m.canary.hear
	var err error
	m.Machine, err = machine.Start(ctx, config)
	return m, err
}

// New starts a machine that ends with the test, which fails if something is wrong then.
func New(t testing.TB, config machine.Config) *Machine {
	t.Helper()
	m, err := Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Check(t) })
	return m
}

// Renew ends the machine as Check does and starts one like it in its place.
func (m *Machine) Renew(t testing.TB) {
	t.Helper()
	m.Check(t)
	fresh, err := Start(context.WithoutCancel(t.Context()), m.config)
	if err != nil {
		t.Fatal(err)
	}
	*m = *fresh
}

// Check ends the machine and fails the test for everything that is wrong with it.
func (m *Machine) Check(t testing.TB) {
	t.Helper()
	for _, wrong := range m.End() {
		t.Error(wrong)
	}
}

// End ends the machine, if it has not ended, and says what is wrong with it.
func (m *Machine) End() (wrong []string) {
	if m.ended {
		return nil
	}
	m.ended = true
	defer m.Close()
	ctx := context.Background()
	found, err := invariants.Of(ctx, m.DynamoDB, machine.TableName)
	for _, each := range found {
		wrong = append(wrong, each.String())
	}
	all, scanErr := invariants.Scan(ctx, m.DynamoDB, machine.TableName)
	texts, inboxErr := m.texts()
	if err = errors.Join(err, scanErr, inboxErr); err != nil {
		wrong = append(wrong, fmt.Sprint("the machine cannot be looked at: ", err))
	}
	return append(wrong, m.canary.sing(m.Log(), texts, all.Rows)...)
}

// texts are what phones, mailboxes and subscribers got.
func (m *Machine) texts() (all []string, err error) {
	a, err := apitest.Caller{API: m.InboxURL}.Try("GET", "/messages", nil)
	if err != nil {
		return nil, err
	}
	var messages []machine.Message
	err = json.Unmarshal([]byte(a.Raw), &messages)
	for _, each := range messages {
		all = append(all, each.Subject+"\n"+each.Text)
	}
	return all, err
}

// Main runs a package's tests on one machine and ends the process. ready takes
// the machine before the first test.
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

// Shell runs commands beside docs/examples, whose functions they can use, against
// an API in front of the machine, and gives what they print.
func (m *Machine) Shell(ctx context.Context, api, commands string, env ...string) (string, error) {
	shell := exec.CommandContext(ctx, "bash", "-c", commands)
	shell.Dir = filepath.Join(filepath.Dir(m.config.TemplatePath), "docs/examples")
	shell.Env = append(os.Environ(), "API="+api, "INBOX="+m.InboxURL, "ISSUER="+m.IssuerURL)
	shell.Env = append(shell.Env, env...)
	var complaints strings.Builder
	shell.Stderr = &complaints
	printed, err := shell.Output()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s%s", commands, err, printed, complaints.String())
	}
	return strings.TrimSpace(string(printed)), err
}

// Log is what the functions wrote, each line with its function's name before it.
func (m *Machine) Log() string { return m.log.String() }

// tape keeps what is written on it.
type tape struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *tape) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

func (t *tape) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}
