// Command mutants makes small wrong changes to a copy of the product, one at a time, and
// checks that a test fails for each. Half of them are listed by hand, half are drawn. It
// writes docs/mutants.md.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

// The results of a mutant.
const (
	caught   = "caught"
	survived = "SURVIVED"
)

var (
	keep = flag.Bool("keep", false, "keep what earlier runs recorded as caught, and go on from there")
	only = flag.Int("only", 0, "only try so many of the drawn changes, with the near tests, and write no page")
)

func main() {
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	listed, err := parse(listed)
	if err != nil {
		return err
	}
	root, err := git(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	commit, err := git(ctx, "rev-parse", "--short", "HEAD")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c := copied{filepath.Join(dir, "repository"), filepath.Join(dir, "test")}
	if err := c.fill(ctx, root); err != nil {
		return err
	}
	b, err := open(filepath.Join(root, ".cache/mutants.tsv"), commit, *keep)
	if err != nil {
		return err
	}
	all, err := draw(c.dir)
	if err != nil {
		return err
	}
	l := &look{copied: c, state: dir, changes: all[:cmp.Or(*only, len(listed))]}
	if *only > 0 {
		return l.all(ctx, b, false)
	}
	if err := c.tryListed(ctx, b, listed); err != nil {
		return err
	}
	if err := l.all(ctx, b, true); err != nil {
		return err
	}
	text := page(time.Now().UTC().Format(time.DateOnly), b, listed, l.changes)
	if err := os.WriteFile(filepath.Join(root, "docs/mutants.md"), []byte(text), 0o644); err != nil {
		return err
	}
	if strings.Contains(text, survived) {
		return errors.New("a mutant survived: the suite has a hole")
	}
	return nil
}

func git(ctx context.Context, arguments ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "git", arguments...).Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w", arguments[0], err)
	}
	return strings.TrimSpace(string(out)), nil
}
