package tables

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"carechat/shared/invariants"
)

// Snapshot is the content of a table and its indexes.
type Snapshot struct {
	Rows []invariants.Item
	// Beside are rows that others name and that are not checked.
	Beside []invariants.Item
	// Indexes has the rows of each index. An index that is missing is as it must be.
	Indexes map[string][]invariants.Item
	// PageRows is how many rows a page has, 0 for all.
	PageRows int
	KeptUp   time.Time // invariants.Table's
}

// Verify returns what is wrong in a table.
func Verify(s Snapshot) (all []invariants.Violation) {
	t := invariants.Table{Reader: newReader(s), Settle: func(context.Context) {}, KeptUp: s.KeptUp}
	for at := (&invariants.Position{}); at != nil; {
		_, found, next, err := t.Check(context.Background(), *at)
		if err != nil {
			panic(err) // memory does not fail
		}
		all, at = append(all, found...), next
	}
	return all
}

// reader is a Snapshot that is read as a table is.
type reader struct {
	Snapshot
	byKey      map[invariants.Key]invariants.Item
	partitions map[string][]invariants.Item
	shown      map[string]map[invariants.Key][]invariants.Item
}

func newReader(s Snapshot) *reader {
	r := &reader{s, map[invariants.Key]invariants.Item{}, map[string][]invariants.Item{}, map[string]map[invariants.Key][]invariants.Item{}}
	r.Rows = slices.SortedFunc(slices.Values(s.Rows), func(a, b invariants.Item) int {
		one, other := invariants.KeyOf(a), invariants.KeyOf(b)
		return cmp.Or(cmp.Compare(one.PK, other.PK), cmp.Compare(one.SK, other.SK))
	})
	for _, row := range s.Beside {
		r.byKey[invariants.KeyOf(row)] = row
	}
	r.Indexes = map[string][]invariants.Item{}
	for _, index := range []string{"WORK", "DUE"} {
		r.index(index, s)
	}
	for _, row := range r.Rows {
		k := invariants.KeyOf(row)
		r.byKey[k] = row
		r.partitions[k.PK] = append(r.partitions[k.PK], row)
	}
	return r
}

func (r *reader) index(index string, s Snapshot) {
	shown, given := s.Indexes[index]
	if !given {
		shown = invariants.Project(index, s.Rows)
	}
	r.Indexes[index], r.shown[index] = shown, map[invariants.Key][]invariants.Item{}
	for _, row := range shown {
		at := invariants.PlaceIn(index, row)
		r.shown[index][at] = append(r.shown[index][at], row)
	}
}

func (r *reader) Page(_ context.Context, index string, after []string) ([]invariants.Item, []string, error) {
	rows, at := r.Rows, 0
	if index != "" {
		rows = r.Indexes[index]
	}
	if after != nil {
		at, _ = strconv.Atoi(after[0])
	}
	if r.PageRows == 0 || at+r.PageRows >= len(rows) {
		return rows[at:], nil, nil
	}
	end := at + r.PageRows
	return rows[at:end], []string{strconv.Itoa(end)}, nil
}

func (r *reader) Partition(_ context.Context, pk string) ([]invariants.Item, error) {
	if strings.HasPrefix(pk, "ISSUER#") {
		return nil, errors.New("an issuer has as many subjects as there are members, and a Lambda cannot hold them")
	}
	return r.partitions[pk], nil
}

func (r *reader) At(_ context.Context, keys []invariants.Key) (all []invariants.Item, err error) {
	for _, k := range keys {
		if row := r.byKey[k]; row != nil {
			all = append(all, row)
		}
	}
	return all, nil
}

func (r *reader) Shown(_ context.Context, index string, at invariants.Key) ([]invariants.Item, error) {
	return slices.Clone(r.shown[index][at]), nil
}
