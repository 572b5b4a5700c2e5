package structure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"carechat/tests/support/module"
)

var (
	block      = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$")
	makeTarget = regexp.MustCompile("(?m)(?:`|^|; |&& )make ([a-z][a-z-]*)")
	target     = regexp.MustCompile(`(?m)^([a-z][a-z-]*):`)
	runs       = regexp.MustCompile(`(?m)^.*\$\((?:GO\) test|RACE\)) .*-run '?(\w[\w|]*).*$`)
	folder     = regexp.MustCompile(`\./[\w/]+`)
	declared   = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

// TestPagesNameTargetsThatExist holds every `make target` of a page to the Makefile.
func TestPagesNameTargetsThatExist(t *testing.T) {
	known := map[string]bool{}
	for _, name := range target.FindAllStringSubmatch(string(module.Read(t, "Makefile")), -1) {
		known[name[1]] = true
	}
	for path, text := range pages(t) {
		for _, name := range makeTarget.FindAllStringSubmatch(text, -1) {
			if !known[name[1]] {
				t.Errorf("%s: the Makefile has no target %s", path, name[1])
			}
		}
	}
}

// TestTheMakefileRunsTestsThatExist holds every -run of the Makefile to the tests of the folders beside it: Go passes where none matches.
func TestTheMakefileRunsTestsThatExist(t *testing.T) {
	for _, line := range runs.FindAllStringSubmatch(string(module.Read(t, "Makefile")), -1) {
		var sources []byte
		for _, f := range folder.FindAllString(line[0], -1) {
			paths, err := filepath.Glob(module.Path(f + "/*_test.go"))
			if err != nil || len(paths) == 0 {
				t.Errorf("no tests in %s: %v", f, err)
			}
			for _, path := range paths {
				source, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				sources = append(sources, source...)
			}
		}
		for word := range strings.SplitSeq(line[1], "|") {
			if !slices.ContainsFunc(declared.FindAllSubmatch(sources, -1), func(name [][]byte) bool { return bytes.Contains(name[1], []byte(word)) }) {
				t.Errorf("no test has %s in its name: %s", word, line[0])
			}
		}
	}
}

// TestBlocksAreInTheirLanguage parses every fenced block of a page as the language that it names.
func TestBlocksAreInTheirLanguage(t *testing.T) {
	for path, text := range pages(t) {
		for _, b := range block.FindAllStringSubmatch(text, -1) {
			if err := parse(b[1], b[2]); err != nil {
				t.Errorf("%s: %v in\n%s", path, err, b[2])
			}
		}
	}
}

func parse(language, text string) error {
	var any any
	switch language {
	case "json":
		return json.Unmarshal([]byte(text), &any)
	case "yaml":
		return yaml.Unmarshal([]byte(text), &any)
	case "sh", "bash":
		check := exec.Command("bash", "-n")
		check.Stdin = strings.NewReader(text)
		return check.Run()
	}
	if !slices.Contains([]string{"js", "mermaid", "text"}, language) {
		return fmt.Errorf("%q is no language", language)
	}
	return nil
}
