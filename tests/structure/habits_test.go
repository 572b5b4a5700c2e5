package structure

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"carechat/tests/support/module"
)

// code lists the folders with Go code.
var code = []string{"deploy", "functions", "shared", "local", "tests"}

// paths returns the files below a folder, without dependencies, relative to the root.
func paths(t *testing.T, below string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(filepath.Join(root, below), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Name() == "node_modules" || entry.Name() == "vendor":
			return fs.SkipDir
		case !entry.IsDir():
			all = append(all, strings.TrimPrefix(path, root+"/"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// goPaths returns the Go files below a folder.
func goPaths(t *testing.T, below string) []string {
	t.Helper()
	var all []string
	for _, path := range paths(t, below) {
		if filepath.Ext(path) == ".go" {
			all = append(all, filepath.Join(root, path))
		}
	}
	return all
}

func TestFilesAreShort(t *testing.T) {
	for _, below := range code {
		for _, path := range goPaths(t, below) {
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if lines := bytes.Count(body, []byte("\n")); lines > 350 {
				t.Errorf("%s has %d lines, more than 350", path, lines)
			}
		}
	}
}

func TestFunctionsAreShort(t *testing.T) {
	var lengths []int
	for _, below := range code {
		for _, file := range goFiles(t, below) {
			for _, d := range file.syntax.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
					lengths = append(lengths, file.fset.Position(f.End()).Line-file.fset.Position(f.Pos()).Line+1)
				}
			}
		}
	}
	slices.Sort(lengths)
	median, tail := lengths[len(lengths)/2], lengths[len(lengths)*95/100]
	t.Logf("%d functions, median %d lines, 95th percentile %d", len(lengths), median, tail)
	if median > 12 || tail > 45 {
		t.Errorf("functions have %d lines in the median and %d at the 95th percentile: more than 12 and 45", median, tail)
	}
}

// One comment covers a group of constants or variables, and a method of a
// standard interface needs none.
func TestExportedNamesAreDocumented(t *testing.T) {
	for _, file := range goFiles(t, "shared") {
		for _, d := range file.syntax.Decls {
			for name, doc := range exported(d) {
				if doc == nil {
					t.Errorf("%s: %s has no comment", file.path, name)
				}
			}
		}
	}
}

// The encoder's omitempty leaves out what is empty as JSON: a text, a list, an object, null.
// Of a number or a bool it leaves out nothing, in silence; omitzero does.
func TestNumbersAreLeftOutByOmitzero(t *testing.T) {
	scalar := regexp.MustCompile(`^(bool|u?int(8|16|32|64)?|float(32|64))$`)
	for _, file := range slices.Concat(goFiles(t, "shared"), goFiles(t, "functions")) {
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			f, ok := n.(*ast.Field)
			if !ok || f.Tag == nil || !strings.Contains(f.Tag.Value, ",omitempty") {
				return true
			}
			if id, ok := f.Type.(*ast.Ident); ok && scalar.MatchString(id.Name) {
				t.Errorf("%s: a %s has the tag %s", file.fset.Position(f.Pos()), id.Name, f.Tag.Value)
			}
			return true
		})
	}
}

var wellKnown = []string{"Error", "String", "Unwrap", "Is", "MarshalText", "UnmarshalText", "MarshalJSON", "UnmarshalJSON"}

// exported returns the exported names of a declaration with their comments.
func exported(d ast.Decl) map[string]*ast.CommentGroup {
	names := map[string]*ast.CommentGroup{}
	add := func(id *ast.Ident, doc *ast.CommentGroup) {
		if id.IsExported() {
			names[id.Name] = doc
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil || !slices.Contains(wellKnown, d.Name.Name) && exportedReceiver(d) {
			add(d.Name, d.Doc)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				add(s.Name, first(s.Doc, d.Doc))
			case *ast.ValueSpec:
				for _, id := range s.Names {
					add(id, first(s.Doc, s.Comment, d.Doc))
				}
			}
		}
	}
	return names
}

func exportedReceiver(f *ast.FuncDecl) bool {
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	id, ok := t.(*ast.Ident)
	return ok && id.IsExported()
}

func first(docs ...*ast.CommentGroup) *ast.CommentGroup {
	for _, doc := range docs {
		if doc != nil {
			return doc
		}
	}
	return nil
}

// TestKeysAreMadeInOneFile holds the first half of T1, TestNothingScans the second.
func TestKeysAreMadeInOneFile(t *testing.T) {
	for _, file := range goFiles(t, "shared/table") {
		if filepath.Base(file.path) == "keys.go" {
			continue
		}
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && (l.Kind == token.STRING || l.Kind == token.CHAR) && strings.Contains(l.Value, "#") {
				t.Errorf("%s: %s belongs in keys.go", file.fset.Position(l.Pos()), l.Value)
			}
			return true
		})
	}
}

func TestNothingScans(t *testing.T) {
	for _, below := range []string{"functions", "shared"} {
		for _, file := range goFiles(t, below) {
			if strings.HasSuffix(file.path, "shared/table/whole.go") {
				continue // for the operator's check of the whole table
			}
			ast.Inspect(file.syntax, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"ScanInput", "NewScanPaginator", "ExecuteStatement"}, s.Sel.Name) {
					t.Errorf("%s: %s", file.fset.Position(s.Pos()), s.Sel.Name)
				}
				return true
			})
		}
	}
}

// What starts goroutines outside of tests is run under the race detector by the Makefile.
func TestWhatStartsGoroutinesIsRaced(t *testing.T) {
	raced := regexp.MustCompile(`(?m)^RACED := (.*)$`).FindSubmatch(module.Read(t, "Makefile"))
	if raced == nil {
		t.Fatal("the Makefile has no RACED")
	}
	isRaced := func(path string) bool {
		return slices.ContainsFunc(strings.Fields(string(raced[1])), func(pattern string) bool {
			pattern = strings.TrimPrefix(pattern, "./")
			below, all := strings.CutSuffix(pattern, "/...")
			return path == below || all && strings.HasPrefix(path, below+"/")
		})
	}
	for _, below := range []string{"functions", "shared", "local"} {
		for _, file := range goFiles(t, below) {
			place := filepath.Dir(file.path)
			ast.Inspect(file.syntax, func(n ast.Node) bool {
				if startsGoroutine(n) && !isRaced(place) {
					t.Errorf("%s starts a goroutine, and RACED does not have %s", file.fset.Position(n.Pos()), place)
				}
				return true
			})
		}
	}
}

func startsGoroutine(n ast.Node) bool {
	if call, ok := n.(*ast.CallExpr); ok {
		method, ok := call.Fun.(*ast.SelectorExpr)
		return ok && method.Sel.Name == "Go"
	}
	_, ok := n.(*ast.GoStmt)
	return ok
}

// A client with the SDK's own HTTP client loses one call in some hundreds, so every client takes its configuration from one place.
func TestTheSDKIsConfiguredInOnePlace(t *testing.T) {
	for _, below := range code {
		for _, path := range goPaths(t, below) {
			syntax, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(syntax, func(n ast.Node) bool {
				literal, ok := n.(*ast.CompositeLit)
				if place := strings.TrimPrefix(path, root+"/"); ok && configuresSDK(literal.Type) && place != "shared/sdk/sdk.go" {
					t.Errorf("%s configures the SDK", place)
				}
				return true
			})
		}
	}
}

func configuresSDK(e ast.Expr) bool {
	selector, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	from, ok := selector.X.(*ast.Ident)
	return ok && slices.Contains([]string{"aws.Config", "dynamodb.Options", "sns.Options"}, from.Name+"."+selector.Sel.Name)
}
