package stories

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"carechat/tests/support/module"
)

// pages are the pages with lines for a reader to run while `make run` is running. The last one erases ana.
var pages = []string{"README.md", "docs/api.md", "docs/local.md", "docs/operations.md"}

// fence finds what a page says to run. A block that does not run here is no bash, but sh.
var fence = regexp.MustCompile("(?ms)^```bash\n(.*?)^```$")

// notHere lists the blocks of sh, by their first command, and why they do not run here.
var notHere = map[string]string{
	"README.md: make run":                                     "it starts the machine that is running, and every test",
	"README.md: make deploy":                                  "it needs an AWS account; deploy's tests and the rehearsal have its parts",
	"docs/api.md: seq 0 4999":                                 "it puts 5,000 members, which takes long; a few are put by the block before",
	"docs/api.md: TOPIC=$(aws cloudformation describe-stacks": "it needs an AWS account, and a subscription is the machine's own here",
	"docs/operations.md: make deploy STAGE=dev":               "it needs an AWS account; deploy's tests and the rehearsal have its parts",
	"docs/operations.md: make rollback STAGE=prod":            "it needs an AWS account; TestARollbackMovesWhatTheLastDeploymentChanged of deploy runs the script against a double",
	"docs/operations.md: aws sqs purge-queue":                 "it needs an AWS account: there are no queues here",
	"docs/operations.md: make redrive STAGE=prod":             "it needs an AWS account; TestARedriveRemovesOnlyWhatWasApplied of deploy runs the script against a double",
	"docs/operations.md: make -s table-template STAGE=prod":   "it needs an AWS account; TestARestoredTableServesAndIsSound restores here",
	"docs/operations.md: aws sns get-sms-sandbox":             "it needs an AWS account: texts have no limits here",
	"docs/operations.md: make text-log STAGE=prod":            "it needs an AWS account; TestTheTextLogIsSwitchedOn of deploy runs the script against a double",
}

// Every command of a page runs in TestStories, or notHere says why not.
func TestEveryCommandOfAPageRunsOrIsNamed(t *testing.T) {
	anyShell := regexp.MustCompile("(?m)^ *```(bash|sh)\n *(.*)$")
	said := map[string]bool{}
	for _, page := range allPages(t) {
		for _, b := range anyShell.FindAllStringSubmatch(string(module.Read(t, page)), -1) {
			if b[1] == "bash" {
				if !slices.Contains(pages, page) {
					t.Errorf("%s has a block of bash, and does not run: %s", page, b[2])
				}
				continue
			}
			named := ""
			for begin := range notHere {
				if strings.HasPrefix(page+": "+b[2], begin) {
					named = begin
				}
			}
			if said[named] = true; named == "" {
				t.Errorf("%s: nothing says why this does not run: %s", page, b[2])
			}
		}
	}
	for begin := range notHere {
		if !said[begin] {
			t.Errorf("no page says %s", begin)
		}
	}
}

// allPages returns every page of the repository.
func allPages(t *testing.T) (all []string) {
	t.Helper()
	for _, below := range []string{"", "docs", "docs/decisions", "functions/pages/client"} {
		found, err := filepath.Glob(module.Path(filepath.Join(below, "*.md")))
		if err != nil || len(found) == 0 {
			t.Fatalf("%q has no page: %v", below, err)
		}
		for _, path := range found {
			all = append(all, filepath.Join(below, filepath.Base(path)))
		}
	}
	return all
}

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
	lines := strings.NewReplacer("STAGE=prod", "STAGE=local",
		"http://localhost:3000", p.api, "http://localhost:3001", p.machine.InboxURL, "http://localhost:3002", p.machine.IssuerURL,
	).Replace(strings.Join(commands, "\n"))
	folder := t.TempDir()
	for _, name := range []string{"Makefile", "docs", "local", "go.mod", "go.sum", "deploy"} {
		if err := os.Symlink(module.Path(name), filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	// A refusal ends it, which without --fail is an answer like any other.
	if err := os.WriteFile(filepath.Join(folder, ".curlrc"), []byte("fail\nsilent\nshow-error\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	platform := p.bash(t, `source lib.sh; staff platform; echo "$TOKEN"`)
	t.Log(p.bash(t, "cd '"+folder+"'\n"+lines, "CURL_HOME="+folder, "API_URL="+p.api, "TOKEN="+platform, "INBOX_PORT="+strconv.Itoa(port(t, p.machine.InboxURL))))
}
