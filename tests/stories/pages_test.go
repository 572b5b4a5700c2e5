package stories

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"carechat/tests/support/module"
)

// pages are the pages with lines for a reader to run while `make run` is running.
var pages = []string{"README.md", "docs/api.md", "docs/local.md"}

// fence finds what a page says to run. A block that runs on and on or needs AWS is
// no bash, but sh.
var fence = regexp.MustCompile("(?ms)^```bash\n(.*?)^```$")

// runPage runs the blocks of a page as they stand, one after the other in a copy
// of what they need, but for the ports.
func (p *host) runPage(t *testing.T, page string) {
	t.Helper()
	commands := []string{"set -euo pipefail"}
	for _, block := range fence.FindAllStringSubmatch(string(module.Read(t, page)), -1) {
		commands = append(commands, block[1])
	}
	if len(commands) == 1 {
		t.Fatalf("%s has nothing to run", page)
	}
	lines := strings.NewReplacer(
		"http://localhost:3000", p.api, "http://localhost:3001", p.machine.InboxURL, "http://localhost:3002", p.machine.IssuerURL,
	).Replace(strings.Join(commands, "\n"))
	folder := t.TempDir()
	for _, name := range []string{"Makefile", "docs", "local", "go.mod", "go.sum"} {
		if err := os.Symlink(module.Path(name), filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	// A refusal ends it, which without --fail is an answer like any other.
	if err := os.WriteFile(filepath.Join(folder, ".curlrc"), []byte("fail\nsilent\nshow-error\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	platform := p.bash(t, `source lib.sh; staff platform; echo "$TOKEN"`)
	t.Log(p.bash(t, "cd '"+folder+"'\n"+lines, "CURL_HOME="+folder, "API_URL="+p.api, "TOKEN="+platform))
}
