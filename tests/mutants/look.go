package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"carechat/tests/mutants/changed"
)

// look is how drawn changes are tried: all are compiled into the copy at once; tests say
// which changes they come to; then one change at a time is made, and the tests that come
// to it are run, the fastest first, until one fails.
type look struct {
	copied
	state   string // the folder of package changed's files
	changes []change
	tests   []*tests
}

// tests are tests that run together.
type tests struct {
	where   string // the folder of their package
	run     string // the pattern of their names
	took    time.Duration
	reaches map[int]bool // changes, by index
}

// The packages whose tests look at drawn changes: first those of the product, then
// suites that run the compiled functions or take long, for what those did not notice.
var (
	near = []string{"./shared/...", "./functions/...", "./tests/notices"}
	far  = []string{"./tests/e2e", "./tests/access", "./tests/rows", "./tests/rights", "./tests/stories", "./tests/interleavings"}
	// apart are the packages whose tests run one by one, because together they take long.
	apart = []string{"carechat/shared/table", "carechat/tests/notices"}
)

// compile puts the changes into the copy, which is used for nothing else then.
func (l *look) compile(ctx context.Context) error {
	files := map[string]map[int]change{}
	for n, c := range l.changes {
		if files[c.file] == nil {
			files[c.file] = map[int]change{}
		}
		files[c.file][n] = c
	}
	for file, changes := range files {
		name := filepath.Join(l.dir, file)
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(compiledIn(string(source), changes)), 0o644); err != nil {
			return err
		}
	}
	where := fmt.Sprintf("package changed\n\nfunc init() { folder = %q }\n", l.state)
	if err := os.WriteFile(filepath.Join(l.dir, "tests/mutants/changed/where.go"), []byte(where), 0o644); err != nil {
		return err
	}
	return l.build(ctx, "make", "--no-print-directory", "binaries", "local-machine")
}

// reach compiles the tests of packages, and sees which changes they come to. Without a
// change they must pass.
func (l *look) reach(ctx context.Context, patterns ...string) error {
	listed, err := l.run(ctx, "go", append([]string{"list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}"}, patterns...)...)
	if err != nil {
		return fmt.Errorf("go list: %w\n%s", err, listed)
	}
	l.tests = nil
	for where := range strings.FieldsSeq(listed) {
		if err := l.build(ctx, "go", "test", "-c", "-vet=off", "-o", l.binaryOf(where), where); err != nil {
			return err
		}
		names := []string{"."}
		if slices.Contains(apart, where) {
			all, err := l.runTests(ctx, where, "-test.list", "^Test")
			if err != nil {
				return fmt.Errorf("%s: %w", where, err)
			}
			names = strings.Fields(all)
		}
		for _, name := range names {
			if err := l.reachOf(ctx, &tests{where: where, run: name}); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(l.tests, func(a, b *tests) int { return cmp.Compare(a.took, b.took) })
	return nil
}

// reachOf runs tests and adds them with the changes that they come to.
func (l *look) reachOf(ctx context.Context, t *tests) error {
	reached := filepath.Join(l.state, changed.Reached)
	if err := os.WriteFile(reached, nil, 0o644); err != nil {
		return err
	}
	start := time.Now()
	if said, err := l.try(ctx, t); err != nil {
		return fmt.Errorf("%s fails without any change: %w\n%s", t.where, err, said)
	}
	t.took, t.reaches = time.Since(start), map[int]bool{}
	text, err := os.ReadFile(reached)
	if err != nil {
		return err
	}
	for line := range strings.FieldsSeq(string(text)) {
		n, err := strconv.Atoi(line)
		if err != nil {
			return err
		}
		t.reaches[n] = true
	}
	l.tests = append(l.tests, t)
	return nil
}

// try runs tests, with the change that is made at the time.
func (l *look) try(ctx context.Context, t *tests) (said string, err error) {
	run := t.run
	if run != "." {
		run = "^" + run + "$"
	}
	limit := 20*time.Second + 10*t.took
	if t.took == 0 { // nobody knows yet
		limit = 20 * time.Minute
	}
	return l.runTests(ctx, t.where, "-test.run", run, "-test.failfast", "-test.timeout", limit.String())
}

func (l *look) binaryOf(where string) string {
	return filepath.Join(l.state, strings.ReplaceAll(where, "/", "-")+".test")
}

// runTests runs a package's compiled tests in its folder.
func (l *look) runTests(ctx context.Context, where string, arguments ...string) (said string, err error) {
	in := copied{dir: filepath.Join(l.dir, strings.TrimPrefix(where, "carechat/"))}
	return in.run(ctx, l.binaryOf(where), arguments...)
}

// notice makes a change and returns the first test that fails, or "".
func (l *look) notice(ctx context.Context, n int) (by string, err error) {
	active := filepath.Join(l.state, changed.Active)
	if err := os.WriteFile(active, []byte(strconv.Itoa(n)), 0o644); err != nil {
		return "", err
	}
	defer os.Remove(active)
	for _, t := range l.tests {
		if !t.reaches[n] {
			continue
		}
		if said, err := l.try(ctx, t); err != nil && ctx.Err() == nil {
			return l.failed(t, said), nil
		}
	}
	return "", ctx.Err()
}

var failure = regexp.MustCompile(`--- FAIL: (\w+)`)

// failed returns in words which of the tests failed.
func (l *look) failed(t *tests, said string) string {
	name := t.run
	if found := failure.FindStringSubmatch(said); found != nil {
		name = found[1]
	}
	folder := strings.TrimPrefix(t.where, "carechat/")
	if name == "." { // the process ended in another way
		return fmt.Sprintf("the tests of `%s`", folder)
	}
	return fmt.Sprintf("`%s` of `%s`", name, folder)
}

// all tries the changes, with the near tests and then, if deep, with one far suite after
// the other, as long as no test notices some.
func (l *look) all(ctx context.Context, b *book, deep bool) error {
	stages := [][]string{near}
	if deep {
		for _, suite := range far {
			stages = append(stages, []string{suite})
		}
	}
	for i, patterns := range stages {
		if len(l.open(b)) == 0 {
			break
		}
		if i == 0 {
			if err := l.compile(ctx); err != nil {
				return err
			}
		}
		if err := l.reach(ctx, patterns...); err != nil {
			return err
		}
		if err := l.each(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// open returns the changes, by index, of which the book does not say that a test notices
// them, or why none has to.
func (l *look) open(b *book) (all []int) {
	why := harmless()
	for n, c := range l.changes {
		tried, known := b.outcomes[c.name]
		if !known || tried.by == "" && why[c.name] == "" {
			all = append(all, n)
		}
	}
	return all
}

// each tries the changes that are open, and records what becomes of them.
func (l *look) each(ctx context.Context, b *book) error {
	open := l.open(b)
	for i, n := range open {
		start := time.Now()
		by, err := l.notice(ctx, n)
		if err != nil {
			return err
		}
		if err := b.add(l.changes[n].name, by); err != nil {
			return err
		}
		say(i+1, len(open), start, by, l.changes[n].name)
	}
	return nil
}
