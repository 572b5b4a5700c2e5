package data

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Data holds people's words and a key, which neither git nor anybody else may see.
func TestAFolderIsHiddenFromGitAndOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ignored, err := os.ReadFile(filepath.Join(path, ".gitignore"))
	if err != nil || string(ignored) != "*\n" {
		t.Errorf("%q, %v", ignored, err)
	}
	if err := f.File("a.json").Save(1); err != nil {
		t.Fatal(err)
	}
	for _, each := range []string{path, filepath.Join(path, "a.json")} {
		if about, err := os.Stat(each); err != nil || about.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", each, about.Mode(), err)
		}
	}
}

func TestAFolderIsOneMachinesAlone(t *testing.T) {
	path := t.TempDir()
	first, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "another machine is running on the data in "+path) {
		t.Errorf("a second machine: %v", err)
	}
	first.Close()
	again, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

func TestNoFolderKeepsNothing(t *testing.T) {
	f, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.File("a.json").Save(1); err != nil || f.File("a.json") != "" || f.Path() != "" {
		t.Error(f.Path(), err)
	}
}
