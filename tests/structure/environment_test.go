package structure

import (
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The template names every variable that the code reads, or `sam local` drops it; and no other.
func TestTheEnvironmentIsTheCodes(t *testing.T) {
	all := load(t)
	named := maps.Clone(all.Globals.Function.Environment.Variables)
	for _, f := range all.Functions(t) {
		maps.Copy(named, f.Environment.Variables)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(named)), variablesRead(t)); diff != "" {
		t.Errorf("template.yaml (-) and the code (+) name different variables:\n%s", diff)
	}
}

// variablesRead are those whose names are arguments of os.Getenv or os.LookupEnv, without Lambda's own.
func variablesRead(t *testing.T) []string {
	t.Helper()
	names := map[string]bool{}
	for _, below := range []string{"functions", "shared"} {
		for _, file := range goFiles(t, below) {
			ast.Inspect(file.syntax, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 1 && readsEnvironment(call.Fun) {
					if name, ok := stringValue(call.Args[0]); ok && !lambdasOwn(name) {
						names[name] = true
					}
				}
				return true
			})
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func readsEnvironment(f ast.Expr) bool {
	s, ok := f.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	p, ok := s.X.(*ast.Ident)
	return ok && p.Name == "os" && (s.Sel.Name == "Getenv" || s.Sel.Name == "LookupEnv")
}

func lambdasOwn(name string) bool {
	return strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "AWS_ENDPOINT_URL")
}

// PUBLIC_URL names the API, whose definition names every function that has a route: for those it is circular.
func TestOnlyNotifyKnowsThePublicURL(t *testing.T) {
	all := load(t)
	if _, ok := all.Globals.Function.Environment.Variables["PUBLIC_URL"]; ok {
		t.Error("PUBLIC_URL is in Globals")
	}
	for name, f := range all.Functions(t) {
		if _, ok := f.Environment.Variables["PUBLIC_URL"]; ok != (name == "notify") {
			t.Errorf("%s: PUBLIC_URL %v", name, ok)
		}
	}
}
