// Package emulator starts a DynamoDB emulator for tests.
package emulator

import (
	"context"
	"crypto/rand"
	"testing"

	"carechat/local/emulator"
	"carechat/tests/support/localaws"
	"carechat/tests/support/module"
)

// URL is the endpoint of the emulator that Main started.
var URL string

// Main runs a package's tests with one emulator for all of them. It panics if
// none starts.
func Main(m *testing.M) {
	e, err := start(context.Background())
	if err != nil {
		panic(err)
	}
	defer e.Close()
	URL = e.URL
	m.Run()
}

// Start starts an emulator that ends with the test, and returns its endpoint.
func Start(t testing.TB) string {
	t.Helper()
	e, err := start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e.URL
}

func start(ctx context.Context) (*emulator.Emulator, error) {
	return emulator.Start(ctx, emulator.Config{Cache: module.Path(".cache")})
}

// NewTable makes an empty table in the emulator that Main started, and returns its name.
func NewTable(t testing.TB) string {
	t.Helper()
	name := "t-" + rand.Text()
	if err := localaws.CreateTable(t.Context(), URL, name); err != nil {
		t.Fatal(err)
	}
	return name
}
