package invariants_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/chat"
	"carechat/shared/invariants"
	"carechat/tests/support/emulator"
	"carechat/tests/support/tables"
)

// Each of a hundred kinds of damage to a random row of a copy of a sound table is found,
// and so is damage to the table itself.
func TestEveryDamageIsFound(t *testing.T) {
	w, keptUp := newHistory(t, func(history, bool) {})
	healthy, err := tables.Scan(t.Context(), emulator.URL, w.Name)
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Concat(drops, numbers, places, cursors, copies, states, entries, notices, care)
	healthy.KeptUp, seenTo = keptUp, keptUp
	rowByRow := copyOf(healthy)
	rowByRow.PageRows = 1
	if found := tables.Verify(rowByRow); len(found) > 0 {
		t.Errorf("read row by row: %v", found)
	}
	for n := range uint64(max(100, len(all)+len(stale))) {
		rng := rand.New(rand.NewPCG(n, 7))
		if n < uint64(len(stale)) {
			s := copyOf(healthy)
			stale[n].harm(&s, rng)
			expectFound(t, n, stale[n].name, s)
			continue
		}
		d := all[int(n-uint64(len(stale)))%len(all)]
		s := copyOf(healthy)
		d.applyToRandomRow(t, &s, rng)
		expectFound(t, n, d.name, s)
	}
	t.Logf("%d kinds of damage", len(all)+len(stale))
	if found := tables.Verify(healthy); len(found) > 0 {
		t.Errorf("the damages reached the original: %v", found)
	}
	lost := slices.IndexFunc(healthy.Rows, func(i invariants.Item) bool { return is[chat.Message]()(decoded(i)) })
	_, err = w.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
		TableName: &w.Name, Key: invariants.Item{"PK": healthy.Rows[lost]["PK"], "SK": healthy.Rows[lost]["SK"]},
	})
	if found, of := tables.Of(t.Context(), emulator.URL, w.Name); err != nil || of != nil || len(found) == 0 {
		t.Errorf("a message deleted from the table: found %v, %v, %v", found, err, of)
	}
}

func decoded(i invariants.Item) invariants.Row {
	r, err := invariants.Decode(i)
	if err != nil {
		panic(err)
	}
	return r
}

func expectFound(t *testing.T, n uint64, name string, s tables.Snapshot) {
	t.Helper()
	found := fmt.Sprint(tables.Verify(s))
	if found == "[]" {
		t.Errorf("damage %d is not found: %s", n, name)
	}
	for _, word := range []string{"Hello", "example.org", "+1555", "Rivera", "Symptoms"} {
		if strings.Contains(found, word) {
			t.Errorf("damage %d: what is found says %q: %s", n, word, found)
		}
	}
}

// damage changes one of the rows that it applies to.
type damage struct {
	name    string
	applies func(invariants.Row) bool
	apply   func(s *damagedTable, row invariants.Item, r invariants.Row)
}

// damagedTable is a table to be damaged.
type damagedTable struct {
	*tables.Snapshot
	rng *rand.Rand
}

func (d damage) applyToRandomRow(t *testing.T, s *tables.Snapshot, rng *rand.Rand) {
	t.Helper()
	var may []int
	for i, row := range s.Rows {
		if r, err := invariants.Decode(row); err == nil && d.applies(r) {
			may = append(may, i)
		}
	}
	if len(may) == 0 {
		t.Fatalf("the sound table has no row for: %s", d.name)
	}
	row := s.Rows[may[rng.IntN(len(may))]]
	r, _ := invariants.Decode(row)
	d.apply(&damagedTable{s, rng}, row, r)
	for index := range s.Indexes {
		s.Indexes[index] = invariants.Project(index, s.Rows)
	}
}

func copyOf(s tables.Snapshot) tables.Snapshot {
	c := tables.Snapshot{Rows: copyRows(s.Rows), Indexes: map[string][]invariants.Item{}, PageRows: 50, KeptUp: s.KeptUp}
	for index, shown := range s.Indexes {
		c.Indexes[index] = copyRows(shown)
	}
	return c
}

func copyRows(rows []invariants.Item) []invariants.Item {
	all := make([]invariants.Item, len(rows))
	for i, row := range rows {
		all[i] = copyItem(row)
	}
	return all
}

func copyItem(row invariants.Item) invariants.Item {
	c := maps.Clone(row)
	for name, v := range c {
		if m, ok := v.(*types.AttributeValueMemberM); ok {
			c[name] = &types.AttributeValueMemberM{Value: copyItem(m.Value)}
		}
	}
	return c
}

// drop removes the row.
func (w *damagedTable) drop(row invariants.Item) {
	k := invariants.KeyOf(row)
	w.Rows = slices.DeleteFunc(w.Rows, func(other invariants.Item) bool { return invariants.KeyOf(other) == k })
}

// add puts a copy of the row elsewhere.
func (w *damagedTable) add(row invariants.Item, pk, sk string) invariants.Item {
	c := copyItem(row)
	c["PK"], c["SK"] = text(pk), text(sk)
	w.Rows = append(w.Rows, c)
	return c
}

// replace puts the row where its value belongs, in both indexes.
func replace(row invariants.Item) {
	r := decoded(row)
	for index, k := range map[string]invariants.Key{"WORK": r.Must.Work, "DUE": r.Must.Due} {
		delete(row, index+"_PK")
		delete(row, index+"_SK")
		if k.PK != "" {
			row[index+"_PK"], row[index+"_SK"] = text(k.PK), text(k.SK)
		}
	}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.Itoa(n)}
}

// in returns a map attribute of a row.
func in(row invariants.Item, name string) invariants.Item {
	return row[name].(*types.AttributeValueMemberM).Value
}

// shift changes a number by 1, up or down.
func (w *damagedTable) shift(row invariants.Item, name string) {
	n, err := strconv.Atoi(row[name].(*types.AttributeValueMemberN).Value)
	if err != nil {
		panic(err)
	}
	row[name] = number(n + 1 - 2*w.rng.IntN(2))
}

// stale lists damage of an index alone.
var stale = []struct {
	name string
	harm func(s *tables.Snapshot, rng *rand.Rand)
}{
	{"WORK lacks a row", func(s *tables.Snapshot, rng *rand.Rand) {
		i := rng.IntN(len(s.Indexes["WORK"]))
		s.Indexes["WORK"] = slices.Delete(s.Indexes["WORK"], i, i+1)
	}},
	{"DUE lacks a row", func(s *tables.Snapshot, rng *rand.Rand) {
		i := rng.IntN(len(s.Indexes["DUE"]))
		s.Indexes["DUE"] = slices.Delete(s.Indexes["DUE"], i, i+1)
	}},
	{"WORK shows an older version", func(s *tables.Snapshot, rng *rand.Rand) {
		s.Indexes["WORK"][rng.IntN(len(s.Indexes["WORK"]))]["version"] = number(0)
	}},
	{"WORK shows a row that has left", func(s *tables.Snapshot, rng *rand.Rand) {
		row := copyItem(s.Indexes["WORK"][rng.IntN(len(s.Indexes["WORK"]))])
		row["SK"] = text("CHAT#THREAD#gone")
		s.Indexes["WORK"] = append(s.Indexes["WORK"], row)
	}},
}
