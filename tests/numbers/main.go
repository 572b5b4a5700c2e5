// Command numbers prints the size and the speed of the tree in each folder that it is given, side by side: `make numbers
// FOLDERS="../before ."` compares two checkouts. It builds in each.
package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// row is one line of the table.
type row struct{ name, value string }

func main() {
	folders := os.Args[1:]
	if len(folders) == 0 {
		folders = []string{"."}
	}
	var columns [][]row
	for _, folder := range folders {
		rows, err := measure(folder)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", folder, err)
			os.Exit(1)
		}
		columns = append(columns, rows)
	}
	fmt.Print(table(columns))
}

func measure(folder string) ([]row, error) {
	commit, err := output(folder, "git", "describe", "--always", "--dirty", "--exclude=*")
	if err != nil {
		return nil, err
	}
	t, err := read(folder)
	if err != nil {
		return nil, err
	}
	started, err := startUp(folder)
	if err != nil {
		return nil, err
	}
	build, err := noOpBuild(folder)
	rows := append([]row{{"", strings.TrimSpace(commit)}}, t.rows()...)
	return append(rows, row{"start-up of send, allocations", started}, row{"make binaries with nothing changed", build}), err
}

// startUp returns what the packages of send allocate before main, as Go's own trace has it. The process ends at once, for it has no
// table.
func startUp(folder string) (string, error) {
	if _, err := output(folder, "make", "binaries"); err != nil {
		return "", err
	}
	send := exec.Command(filepath.Join(folder, "bin/send/bootstrap"))
	send.Env = []string{"GODEBUG=inittrace=1"}
	trace, _ := send.CombinedOutput() // it fails, as it should
	var size, count int
	for line := range strings.Lines(string(trace)) {
		var name string
		var at, took float64
		var bytes, allocs int
		if n, _ := fmt.Sscanf(line, "init %s @%f ms, %f ms clock, %d bytes, %d allocs", &name, &at, &took, &bytes, &allocs); n == 5 {
			size, count = size+bytes, count+allocs
		}
	}
	if count == 0 {
		return "", fmt.Errorf("send left no trace: %s", trace)
	}
	return fmt.Sprintf("%d, %d kB", count, (size+512)/1024), nil
}

// noOpBuild returns the shortest of three builds that have nothing to do.
func noOpBuild(folder string) (string, error) {
	shortest := time.Hour
	for range 3 {
		began := time.Now()
		if _, err := output(folder, "make", "binaries"); err != nil {
			return "", err
		}
		shortest = min(shortest, time.Since(began))
	}
	return fmt.Sprintf("%.1f s", shortest.Seconds()), nil
}

func output(folder, name string, args ...string) (string, error) {
	command := exec.Command(name, args...)
	command.Dir = folder
	var failure bytes.Buffer
	command.Stderr = &failure
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", name, err, failure.String())
	}
	return string(out), nil
}

// table prints the columns under the names of the first one's rows.
func table(columns [][]row) string {
	var b strings.Builder
	for i, r := range columns[0] {
		fmt.Fprintf(&b, "| %s |", r.name)
		for _, column := range columns {
			fmt.Fprintf(&b, " %s |", column[i].value)
		}
		b.WriteString("\n")
		if i == 0 {
			b.WriteString("|---|" + strings.Repeat("---|", len(columns)) + "\n")
		}
	}
	return b.String()
}

// quantile returns the value below which a part of the values are.
func quantile[T cmp.Ordered](values []T, part float64) T {
	slices.Sort(values)
	return values[int(float64(len(values))*part)]
}
