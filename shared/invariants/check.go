package invariants

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"carechat/shared/notice"
	"carechat/shared/table"
)

// Reader reads a table, strongly consistently but for its indexes (T6).
type Reader interface {
	// Page returns some rows of an index, or of the table if index is "", where those of a
	// partition follow each other. It returns where the next page begins, nil after the last.
	Page(ctx context.Context, index string, after []string) (rows []Item, next []string, err error)
	// Partition returns all rows of a partition.
	Partition(ctx context.Context, pk string) ([]Item, error)
	// At returns those of the rows that exist.
	At(ctx context.Context, keys []Key) ([]Item, error)
	// Shown returns what an index shows at a place.
	Shown(ctx context.Context, index string, at Key) ([]Item, error)
}

// Position is how far a check of a table has come. The zero Position is the beginning.
type Position struct {
	Index string   `json:"index,omitempty"` // that is being read: "" for the table, which is first
	After []string `json:"after,omitempty"` // Reader.Page's
	// Last is the partition that the page before ended in. It was checked whole.
	Last string `json:"last,omitempty"`
	// Topics is how many topics mailboxes have, less those that are counted: no partition says both.
	Topics int `json:"topics,omitzero"`
	// Counts are the versions of their counts when the check began. If they have moved at its
	// end, the balance says nothing.
	Counts int `json:"counts,omitzero"`
}

// Table checks a table page by page.
type Table struct {
	Reader
	// Settle waits, before a second look, until what was being written is there.
	Settle func(context.Context)
	// KeptUp is a time at which nothing was due for upkeep and since which no member's rows
	// have changed; zero if there is none, and then nothing is checked that needs the clock.
	KeptUp time.Time
}

// sequence says what is read after what. Last is the end.
var sequence = map[string]string{"": "WORK", "WORK": "DUE"}

// Check checks a page, and returns how many rows that were and what is wrong with them. Rows
// that are being written may look wrong, so a violation counts only if a second look finds
// it too. Check returns where the next page begins, nil after the last.
func (t Table) Check(ctx context.Context, from Position) (rows int, found []Violation, next *Position, err error) {
	counts, err := t.topicCounts(ctx, from)
	if err != nil {
		return 0, nil, nil, err
	}
	items, after, err := t.Page(ctx, from.Index, from.After)
	if err != nil {
		return 0, nil, nil, err
	}
	next = &Position{from.Index, after, from.Last, from.Topics, counts}
	if from.Index != "" {
		found, err = t.checkShown(ctx, from.Index, items)
	} else {
		found, err = t.checkPartitions(ctx, items, from.Last, next)
	}
	if after == nil {
		next.Last = ""
		if next.Index = sequence[from.Index]; next.Index == "" {
			counts, unread := t.topicCounts(ctx, Position{})
			if from.Counts == counts {
				found = append(found, checkTopics(from.Topics)...)
			}
			return len(items), found, nil, errors.Join(err, unread)
		}
	}
	return len(items), found, next, err
}

// checkPartitions checks each partition that a page of the table begins, again if it looks
// wrong. The last one may go on in the next page, which then passes over it.
func (t Table) checkPartitions(ctx context.Context, items []Item, last string, next *Position) ([]Violation, error) {
	parts, err := t.partitions(ctx, items, last, next)
	if err != nil {
		return nil, err
	}
	suspects := map[string][]Violation{}
	for _, pk := range slices.Sorted(maps.Keys(parts)) {
		c, err := t.look(ctx, pk, parts[pk])
		if err != nil {
			return nil, err
		}
		next.Topics += c.topicsIn()
		if len(c.found) > 0 {
			suspects[pk] = c.found
		}
	}
	return t.lookAgain(ctx, suspects, parts)
}

// partitions returns the rows of each partition that a page begins, and those of an issuer
// that it has: an issuer has as many subjects as there are members, and each is checked by itself.
func (t Table) partitions(ctx context.Context, items []Item, last string, next *Position) (parts map[string][]Item, err error) {
	parts = map[string][]Item{}
	for _, item := range items {
		if next.Last = KeyOf(item).PK; next.Last != last || isIssuer(next.Last) {
			parts[next.Last] = append(parts[next.Last], item)
		}
	}
	if next.After != nil && parts[next.Last] != nil && !isIssuer(next.Last) {
		parts[next.Last], err = t.Partition(ctx, next.Last)
	}
	return parts, err
}

// lookAgain returns what is still wrong in partitions of which rows were looked at.
func (t Table) lookAgain(ctx context.Context, suspects map[string][]Violation, parts map[string][]Item) (found []Violation, err error) {
	if len(suspects) > 0 {
		t.Settle(ctx)
	}
	for _, pk := range slices.Sorted(maps.Keys(suspects)) {
		read := t.Partition
		if isIssuer(pk) {
			read = func(ctx context.Context, _ string) ([]Item, error) { return t.At(ctx, keysOf(parts[pk])) }
		}
		items, err := read(ctx, pk)
		if err != nil {
			return nil, err
		}
		c, err := t.look(ctx, pk, items)
		if err != nil {
			return nil, err
		}
		found = append(found, inBoth(suspects[pk], c.found)...)
	}
	return found, nil
}

