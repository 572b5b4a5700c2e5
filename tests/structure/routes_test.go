package structure

import (
	"carechat/tests/support/module"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

func TestEachFunctionServesItsRoutes(t *testing.T) {
	deployed := load(t).Functions(t)
	for _, name := range folders(t) {
		if diff := cmp.Diff(deployed[name].Routes(), routeKeys(t, name)); diff != "" {
			t.Errorf("%s: the routes of template.yaml (-) and of the code (+) differ:\n%s", name, diff)
		}
	}
}

var routeKey = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE|ANY) /\S*$`)

// routeKeys returns the keys of map literals in a function's code that look like routes.
func routeKeys(t *testing.T, function string) []string {
	t.Helper()
	var keys []string
	for _, file := range goFiles(t, filepath.Join("functions", function)) {
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if pair, ok := n.(*ast.KeyValueExpr); ok {
				if key, ok := stringValue(pair.Key); ok && routeKey.MatchString(key) {
					keys = append(keys, key)
				}
			}
			return true
		})
	}
	slices.Sort(keys)
	return keys
}

// The contract has every route except the pages, which are not the API, and the fallback, which is every other path.
func TestTheContractHasEveryRoute(t *testing.T) {
	var served []string
	for name, f := range load(t).Functions(t) {
		if name != "pages" {
			served = append(served, f.Routes()...)
		}
	}
	served = slices.DeleteFunc(served, func(key string) bool { return strings.HasPrefix(key, "ANY ") })
	slices.Sort(served)

	var contract struct{ Paths map[string]map[string]any }
	if err := yaml.Unmarshal(module.Read(t, "shared/api/openapi.yaml"), &contract); err != nil {
		t.Fatal(err)
	}
	var promised []string
	for path, item := range contract.Paths {
		for method := range item {
			if key := strings.ToUpper(method) + " " + path; routeKey.MatchString(key) {
				promised = append(promised, key)
			}
		}
	}
	slices.Sort(promised)
	if diff := cmp.Diff(served, promised); diff != "" {
		t.Errorf("template.yaml (-) and openapi.yaml (+) differ:\n%s", diff)
	}
}

// source is a Go file that is not a test.
type source struct {
	path   string
	fset   *token.FileSet
	syntax *ast.File
}

// goFiles parses the Go files below a folder, without tests.
func goFiles(t *testing.T, below string) []source {
	t.Helper()
	var all []source
	for _, path := range goPaths(t, below) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		syntax, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{path: strings.TrimPrefix(path, root+"/"), fset: fset, syntax: syntax})
	}
	return all
}

func stringValue(e ast.Expr) (string, bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(literal.Value)
	return value, err == nil
}
