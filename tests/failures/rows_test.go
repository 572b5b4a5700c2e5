package failures

import (
	"carechat/tests/support/module"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// elsewhere are the store's writes that no caller of the local API reaches, with why.
var elsewhere = map[string]string{
	"SaveAskCount": "source addresses are not counted where STAGE is local (S4)",
}

// A new write of the store needs a use case here: its method is found in the
// source, and the use case's clean run says which writes it makes.
func TestEveryWriteHasAUseCase(t *testing.T) {
	tested := map[string]bool{}
	for name := range elsewhere {
		tested[name] = true
	}
	for _, u := range useCases() {
		for save := range strings.SplitSeq(u.saves, "+") {
			tested[save] = true
		}
	}
	var got []string
	for name := range tested {
		got = append(got, name)
	}
	slices.Sort(got)
	if diff := cmp.Diff(storeWrites(t), got); diff != "" {
		t.Errorf("the store's methods that write and the use cases' differ (-store +use cases):\n%s", diff)
	}
}

// storeWrites are the table's methods that call what writes.
func storeWrites(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(module.Path("shared/table/*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && !slices.Contains(lowest, f.Name.Name) && writes(f) {
				all = append(all, f.Name.Name)
			}
		}
	}
	slices.Sort(all)
	return all
}

// lowest are the functions below which there is only the SDK.
var lowest = []string{"apply", "applyOne", "transact"}

var calls = append([]string{"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem", "ExecuteStatement"}, lowest...)

func writes(f *ast.FuncDecl) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if to, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains(calls, to.Sel.Name) {
				found = true
			}
		}
		return !found
	})
	return found
}