// look checks a partition with the rows that it names, and with what the indexes show of it.
func (t Table) look(ctx context.Context, pk string, items []Item) (*checker, error) {
	c := newChecker(pk, items, t.KeptUp)
	if isIssuer(pk) { // which its subjects' persons are found by
		if err := t.tell(ctx, c, []Key{keyOf(pk, issuerSort)}); err != nil {
			return nil, err
		}
	}
	if err := t.tell(ctx, c, c.namedElsewhere(pk)); err != nil {
		return nil, err
	}
	c.check()
	return c, errors.Join(t.checkIndex(ctx, c, "WORK", items), t.checkIndex(ctx, c, "DUE", items))
}

// tell lets a checker know rows.
func (t Table) tell(ctx context.Context, c *checker, keys []Key) error {
	rows, err := t.At(ctx, keys)
	for _, item := range rows {
		if r, err := Decode(item); err == nil {
			c.know(r)
		}
	}
	return err
}

// namedElsewhere lists, each once, the rows of other partitions that are looked up.
func (c *checker) namedElsewhere(pk string) []Key {
	all := map[Key]bool{}
	for _, r := range c.rows {
		for _, k := range c.names(r) {
			all[k] = all[k] || k.PK != pk
		}
	}
	maps.DeleteFunc(all, func(_ Key, elsewhere bool) bool { return !elsewhere })
	return slices.Collect(maps.Keys(all))
}

const indexed = "an index equals its rows (T10)"

// checkIndex checks that an index shows rows as they are, if they have a place there. A row
// that has changed since it was read is passed over: somebody is writing it.
func (t Table) checkIndex(ctx context.Context, c *checker, index string, items []Item) error {
	for _, want := range Project(index, items) {
		k := KeyOf(want)
		shown, err := t.Shown(ctx, index, PlaceIn(index, want))
		if err != nil {
			return err
		}
		shown = slices.DeleteFunc(shown, func(each Item) bool { return KeyOf(each) != k })
		if reflect.DeepEqual(shown, []Item{want}) {
			continue
		}
		is, err := t.At(ctx, []Key{k})
		if err != nil {
			return err
		}
		c.want(!reflect.DeepEqual(Project(index, is), []Item{want}), indexed, k, "%s shows %d of it, not in this version", index, len(shown))
	}
	return nil
}

// checkShown checks that the rows of a page of an index are in it, again if any is not.
func (t Table) checkShown(ctx context.Context, index string, shown []Item) ([]Violation, error) {
	found, places, err := t.strays(ctx, index, shown)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	t.Settle(ctx)
	shown = nil
	for _, at := range places {
		some, err := t.Shown(ctx, index, at)
		if err != nil {
			return nil, err
		}
		shown = append(shown, some...)
	}
	again, _, err := t.strays(ctx, index, shown)
	return inBoth(found, again), err
}

// strays returns the rows that an index shows and that are not in it, and where it does.
func (t Table) strays(ctx context.Context, index string, shown []Item) (found []Violation, places []Key, err error) {
	rows, err := t.At(ctx, keysOf(shown))
	if err != nil {
		return nil, nil, err
	}
	is := map[Key]Key{}
	for _, row := range rows {
		is[KeyOf(row)] = PlaceIn(index, row)
	}
	for _, item := range shown {
		if k, at := KeyOf(item), PlaceIn(index, item); is[k] != at {
			found = append(found, Violation{indexed, k, fmt.Sprintf("%s shows it at %v, where it is not", index, at)})
			places = append(places, at)
		}
	}
	return found, places, nil
}

func keysOf(items []Item) (keys []Key) {
	for _, item := range items {
		keys = append(keys, KeyOf(item))
	}
	return keys
}

// topicCounts returns the versions of the counts of topics when a check began: now, if a
// position is the beginning.
func (t Table) topicCounts(ctx context.Context, from Position) (versions int, err error) {
	if from.Index != "" || from.After != nil {
		return from.Counts, nil
	}
	rows, err := t.At(ctx, table.TopicCounts())
	for _, item := range rows {
		r, _ := Decode(item)
		n, _ := r.Value.(notice.Topics)
		versions += n.Version
	}
	return versions, err
}

// checkTopics checks that the count of topics is the mailboxes' (N5).
func checkTopics(more int) []Violation {
	if more == 0 {
		return nil
	}
	return []Violation{{"topics are counted (N5)", Key{PK: "TOPICS#0"}, fmt.Sprintf("there are %d more than that", more)}}
}

// inBoth returns the violations that both looks found.
func inBoth(before, now []Violation) []Violation {
	return slices.DeleteFunc(now, func(v Violation) bool { return !slices.Contains(before, v) })
}
