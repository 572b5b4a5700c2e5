package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// book records what became of each change, in a file, so that an interrupted run can go on.
type book struct {
	path, commit string
	outcomes     map[string]outcome
}

// outcome is what became of a change: which test noticed it first, or none.
type outcome struct{ commit, by string }

// open returns the book of a run on a commit, with what earlier runs recorded if kept.
func open(path, commit string, kept bool) (*book, error) {
	b := &book{path: path, commit: commit, outcomes: map[string]outcome{}}
	if !kept {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		return b, nil
	}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(parts) != 3 {
			return nil, fmt.Errorf("%s: no record: %q", path, line)
		}
		b.outcomes[parts[0]] = outcome{commit: parts[1], by: parts[2]}
	}
	return b, nil
}

// add records which test noticed a change first; by is empty if none did.
func (b *book) add(name, by string) error {
	b.outcomes[name] = outcome{b.commit, by}
	file, err := os.OpenFile(b.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "%s\t%s\t%s\n", name, b.commit, by)
	return errors.Join(err, file.Close())
}

// by returns which test noticed a change first, or "".
func (b *book) by(name string) string { return b.outcomes[name].by }

// commits returns the commits on which changes were tried.
func (b *book) commits() []string {
	var all []string
	for _, o := range b.outcomes {
		all = append(all, o.commit)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
