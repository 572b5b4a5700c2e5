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

// unreachable lists the store's writes that no call of the local API makes, and why.
var unreachable = map[string]string{
	"SaveAskCount":   "source addresses are not counted where STAGE is local (S4)",
	"EndHandOver":    "upkeep finds its work by the schedule alone, and its next run does it again (T11)",
	"EndMove":        "upkeep finds its work by the schedule alone, and its next run does it again (T10)",
	"EndRename":      "upkeep finds its work by the schedule alone, and its next run does it again (T10)",
	"RenameEnrolled": "the same (T10)",
	"RenameSessions": "the same (T10)",
	"EraseRows":      "upkeep finds its work by the schedule alone: TestAnErasureThatWasKilledGoesOn of shared/table has its crashes (T14)",
	"PurgeMessages":  "the same (T14)",
	"SaveTombstone":  "the same (T14)",
	"ForgetThread":   "the operator runs a retention again, and what is forgotten is gone (T14)",
	"ForgetRequests": "the same (T14)",
	"SaveHold":       "the operator says it again, and it is as said (T14)",
	"SaveAttendance": "upkeep finds its work by the schedule alone, and its next run does it again (G10)",
	"SaveLateness":   "upkeep finds its work by the schedule alone, and its next run does it again (T13)",
	"SaveSweep":      "the schedule is off: TestOneSweepAtATime of shared/notice has its crashes",
}

// Every method of the store that writes has a use case here.
func TestEveryWriteHasAUseCase(t *testing.T) {
	tested := map[string]bool{}
	for name := range unreachable {
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

// storeWrites returns the table's methods that call what writes.
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
			if f, ok := d.(*ast.FuncDecl); ok && !slices.Contains(primitives, f.Name.Name) && writes(f) {
				all = append(all, f.Name.Name)
			}
		}
	}
	slices.Sort(all)
	return all
}

// primitives lists the functions that call only the SDK.
var primitives = []string{"apply", "applyAll", "applyOne", "transact"}

var calls = append([]string{"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem", "ExecuteStatement"}, primitives...)

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
