package main

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"carechat/tests/mutants/changed"
)

// seed says which changes are drawn. A change keeps its place in the draw while its own
// function stays as it is.
const seed = 20261129

// drawnOf are the packages of which changes are drawn: all of the product.
var drawnOf = []string{"shared/*/*.go", "functions/*/*.go"}

// change is a small wrong change that an operator makes, as edits that let package
// changed make it: all changes of a file are compiled into it, and one at a time is made.
type change struct {
	name   string // unique: file, function and what is done
	file   string
	clause int // where the package clause of the file ends
	edits  func(n int) []edit
}

// draw returns every change that operators can make in the product, in the seed's order.
func draw(root string) ([]change, error) {
	var all []change
	for _, pattern := range drawnOf {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			file, err := filepath.Rel(root, path)
			if err != nil {
				return nil, err
			}
			changes, err := changesOf(filepath.ToSlash(file), string(source))
			if err != nil {
				return nil, err
			}
			all = append(all, changes...)
		}
	}
	slices.SortFunc(all, func(a, b change) int { return cmp.Compare(a.place(), b.place()) })
	return all, nil
}

// place orders the changes by the seed.
func (c change) place() string {
	sum := sha256.Sum256([]byte(strconv.Itoa(seed) + c.name))
	return hex.EncodeToString(sum[:])
}

// changesOf returns the changes that operators can make in a file: a condition is
// negated, a bound is shifted by one, a statement is deleted.
func changesOf(file, source string) ([]change, error) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	d := drawer{file: file, source: source, base: files.File(parsed.Pos()).Base(), clause: files.Position(parsed.Name.End()).Offset, times: map[string]int{}}
	for _, declared := range parsed.Decls {
		if function, ok := declared.(*ast.FuncDecl); ok && function.Body != nil {
			d.function = function.Name.Name
			ast.Inspect(function.Body, d.visit)
		}
	}
	return d.all, nil
}

// drawer collects the changes of a file.
type drawer struct {
	file, source, function string
	base, clause           int
	times                  map[string]int // by name
	all                    []change
}

// visit adds the changes of one node.
func (d *drawer) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IfStmt:
		d.negate(n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			d.negate(n.Cond)
		}
	case *ast.SwitchStmt:
		if n.Tag == nil { // a chain of conditions
			for _, each := range n.Body.List {
				for _, condition := range each.(*ast.CaseClause).List {
					d.negate(condition)
				}
			}
		}
	case *ast.ReturnStmt:
		for _, each := range n.Results {
			if b, ok := each.(*ast.BinaryExpr); ok && slices.Contains(conditions, b.Op) {
				d.negate(b)
			}
		}
	case *ast.BinaryExpr:
		d.shift(n)
	case *ast.BlockStmt:
		d.remove(n.List)
	case *ast.CaseClause:
		d.remove(n.Body)
	}
	return true
}

// conditions are the operators with a result of true or false.
var conditions = []token.Token{token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ, token.LAND, token.LOR}

func (d *drawer) negate(condition ast.Expr) {
	d.add(condition, "negated", func(n int) []edit { return d.around(condition, fmt.Sprintf("mutant.Not(%d, ", n), ")", 0) })
}

func (d *drawer) shift(b *ast.BinaryExpr) {
	is, ok := changed.Shifted[b.Op.String()]
	if !ok {
		return
	}
	d.add(b, "with `"+is+"`", func(n int) []edit {
		operator := edit{at: int(b.OpPos) - d.base, cut: len(b.Op.String()), text: ",", side: instead}
		return append(d.around(b, fmt.Sprintf("mutant.Compare(%d, %q, ", n, b.Op), ")", 1), operator)
	})
}

// remove adds the statements that a function can go on without. A panic ends one.
func (d *drawer) remove(statements []ast.Stmt) {
	for _, each := range statements {
		switch s := each.(type) {
		case *ast.ExprStmt:
			if strings.HasPrefix(d.text(s), "panic(") {
				continue
			}
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				continue
			}
		case *ast.IncDecStmt, *ast.DeferStmt:
		default:
			continue
		}
		d.add(each, "deleted", func(n int) []edit { return d.around(each, fmt.Sprintf("if mutant.Kept(%d) { ", n), " }", 0) })
	}
}

func (d *drawer) text(n ast.Node) string { return d.source[int(n.Pos())-d.base : int(n.End())-d.base] }

// around returns the edits that put text before and after a node. Of changes of one
// node the one that is nested deeper has a higher depth.
func (d *drawer) around(n ast.Node, before, after string, depth int) []edit {
	from, to := int(n.Pos())-d.base, int(n.End())-d.base
	size := 2*(to-from) - depth
	return []edit{{at: from, text: before, side: opening, size: size}, {at: to, text: after, side: closing, size: size}}
}

// add adds a change with a name of its own.
func (d *drawer) add(n ast.Node, verb string, edits func(n int) []edit) {
	name := fmt.Sprintf("%s, %s: `%s` %s", d.file, d.function, short(d.text(n)), verb)
	if d.times[name]++; d.times[name] > 1 {
		name += fmt.Sprintf(" (%d)", d.times[name])
	}
	d.all = append(d.all, change{name, d.file, d.clause, edits})
}

// short returns the beginning of a text on one line.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 90 {
		return string(r[:90]) + "…"
	}
	return text
}

// harmlessListed says of drawn changes that no test notices why they do no harm: on each
// line the change's name, a tab, and why.
//
//go:embed harmless.txt
var harmlessListed string

// harmless returns why each change that is listed does no harm.
func harmless() map[string]string {
	why := map[string]string{}
	for line := range strings.Lines(harmlessListed) {
		name, reason, _ := strings.Cut(strings.TrimSpace(line), "\t")
		why[name] = reason
	}
	return why
}
