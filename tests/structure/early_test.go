package structure

import (
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// T7: an early function has an effect by the table alone, and the table writes only where it has passed the gate.
func TestEarlyFunctionsHaveEffectsBehindTheGate(t *testing.T) {
	early := map[string]bool{}
	files := goFiles(t, "functions")
	for _, file := range files {
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if pair, ok := n.(*ast.KeyValueExpr); ok {
				name, ok := pair.Key.(*ast.Ident)
				early[filepath.Dir(file.path)] = early[filepath.Dir(file.path)] || ok && name.Name == "Early"
			}
			return true
		})
	}
	if !early["functions/send"] || early["functions/preferences"] {
		t.Errorf("the early functions are %v", early)
	}
	for _, file := range files {
		for _, imported := range file.syntax.Imports {
			if path := imported.Path.Value; early[filepath.Dir(file.path)] &&
				(strings.Contains(path, "/sns") || strings.Contains(path, "aws-sdk") || strings.Contains(path, "net/http")) {
				t.Errorf("%s is early and imports %s, whose effects wait at no gate", file.path, path)
			}
		}
	}
}

// callers says in which functions of shared/table a call may be.
var callers = map[string][]string{
	"PutItem": {"applyOne"}, "UpdateItem": {"applyOne"}, "DeleteItem": {"applyOne"}, "TransactWriteItems": {"transact"},
	"BatchWriteItem": {}, "ExecuteStatement": {}, "applyOne": {"apply"}, "transact": {"apply"}, "Pass": {"apply"},
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
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if called, ok := call.Fun.(*ast.SelectorExpr); ok {
					in, limited := callers[called.Sel.Name]
					if limited && !slices.Contains(in, function.Name.Name) {
						t.Errorf("%s: %s calls %s", file.path, function.Name.Name, called.Sel.Name)
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
