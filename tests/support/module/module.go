// Package module finds the repository's files from whatever folder a test runs in.
package module

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Root returns the folder that holds go.mod. It panics if the working folder is
// in no module.
var Root = sync.OnceValue(func() string {
	start, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	for folder := start; ; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		if folder == filepath.Dir(folder) {
			panic("module: no go.mod above " + start)
		}
	}
})

// Path returns where a file of the repository is: Path("docs/table.md").
func Path(name string) string { return filepath.Join(Root(), filepath.FromSlash(name)) }

// Read returns the content of a file of the repository.
func Read(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(Path(name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
