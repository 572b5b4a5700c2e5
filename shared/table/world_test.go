package table_test

import (
	"context"
	"testing"

	"carechat/shared/chat"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/tables"
	"carechat/tests/support/town"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// world is a town whose calls to DynamoDB are recorded.
type world struct {
	*town.Town
	recorder *recorder
	madeUp   bool // the test itself wrote rows that no use case leaves
}

// withCatalog serves a fixed catalog from memory, as warm settings are.
type withCatalog struct{ *table.Table }

// Colleagues are in memory, as the catalog is.
func (withCatalog) Colleagues(context.Context, string) (map[string]chat.CareManagerRow, error) {
	return nil, nil
}

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

// newWorld returns a world without rows, whose use cases have a fixed catalog.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{recorder: &recorder{}}
	w.Town = town.Empty(t, town.Uncached, town.Through(func(next aws.HTTPClient) aws.HTTPClient {
		w.recorder.next = next
		return w.recorder
	}))
	w.Chat.On(withCatalog{w.Table})
	return w
}

// sound checks the whole table against the invariants when the test is over, unless its
// rows are made up.
func (w *world) sound(t *testing.T) {
	t.Cleanup(func() {
		if !w.madeUp {
			tables.Check(t, emulator.URL, w.Name)
		}
	})
}

func TestMain(m *testing.M) { emulator.Main(m) }
