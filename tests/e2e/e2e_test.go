// Package e2e drives the compiled functions over HTTP, and checks every answer
// against the contract.
package e2e

import (
	"testing"

	"carechat/local/machine"
	"carechat/shared/chat"
	"carechat/tests/support/town"
	"carechat/tests/support/watch"
)

// shared is the machine of every test that does not break it. A test's members
// are its own.
var shared *watch.Machine

func TestMain(m *testing.M) {
	watch.Main(m, machine.Config{}, func(w *watch.Machine) error {
		shared = w
		return nil
	})
}

// newMember makes a member of the test's own.
func newMember(t testing.TB, m *watch.Machine, changes ...func(*chat.Profile)) town.Person {
	t.Helper()
	return town.At(m.Client(t)).NewMember(town.NewID("member"), changes...)
}

// newMachine starts a machine for one test, which sends notices when the test says so.
func newMachine(t *testing.T, config machine.Config) *watch.Machine {
	t.Helper()
	m := watch.New(t, config)
	m.SetTriggers(false)
	return m
}
