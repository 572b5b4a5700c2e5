// Package sam tests the scripts beside it without Docker.
package sam

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Where containers reach this machine: as GATEWAY says, or by the bridge's gateway, or by the address of a bridge that
// names none, as before its first container. Without any it is an error that says what to do.
func TestTheAddressThatContainersReach(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("on macOS containers have a name for this machine, and the scripts look for no address")
	}
	const named, unnamed = `case "$*" in *IPAM*) echo 172.17.0.1 ;; esac`, `case "$*" in *IPAM*) echo ;; *) echo docker0 ;; esac`
	const up, down = `echo "3: docker0    inet 172.18.0.1/16 brd 172.18.255.255 scope global docker0"`, `exit 1`
	for name, c := range map[string]struct{ docker, ip, gateway, want string }{
		"a gateway":          {named, down, "", "172.17.0.1"},
		"a bridge alone":     {unnamed, up, "", "172.18.0.1"},
		"what GATEWAY says":  {named, up, "10.0.0.1", "10.0.0.1"},
		"neither":            {unnamed, down, "", "set GATEWAY"},
		"Docker is not here": {"exit 1", down, "", "set GATEWAY"},
	} {
		folder := t.TempDir()
		for tool, body := range map[string]string{"docker": c.docker, "ip": c.ip} {
			if err := os.WriteFile(filepath.Join(folder, tool), []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		ask := exec.Command("bash", "-c", "set -euo pipefail; . ./docker.sh; gateway")
		ask.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "GATEWAY="+c.gateway)
		out, err := ask.CombinedOutput()
		if !strings.Contains(string(out), c.want) || (err == nil) == strings.Contains(c.want, "set") {
			t.Errorf("%s: %v, %s", name, err, out)
		}
	}
}

// The lines of a call may come after the call was answered: the script looks again.
func TestLinesThatComeLateAreJoined(t *testing.T) {
	logs := filepath.Join(t.TempDir(), "log")
	script := `set -euo pipefail
		: >"$logs"; cd ../..; api=here
		curl() { printf 'HTTP/1.1 401\r\nX-Request-Id: ours\r\n\r\n'; }
		late=('{"requestId":"ours","lambdaRequestId":"theirs","apiRequestId":"edge"}' 'START RequestId: theirs')
		sleep() { echo "${late[0]:-}" >>"$logs"; late=("${late[@]:1}"); }
		eval "$(sed -n '/^join() {/,/^}/p' tests/sam/run.sh)"
		join`
	join := exec.Command("bash", "-c", script)
	join.Env = append(os.Environ(), "logs="+logs)
	if out, err := join.CombinedOutput(); err != nil || !strings.Contains(string(out), "ours is joined") {
		t.Errorf("%v, %s", err, out)
	}
}
