// Package changed makes one of many changes at a time in a program that was compiled with all of them: where a change may be, the
// program asks here. `make mutants` puts the calls into a copy of the product.
package changed

import (
	"cmp"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// folder has the file Active, with the number of the change to make, and the file Reached, to which each process adds the numbers of
// the changes that it came to. It is set in the copy.
var folder string

// The names of the files.
const (
	Active  = "active"
	Reached = "reached"
)

var active = sync.OnceValue(func() int {
	text, err := os.ReadFile(filepath.Join(folder, Active))
	if err != nil {
		return -1
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		panic(err)
	}
	return n
})

var came sync.Map

// is reports whether the change is to be made, and notes that the program came to it.
func is(n int) bool {
	if active() >= 0 {
		return n == active()
	}
	if _, again := came.LoadOrStore(n, true); !again && folder != "" {
		note(strconv.Itoa(n) + "\n")
	}
	return false
}

func note(line string) {
	file, err := os.OpenFile(filepath.Join(folder, Reached), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	if _, err := file.WriteString(line); err != nil {
		panic(err)
	}
}

// Kept reports whether a statement is run: not if the change deletes it.
func Kept(n int) bool { return !is(n) }

// Not returns a condition, or its contrary if the change negates it.
func Not(n int, condition bool) bool { return condition != is(n) }

// Shifted are the comparisons that are off by one of each other.
var Shifted = map[string]string{"<": "<=", "<=": "<", ">": ">=", ">=": ">"}

// Compare returns what a comparison gives, shifted by one if the change does that.
func Compare[T cmp.Ordered](n int, operator string, a, b T) bool {
	if is(n) {
		operator = Shifted[operator]
	}
	switch operator {
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	default:
		return a >= b
	}
}
