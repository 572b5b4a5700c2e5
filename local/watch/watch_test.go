package watch

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// write saves a file at once, so that a look meanwhile sees no half of it.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	draft := filepath.Join(filepath.Dir(path), ".draft")
	if err := os.WriteFile(draft, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(draft, path); err != nil {
		t.Fatal(err)
	}
}

func TestSavedFilesAreBuilt(t *testing.T) {
	root := t.TempDir()
	source, bundle := filepath.Join(root, "pages/app.js"), filepath.Join(root, "pages/static/app.js")
	write(t, source, "one")
	var builds [][]string
	ctx, cancel := context.WithCancel(t.Context())
	ticks, done := make(chan time.Time), make(chan struct{})
	go func() {
		defer close(done)
		Run(ctx, ticks, []string{root}, func(saved []string) {
			builds = append(builds, saved)
			write(t, bundle, "a bundle")
		})
	}()
	ticks <- time.Time{}
	write(t, source, "another")
	for range 4 {
		ticks <- time.Time{}
	}
	cancel()
	<-done
	// The bundle is new after the first build, and the same after the second.
	if diff := cmp.Diff([][]string{{source}, {bundle}}, builds); diff != "" {
		t.Error(diff)
	}
}

func TestDifferences(t *testing.T) {
	root := t.TempDir()
	path := func(name string) string { return filepath.Join(root, name) }
	for _, name := range []string{"same.go", "touched.go", "changed.go", "removed.go", "node_modules/a.js", ".git/index"} {
		write(t, path(name), "before")
	}
	before := scan([]string{root}, nil)
	later := time.Now().Add(time.Hour)
	write(t, path("changed.go"), "after!")
	write(t, path("added.go"), "before")
	write(t, path("node_modules/a.js"), "after!")
	for _, name := range []string{"touched.go", "changed.go"} {
		if err := os.Chtimes(path(name), later, later); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(path("removed.go")); err != nil {
		t.Fatal(err)
	}
	want := []string{path("added.go"), path("changed.go"), path("removed.go")}
	if diff := cmp.Diff(want, differences(before, scan([]string{root}, before))); diff != "" {
		t.Error(diff)
	}
}
