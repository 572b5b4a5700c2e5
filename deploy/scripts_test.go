package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"carechat/tests/support/module"
)

// fakeAWS returns a folder with an AWS CLI that is a shell script. It finds the folder in HERE.
func fakeAWS(t *testing.T, cli string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "aws"), []byte(cli), 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}

// script runs a script of this folder with the folder's AWS CLI, and returns what it prints.
func script(t *testing.T, folder, name string, args ...string) (string, error) {
	t.Helper()
	run := exec.Command(module.Path("deploy/"+name), args...)
	run.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "HERE="+folder)
	out, err := run.CombinedOutput()
	return string(out), err
}

func touch(t *testing.T, folder string, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func remove(t *testing.T, folder, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(folder, name)); err != nil {
		t.Fatal(err)
	}
}

func has(folder, name string) bool {
	_, err := os.Stat(filepath.Join(folder, name))
	return err == nil
}
