package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// tryListed makes the changes of the list, after it has seen that their tests pass
// without any: otherwise a failure proves nothing.
func (c copied) tryListed(ctx context.Context, b *book, all []mutant) error {
	all = slices.DeleteFunc(slices.Clone(all), func(m mutant) bool { return b.by(m.name) != "" })
	tests := map[string][]string{}
	for _, m := range all {
		tests[m.where] = append(tests[m.where], m.tests...)
	}
	for where, names := range tests {
		if passes, said, err := c.test(ctx, mutant{where: where, tests: names}); err != nil || !passes {
			return fmt.Errorf("%s fails without any mutant: %w\n%s", where, err, said)
		}
	}
	for i, m := range all {
		start := time.Now()
		var passes bool
		err := c.with(m.file, m.apply, func() (err error) {
			passes, _, err = c.test(ctx, m)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		by := strings.Join(m.tests, " ")
		if passes {
			by = ""
		}
		if err := b.add(m.name, by); err != nil {
			return err
		}
		say(i+1, len(all), start, by, m.name)
	}
	return nil
}

// say prints what became of a change.
func say(i, of int, start time.Time, by, name string) {
	result := caught
	if by == "" {
		result = survived
	}
	fmt.Printf("%3d/%d %-8s %5.1fs  %s  %s\n", i, of, result, time.Since(start).Seconds(), name, by)
}

// compiled are the packages whose tests run the compiled functions.
var compiled = []string{"./tests/access"}

// test builds and runs a listed mutant's tests. It returns an error if the change does
// not compile, or no test failed and the run did not succeed: then the list is wrong.
func (c copied) test(ctx context.Context, m mutant) (passes bool, said string, err error) {
	if slices.Contains(compiled, m.where) {
		if err := c.build(ctx, "make", "--no-print-directory", "binaries"); err != nil {
			return false, "", err
		}
	}
	if err := c.build(ctx, "go", "test", "-c", "-vet=off", "-o", c.binary, m.where); err != nil {
		return false, "", err
	}
	tests := exec.CommandContext(ctx, c.binary, "-test.run", m.pattern(), "-test.failfast", "-test.timeout", "5m")
	tests.Dir = filepath.Join(c.dir, m.where)
	out, err := tests.CombinedOutput()
	switch said = string(out); {
	case err == nil && strings.Contains(said, "no tests to run"):
		return false, said, fmt.Errorf("%s has none of %s", m.where, m.pattern())
	case err != nil && !strings.Contains(said, "--- FAIL: "):
		return false, said, fmt.Errorf("no test failed: %w\n%s", err, said)
	}
	return err == nil, said, nil
}
