package structure

import (
	"flag"
	"fmt"
	"go/doc"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"carechat/shared/api"
	"carechat/tests/support/contract"
	"carechat/tests/support/module"
)

const mapPage = "docs/map.md"

var (
	update = flag.Bool("update", false, "write the tables of packages and routes in "+mapPage)
	step   = regexp.MustCompile("(?m)^\\d+\\. `([\\w./-]+)`")
)

// TestTheMapShowsThePackagesAndRoutes holds the map's tables to the package
// comments, to the rules of who may import what, to template.yaml and to the contract.
func TestTheMapShowsThePackagesAndRoutes(t *testing.T) {
	page := string(module.Read(t, mapPage))
	want := page
	for name, table := range map[string]string{"shared": packageTable(t, "shared"), "local": packageTable(t, "local"), "routes": routeTable(t)} {
		want = module.WithSection(t, want, name, table)
	}
	if page == want {
		return
	}
	if !*update {
		t.Fatalf("%s is not what the code says: go test ./tests/structure -run Map -update", mapPage)
	}
	if err := os.WriteFile(filepath.Join(root, mapPage), []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// routeTable has a row for each route, in the contract's order.
func routeTable(t *testing.T) string {
	t.Helper()
	in := map[string]string{}
	for name, f := range load(t).Functions(t) {
		for _, route := range f.Routes() {
			in[route] = name
		}
	}
	operations := map[string]contract.Operation{}
	for _, o := range contract.Operations() {
		operations[o.Method+" "+o.Path] = o
	}
	var table strings.Builder
	table.WriteString("| route | what it is | who may call | function |\n|---|---|---|---|\n")
	for _, route := range api.Routes {
		o := operations[route]
		who := quote(o.Callers, "")
		if who == "" {
			who = "anybody"
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s | [%s](../functions/%[4]s) |\n", route, o.Summary, who, in[route])
	}
	return table.String()
}

// packageTable has a row for each package below a folder, in an order in which
// each imports only those above it.
func packageTable(t *testing.T, below string) string {
	var table strings.Builder
	table.WriteString("| package | what it does | may import | libraries |\n|---|---|---|---|\n")
	for _, path := range inOrder(t, below) {
		does := synopsis(t, path)
		if only := usedBy["carechat/"+path]; only != nil {
			does += "; of the functions, imported only by " + quote(only, "functions/")
		}
		fmt.Fprintf(&table, "| [%s](../%s) | %s | %s | %s |\n", strings.TrimPrefix(path, below+"/"), path, does,
			quote(rules[path].ours, below+"/"), quote(rules[path].others, "github.com/"))
	}
	return table.String()
}

// quote writes names as code, without a prefix.
func quote(names []string, prefix string) string {
	var all []string
	for _, name := range names {
		all = append(all, "`"+strings.TrimPrefix(name, prefix)+"`")
	}
	return strings.Join(all, " ")
}

// inOrder fails if packages may import each other in a circle.
func inOrder(t *testing.T, below string) []string {
	t.Helper()
	left := slices.DeleteFunc(slices.Sorted(maps.Keys(rules)), func(path string) bool { return filepath.Dir(path) != below })
	waits := func(path string) bool {
		return slices.ContainsFunc(rules[path].ours, func(each string) bool { return slices.Contains(left, each) })
	}
	var all []string
	for len(left) > 0 {
		i := slices.IndexFunc(left, func(path string) bool { return !waits(path) })
		if i < 0 {
			t.Fatalf("these may import each other in a circle: %q", left)
		}
		all, left = append(all, left[i]), slices.Delete(left, i, i+1)
	}
	return all
}

// synopsis is the first sentence of a package's comment, without its first words,
// "Package x" or "Command x".
func synopsis(t *testing.T, path string) string {
	t.Helper()
	for _, file := range goFiles(t, path) {
		if file.syntax.Doc != nil {
			words := strings.SplitN(new(doc.Package).Synopsis(file.syntax.Doc.Text()), " ", 3)
			return strings.TrimSuffix(words[len(words)-1], ".")
		}
	}
	t.Errorf("%s has no package comment", path)
	return ""
}

// TestPathsNeverTurnBack holds each list of files in the map to one direction:
// it does not come back to a package that it has left.
func TestPathsNeverTurnBack(t *testing.T) {
	sections := strings.Split(string(module.Read(t, mapPage)), "\n### ")[1:]
	if len(sections) == 0 {
		t.Fatalf("%s shows no path", mapPage)
	}
	for _, section := range sections {
		name, _, _ := strings.Cut(section, "\n")
		var left []string
		at := ""
		for _, each := range step.FindAllStringSubmatch(section, -1) {
			if !exists(each[1]) {
				t.Errorf("%s: %s is not there", name, each[1])
			}
			if folder := filepath.Dir(each[1]); folder != at {
				if slices.Contains(left, folder) {
					t.Errorf("%s: turns back into %s", name, folder)
				}
				left, at = append(left, at), folder
			}
		}
		if at == "" {
			t.Errorf("%s has no files", name)
		}
	}
}
