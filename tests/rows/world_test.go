package rows

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"carechat/shared/invariants"
	"carechat/shared/login"
	"carechat/shared/notice"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/localaws"
	"carechat/tests/support/tables"
	"carechat/tests/support/town"
)

func TestMain(m *testing.M) { emulator.Main(m) }

// world is a town with log-ins.
type world struct {
	*town.Town
	auth *login.Service
	sns  *town.SNS
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := town.New(t)
	return &world{w, &login.Service{Store: secrets{w.Table}, Now: func() time.Time { return w.Now }, NewID: w.Chat.NewID}, w.NewSNS()}
}

// loaded returns a world that has these rows alone. Its clock is soon after them, and its ids are new.
func loaded(t *testing.T, rows []row) *world {
	t.Helper()
	w := newWorld(t)
	w.Now = loggedIn.Add(10 * time.Minute)
	n := 0
	w.Chat.NewID = func(prefix string) string {
		n++
		return fmt.Sprintf("%s_later%021d", prefix, n)
	}
	w.Chat.On(w.Table)
	for _, r := range w.rows(t) { // the town's own
		w.call(t, "DeleteItem", map[string]any{"TableName": w.Name, "Key": row{"PK": r["PK"], "SK": r["SK"]}}, nil)
	}
	for _, r := range rows {
		w.call(t, "PutItem", map[string]any{"TableName": w.Name, "Item": r}, nil)
	}
	return w
}

// row is a row in DynamoDB's JSON.
type row map[string]any

func (r row) key() invariants.Key {
	word := func(name string) string { return r[name].(map[string]any)["S"].(string) }
	return invariants.Key{PK: word("PK"), SK: word("SK")}
}

// call calls DynamoDB without the SDK, which cannot give rows as JSON.
func (w *world) call(t *testing.T, operation string, in, out any) {
	t.Helper()
	if err := localaws.Call(t.Context(), emulator.URL, operation, in, out); err != nil {
		t.Fatal(err)
	}
}

// rows returns the table's rows in DynamoDB's JSON.
func (w *world) rows(t *testing.T) (all []row) {
	t.Helper()
	var page struct{ Items []row }
	w.call(t, "Scan", map[string]any{"TableName": w.Name, "ConsistentRead": true}, &page)
	return page.Items
}

// decoded returns the table's rows as the product reads them.
func (w *world) decoded(t *testing.T) map[invariants.Key]invariants.Row {
	t.Helper()
	s, err := tables.Scan(t.Context(), emulator.URL, w.Name)
	if err != nil {
		t.Fatal(err)
	}
	all := map[invariants.Key]invariants.Row{}
	for _, each := range s.Rows {
		r, err := invariants.Decode(each)
		if err != nil || r.Value == nil {
			t.Errorf("%v does not read: %v", invariants.KeyOf(each), err)
		}
		all[invariants.KeyOf(each)] = r
	}
	return all
}

// secrets is a table that stores links and sessions under secrets that a test knows.
type secrets struct{ *table.Table }

func (s secrets) SaveOwedLink(ctx context.Context, a login.OwedLink, minted ...login.Link) error {
	for i := range minted {
		minted[i].Hash = hashOf("link", secret(minted[i].Members[0].ID, 27))
	}
	return s.Table.SaveOwedLink(ctx, a, minted...)
}

func (s secrets) SaveClaim(ctx context.Context, l notice.State, minted ...login.Link) error {
	for i := range minted {
		minted[i].Hash = hashOf("link", secret(fmt.Sprintf("%s-%d-%d", l.Key.Member, l.Version, i), 27))
	}
	return s.Table.SaveClaim(ctx, l, minted...)
}

func (s secrets) BeginSession(ctx context.Context, l login.LogIn) error {
	l.Session.Hash = hashOf("session", secret(l.Session.Key.Member, 43))
	return s.Table.BeginSession(ctx, l)
}

func secret(member string, size int) string {
	return member + strings.Repeat("0", size-len(member))
}

// hashOf returns the hash under which a secret or an address is stored. It must never change: every release must find what an earlier
// one stored.
func hashOf(kind, value string) string {
	sum := sha256.Sum256([]byte(kind + ":v1:" + value))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
