package structure

import (
	"carechat/tests/support/module"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	testName  = regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`")
	testsOf   = regexp.MustCompile("((?:`(?:Test|Fuzz)[A-Z]\\w*`(?:, | and )?)+) of `([a-z0-9/-]+)`")
	link      = regexp.MustCompile(`(?:\]\(|src=")([^)"#\s]*)(#[^)"\s]*)?[)"]`)
	namedPath = regexp.MustCompile("`((?:functions|shared|local|tests|docs)/[\\w./-]+)`")
	goName    = regexp.MustCompile("`([a-z]+)\\.([A-Z]\\w*)`")
	heading   = regexp.MustCompile(`(?m)^#+ (.*)$`)
	unslugged = regexp.MustCompile(`[^a-z0-9 _-]`)
)

// pages are the Markdown files, by path.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for path, text := range written(t) {
		if filepath.Ext(path) == ".md" {
			all[path] = text
		}
	}
	return all
}

// TestPagesNameTestsThatExist: a page names each test with its folder, as
// `TestName` of `folder`.
func TestPagesNameTestsThatExist(t *testing.T) {
	for path, text := range pages(t) {
		text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "`TestName` of `folder`", "")
		placed := 0
		for _, each := range testsOf.FindAllStringSubmatch(text, -1) {
			source := testSources(t, each[2])
			for _, name := range testName.FindAllStringSubmatch(each[1], -1) {
				if placed++; !strings.Contains(source, "\nfunc "+name[1]+"(") {
					t.Errorf("%s: %s is not in %s", path, name[1], each[2])
				}
			}
		}
		if all := len(testName.FindAllString(text, -1)); placed != all {
			t.Errorf("%s: %d of %d tests are named with their folder", path, placed, all)
		}
	}
}

// testSources is the text of a folder's tests.
func testSources(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, path := range files {
		all.Write(module.Read(t, strings.TrimPrefix(path, root+"/")))
	}
	return all.String()
}

// TestPagesLinkToWhatExists holds links within the repository, with the heading
// that they lead to, and the paths that a page names.
func TestPagesLinkToWhatExists(t *testing.T) {
	all := pages(t)
	for path, text := range all {
		for _, l := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(l[1], "://") {
				continue
			}
			target := path
			if l[1] != "" {
				target = filepath.Join(filepath.Dir(path), l[1])
			}
			if !exists(target) || l[2] != "" && !hasHeading(all[target], l[2][1:]) {
				t.Errorf("%s: %s%s leads nowhere", path, l[1], l[2])
			}
		}
		for _, named := range namedPath.FindAllStringSubmatch(text, -1) {
			if !exists(named[1]) {
				t.Errorf("%s: %s is not there", path, named[1])
			}
		}
	}
}

// TestPagesNameWhatIsExported holds names such as `chat.Thread` to the packages
// of this repository.
func TestPagesNameWhatIsExported(t *testing.T) {
	for path, text := range pages(t) {
		for _, name := range goName.FindAllStringSubmatch(text, -1) {
			folders := []string{"shared/" + name[1], "local/" + name[1], "tests/support/" + name[1]}
			folders = slices.DeleteFunc(folders, func(folder string) bool { return !exists(folder) })
			if len(folders) > 0 && !slices.ContainsFunc(folders, func(folder string) bool { return exports(t, folder, name[2]) }) {
				t.Errorf("%s: %q export no %s", path, folders, name[2])
			}
		}
	}
}

func exports(t *testing.T, folder, name string) bool {
	t.Helper()
	for _, file := range goFiles(t, folder) {
		for _, d := range file.syntax.Decls {
			if _, ok := exported(d)[name]; ok {
				return true
			}
		}
	}
	return false
}

func exists(path string) bool {
	_, err := os.Stat(filepath.Join(root, path))
	return err == nil
}

// hasHeading reports whether a page has the heading that an anchor is made of,
// as GitHub makes them.
func hasHeading(page, anchor string) bool {
	for _, h := range heading.FindAllStringSubmatch(page, -1) {
		if slug := unslugged.ReplaceAllString(strings.ToLower(h[1]), ""); strings.ReplaceAll(slug, " ", "-") == anchor {
			return true
		}
	}
	return false
}

// TestTheHelpersOfTestsAreListed: the comment of package support has a line for
// each package below it, and for nothing else.
func TestTheHelpersOfTestsAreListed(t *testing.T) {
	var listed, found []string
	for _, line := range regexp.MustCompile(`(?m)^//\t(\w+)  `).FindAllStringSubmatch(string(module.Read(t, "tests/support/doc.go")), -1) {
		listed = append(listed, line[1])
	}
	folders, err := filepath.Glob(filepath.Join(root, "tests/support/*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, each := range folders {
		if filepath.Ext(each) == "" {
			found = append(found, filepath.Base(each))
		}
	}
	if !slices.Equal(listed, found) {
		t.Errorf("listed are %v, and there are %v", listed, found)
	}
}
