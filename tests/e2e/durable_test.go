package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"carechat/local/machine"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/module"
	"carechat/tests/support/town"
)

// A hard kill of the whole machine loses nothing that was answered 201 (G1). The
// machine is a process of its own, as with `make run`.
func TestAHardKillLosesNothingThatWasAnswered(t *testing.T) {
	data := t.TempDir()
	m, kill := launch(t, data, "0")
	c := town.At(apiclient.New(t, m)).NewMember("dana")
	thread := c.Start()
	for i := range 20 {
		c.Self.Want(201, "POST", thread+"/messages", town.MessageBody(town.NewID("client"), fmt.Sprint("message ", i)))
	}
	kill()

	_, issuerPort, _ := strings.Cut(strings.TrimPrefix(m.IssuerURL, "http://"), ":")
	again, _ := launch(t, data, issuerPort) // the issuer's name is in the table
	rivera := apiclient.New(t, again).As("careManager", "harbor", "cm-rivera")
	page := rivera.Want(200, "GET", thread+"/messages?after=0&limit=100", "")
	if page.Text("lastSeq") != "21" || page.Text("items.20.text") != "message 19" {
		t.Errorf("after the kill: last seq %s, %s", page.Text("lastSeq"), page.Text("items.20.text"))
	}
}

// launch runs bin/local on free ports and reads its addresses from its summary.
func launch(t *testing.T, data, issuerPort string) (m *machine.Machine, kill func()) {
	t.Helper()
	cmd := exec.Command(module.Path("bin/local"))
	cmd.Dir = module.Root()
	cmd.Env = append(os.Environ(), "PORT=0", "INBOX_PORT=0", "DYNAMODB_PORT=0", "ISSUER_PORT="+issuerPort, "DATA_DIR="+data)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatalf("%v (make binaries local-machine builds it)", err)
	}
	kill = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	t.Cleanup(kill)
	m = &machine.Machine{}
	for lines := bufio.NewScanner(out); m.IssuerURL == "" && lines.Scan(); {
		switch where := address.FindString(lines.Text()); {
		case strings.Contains(lines.Text(), "the member's page"):
			m.URL = where
		case strings.Contains(lines.Text(), "log-ins"):
			m.IssuerURL = where
		}
	}
	if m.IssuerURL == "" {
		t.Fatal("the machine ended before it was ready")
	}
	return m, kill
}

var address = regexp.MustCompile(`http://[a-z0-9.]+:[0-9]+`)
