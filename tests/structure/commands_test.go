package structure

import (
	"encoding/json"
	"fmt"
	"os/exec"
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
