package access

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	aTest   = regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`")
	ofFiles = regexp.MustCompile("((?:`(?:Test|Fuzz)[A-Z]\\w*`(?:, | and )?)+) of `([a-z0-9/]+)`")
)

// docs/security.md names tests that are there: every name, each of its folder.
func TestTheSecurityPageNamesTestsThatAreThere(t *testing.T) {
	page, err := os.ReadFile(root + "/docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(string(page), "## Who gets in")
	placed := 0
	for _, each := range ofFiles.FindAllStringSubmatch(rows, -1) {
		source := testsOf(t, each[2])
		for _, name := range aTest.FindAllStringSubmatch(each[1], -1) {
			if placed++; !strings.Contains(source, "\nfunc "+name[1]+"(") {
				t.Errorf("%s is not in %s", name[1], each[2])
			}
		}
	}
	if all := len(aTest.FindAllString(rows, -1)); placed != all || all == 0 {
		t.Errorf("%d of %d tests are named with their folder", placed, all)
	}
}

// testsOf is the text of a folder's tests.
func testsOf(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(raw)
	}
	return all.String()
}
