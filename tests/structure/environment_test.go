package structure

import (
	"cmp"
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// goVariable is read by Go itself.
const goVariable = "GOMAXPROCS"

// The template names exactly the variables that the code reads: `sam local` drops any other.
func TestTheEnvironmentIsTheCodes(t *testing.T) {
	all := load(t)
	named := maps.Clone(all.Globals.Function.Environment.Variables)
	for _, f := range all.Functions(t) {
		maps.Copy(named, f.Environment.Variables)
	}
	delete(named, goVariable)
	if diff := gocmp.Diff(slices.Sorted(maps.Keys(named)), variablesRead(t)); diff != "" {
		t.Errorf("template.yaml (-) and the code (+) name different variables:\n%s", diff)
	}
}

// A function with less memory than a whole processor needs has one thread: more would
// only take turns.
func TestSmallFunctionsHaveOneProcessor(t *testing.T) {
	const aProcessor = 1769 // MB
	global := load(t).Globals.Function
	for name, f := range load(t).Functions(t) {
		small := cmp.Or(f.MemorySize, global.MemorySize) < aProcessor
		set := cmp.Or(f.Environment.Variables[goVariable], global.Environment.Variables[goVariable])
		if small != (set == "1") {
			t.Errorf("%s: GOMAXPROCS is %v", name, set)
		}
	}
}

// variablesRead returns the names that are arguments of shared/env's functions, without Lambda's own.
func variablesRead(t *testing.T) []string {
	t.Helper()
	names := map[string]bool{}
	for _, below := range []string{"functions", "shared"} {
		for _, file := range goFiles(t, below) {
			ast.Inspect(file.syntax, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 1 && readsEnvironment(call.Fun, file.syntax.Name.Name) {
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

// readsEnvironment reports whether a function, as a package names it, is one of shared/env's.
func readsEnvironment(f ast.Expr, pkg string) bool {
	switch f := f.(type) {
	case *ast.SelectorExpr:
		p, ok := f.X.(*ast.Ident)
		return ok && p.Name == "env"
	case *ast.Ident:
		return pkg == "env"
	}
	return false
}

func TestOnlyOnePackageReadsTheEnvironment(t *testing.T) {
	for _, below := range []string{"functions", "shared"} {
		for _, file := range goFiles(t, below) {
			ast.Inspect(file.syntax, func(n ast.Node) bool {
				s, ok := n.(*ast.SelectorExpr)
				if ok && slices.Contains([]string{"Getenv", "LookupEnv", "Environ"}, s.Sel.Name) && file.path != "shared/env/env.go" {
					t.Errorf("%s: %s", file.fset.Position(s.Pos()), s.Sel.Name)
				}
				return true
			})
		}
	}
}

func lambdasOwn(name string) bool {
	return strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "AWS_ENDPOINT_URL")
}

// PUBLIC_URL names the API, whose definition names every function with a route: for those it would be circular.
func TestOnlyWhoSendsTextsKnowsThePublicURL(t *testing.T) {
	all := load(t)
	if _, ok := all.Globals.Function.Environment.Variables["PUBLIC_URL"]; ok {
		t.Error("PUBLIC_URL is in Globals")
	}
	for name, f := range all.Functions(t) {
		if _, ok := f.Environment.Variables["PUBLIC_URL"]; ok != (name == "notify" || name == "keyword") {
			t.Errorf("%s: PUBLIC_URL %v", name, ok)
		}
	}
}
