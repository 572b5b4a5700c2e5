package structure

import (
	"go/ast"
	"path/filepath"
	"slices"
	"testing"
)

// earlyImports are all that an early function may import: none of them has an effect but the table, and what passes through it.
var earlyImports = []string{
	"carechat/shared/api", "carechat/shared/apigw", "carechat/shared/auth", "carechat/shared/chat", "carechat/shared/id",
	"carechat/shared/problem", "carechat/shared/table", "github.com/aws/aws-lambda-go/lambda", "cmp", "context", "time", "time/tzdata",
}

// T7: an early function has an effect by the table alone, and the table writes only where it has passed the gate.
func TestEarlyFunctionsHaveEffectsBehindTheGate(t *testing.T) {
	early := map[string]bool{}
	files := goFiles(t, "functions")
	for _, file := range files {
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if pair, ok := n.(*ast.KeyValueExpr); ok {
				if name, ok := pair.Key.(*ast.Ident); ok && name.Name == "Early" {
					early[filepath.Dir(file.path)] = true
				}
			}
			return true
		})
	}
	if !early["functions/send"] {
		t.Errorf("the early functions are %v", early)
	}
	for _, file := range files {
		for _, imported := range file.syntax.Imports {
			if path, _ := stringValue(imported.Path); early[filepath.Dir(file.path)] && !slices.Contains(earlyImports, path) {
				t.Errorf("%s is early and imports %s, which may have effects that wait at no gate", file.path, path)
			}
		}
	}
}

// callers says which functions of shared/table may call a method.
var callers = map[string][]string{
	"PutItem": {"applyOne"}, "UpdateItem": {"applyOne"}, "DeleteItem": {"applyOne"}, "TransactWriteItems": {"transact"},
	"BatchWriteItem": {}, "ExecuteStatement": {}, "BatchExecuteStatement": {}, "ExecuteTransaction": {},
	"applyOne": {"apply"}, "transact": {"apply"}, "Pass": {"apply"},
}

func TestTheTableWritesBehindTheGate(t *testing.T) {
	passes := false
	for _, file := range goFiles(t, "shared/table") {
		for _, declared := range file.syntax.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(function, func(n ast.Node) bool {
				if called, ok := n.(*ast.SelectorExpr); ok {
					in, limited := callers[called.Sel.Name]
					if limited && !slices.Contains(in, function.Name.Name) {
						t.Errorf("%s: %s uses %s", file.path, function.Name.Name, called.Sel.Name)
					}
					passes = passes || called.Sel.Name == "Pass"
				}
				return true
			})
		}
	}
	if !passes {
		t.Error("apply does not pass the gate")
	}
}
