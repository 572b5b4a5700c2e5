// Command mutants makes small wrong changes to a copy of the product, one at a time, and
// checks that a test fails for each. It writes docs/mutants.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The results of a mutant.
const (
	caught   = "caught"
	survived = "SURVIVED"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	all, err := parse(listed)
	if err != nil {
		return err
	}
	top, err := exec.CommandContext(ctx, "git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		return fmt.Errorf("git rev-parse: %w", err)
	}
	root := strings.TrimSpace(string(top))
	dir, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c := copied{filepath.Join(dir, "repository"), filepath.Join(dir, "test")}
	if err := c.fill(ctx, root); err != nil {
		return err
	}
	if err := c.untouched(ctx, all); err != nil {
		return err
	}
	results, err := c.tryAll(ctx, all)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(root, "docs/mutants.md"), []byte(document(all, results)), 0o644); err != nil {
		return err
	}
	if slices.Contains(results, survived) {
		return errors.New("a mutant survived: the suite has a hole")
	}
	return nil
}

// copied is the copy of the repository that is changed, and where its tests are built.
type copied struct{ dir, binary string }

// fill copies the files that git tracks or would add. The cache is shared, because it
// has the emulator.
func (c copied) fill(ctx context.Context, root string) error {
	list := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("git ls-files: %w", err)
	}
	for path := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		body, err := os.ReadFile(filepath.Join(root, path))
		if errors.Is(err, os.ErrNotExist) {
			continue // removed, not yet committed
		}
		to := filepath.Join(c.dir, path)
		if err := errors.Join(err, os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, body, 0o644)); err != nil {
			return err
		}
	}
	cache := filepath.Join(root, ".cache")
	return errors.Join(os.MkdirAll(cache, 0o755), os.Symlink(cache, filepath.Join(c.dir, ".cache")))
}

// untouched checks that the tests pass without a mutant: otherwise a failure proves nothing.
func (c copied) untouched(ctx context.Context, all []mutant) error {
	tests := map[string][]string{}
	for _, m := range all {
		tests[m.where] = append(tests[m.where], m.tests...)
	}
	for where, names := range tests {
		passes, said, err := c.test(ctx, mutant{where: where, tests: names})
		if err != nil {
			return err
		}
		if !passes {
			return fmt.Errorf("%s fails without any mutant:\n%s", where, said)
		}
	}
	return nil
}

func (c copied) tryAll(ctx context.Context, all []mutant) (results []string, err error) {
	for i, m := range all {
		start := time.Now()
		result, err := c.try(ctx, m)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Printf("%2d/%d %-8s %4.1fs  %s\n", i+1, len(all), result, time.Since(start).Seconds(), m.name)
		results = append(results, result)
	}
	return results, nil
}

// try makes the change, runs its tests and undoes the change.
func (c copied) try(ctx context.Context, m mutant) (result string, err error) {
	path := filepath.Join(c.dir, m.file)
	source, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	changed, err := m.apply(string(source))
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.WriteFile(path, source, 0o644)) }()
	passes, _, err := c.test(ctx, m)
	if passes {
		return survived, err
	}
	return caught, err
}

// compiled are the packages whose tests run the compiled functions.
var compiled = []string{"./tests/access"}

// test builds and runs a mutant's tests. It returns an error if the change does not
// compile, or no test failed and the run did not succeed: then the list is wrong.
func (c copied) test(ctx context.Context, m mutant) (passes bool, said string, err error) {
	if slices.Contains(compiled, m.where) {
		if err := c.build(ctx, "make", "--no-print-directory", "binaries"); err != nil {
			return false, "", err
		}
	}
	if err := c.build(ctx, "go", "test", "-c", "-vet=off", "-o", c.binary, m.where); err != nil {
		return false, "", err
	}
	tests := exec.CommandContext(ctx, c.binary, "-test.run", m.pattern(), "-test.failfast", "-test.timeout", "1m")
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

func (c copied) build(ctx context.Context, name string, arguments ...string) error {
	build := exec.CommandContext(ctx, name, arguments...)
	build.Dir = c.dir
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}
