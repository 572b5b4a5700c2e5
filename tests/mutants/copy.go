package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

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
		info, err := os.Stat(filepath.Join(root, path))
		if err != nil {
			return err
		}
		to := filepath.Join(c.dir, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, body, info.Mode())); err != nil {
			return err
		}
	}
	cache := filepath.Join(root, ".cache")
	return errors.Join(os.MkdirAll(cache, 0o755), os.Symlink(cache, filepath.Join(c.dir, ".cache")))
}

// with makes a change in a file, calls run, and undoes the change.
func (c copied) with(file string, apply func(source string) (string, error), run func() error) error {
	path := filepath.Join(c.dir, file)
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	changed, err := apply(string(source))
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
		return err
	}
	return errors.Join(run(), os.WriteFile(path, source, 0o644))
}

// run runs a command in the copy, and returns what it said also if it failed.
func (c copied) run(ctx context.Context, name string, arguments ...string) (said string, err error) {
	command := exec.CommandContext(ctx, name, arguments...)
	command.Dir = c.dir
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := command.CombinedOutput()
	return string(out), err
}

// build runs a command that must succeed.
func (c copied) build(ctx context.Context, name string, arguments ...string) error {
	if said, err := c.run(ctx, name, arguments...); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, said)
	}
	return nil
}
