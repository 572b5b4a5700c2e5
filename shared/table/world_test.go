package table_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/invariants"
	"carechat/tests/support/localaws"
	"carechat/tests/support/usecases"
)

// world is the domain on a table of its own in a real emulator, with a clock
// that the test moves and ids that it can foresee.
type world struct {
	name     string // the table's
	chat     *usecases.All
	table    *table.Table
	recorder *recorder
	now      time.Time
	madeUp   bool // the test itself wrote rows that no use case leaves
}

// withCatalog serves a fixed catalog from memory, as warm settings are.
type withCatalog struct{ *table.Table }

func (withCatalog) Catalog(context.Context, string, bool) (chat.Catalog, error) {
	c := chat.Catalog{
		Organization: chat.Organization{
			ID: pad("org", 10), Languages: []string{"en"}, Calendar: chat.Calendar{ReplyHours: 24},
			ShortName: pad("Short", 11), Countries: []string{"+1"},
			Notices: chat.NoticeRules{DelaySeconds: 120, TextsPerDay: 3, ReminderHours: 24}, Outcomes: []chat.Outcome{{ID: pad("out", 10)}},
		},
		Programs: map[string]chat.Program{}, Reasons: map[string]chat.Reason{},
		Departments: map[string]chat.Department{pad("dep", 10): {ID: pad("dep", 10), Name: pad("Department", 20)}},
	}
	for _, id := range []string{"pro", "qro", "rro"} {
		c.Programs[pad(id, 10)] = chat.Program{ID: pad(id, 10), Name: pad("Program", 20), Kind: chat.Guided, DepartmentID: pad("dep", 10)}
	}
	for _, id := range []string{"rea", "rea1", "rea2"} {
		c.Reasons[pad(id, 10)] = chat.Reason{ID: pad(id, 10), Active: true, Labels: chat.Labels{"en": pad("Reason", 20)}}
	}
	return c, nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{name: emulator.NewTable(t), now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), recorder: newRecorder()}
	clock := func() time.Time { return w.now }
	config := localaws.Config(emulator.URL)
	config.HTTPClient = w.recorder
	w.table = table.New(table.Settings{Name: w.name, Now: clock, Config: config})
	n := 0
	w.chat = usecases.New(withCatalog{w.table}, clock, func(prefix string) string {
		n++
		return fmt.Sprintf("%s_%026d", prefix, n)
	})
	return w
}

// sound holds the whole table against the invariants when the test is over,
// unless its rows are made up. Those of a bare world are: of round sizes to be
// measured, or of one kind alone to be found, without what they hang on.
func (w *world) sound(t *testing.T) {
	t.Cleanup(func() {
		if !w.madeUp {
			invariants.Check(t, emulator.URL, w.name)
		}
	})
}

func TestMain(m *testing.M) { emulator.Main(m) }
