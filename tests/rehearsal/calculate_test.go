package rehearsal

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
)

// calculate returns the value of an expression of CloudWatch's metric math, as far as the template uses it: its
// syntax is Go's.
func calculate(expression string, metrics map[string]float64) (float64, error) {
	parsed, err := parser.ParseExpr(expression)
	if err != nil {
		return 0, err
	}
	return evaluate(parsed, metrics)
}

func evaluate(e ast.Expr, metrics map[string]float64) (float64, error) {
	switch e := e.(type) {
	case *ast.BasicLit:
		return strconv.ParseFloat(e.Value, 64)
	case *ast.Ident:
		value, ok := metrics[e.Name]
		if !ok {
			return 0, fmt.Errorf("no metric has the id %s", e.Name)
		}
		return value, nil
	case *ast.BinaryExpr:
		left, err := evaluate(e.X, metrics)
		if err != nil {
			return 0, err
		}
		right, err := evaluate(e.Y, metrics)
		return operate(e.Op, left, right), err
	case *ast.CallExpr:
		return call(fmt.Sprint(e.Fun), e.Args, metrics)
	}
	return 0, fmt.Errorf("%T is not supported", e)
}

func operate(op token.Token, left, right float64) float64 {
	switch op {
	case token.ADD:
		return left + right
	case token.MUL:
		return left * right
	case token.QUO:
		return left / right
	case token.GTR:
		if left > right {
			return 1
		}
	}
	return 0
}

func call(function string, args []ast.Expr, metrics map[string]float64) (float64, error) {
	var values []float64
	for _, each := range args {
		value, err := evaluate(each, metrics)
		if err != nil {
			return 0, err
		}
		values = append(values, value)
	}
	switch {
	case function == "FILL" && len(values) == 2 && values[0] != missing:
		return values[0], nil
	case function == "FILL" && len(values) == 2:
		return values[1], nil
	case function == "IF" && len(values) == 3 && values[0] != 0:
		return values[1], nil
	case function == "IF" && len(values) == 3:
		return values[2], nil
	}
	return 0, fmt.Errorf("%s is not supported", function)
}
