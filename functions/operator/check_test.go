package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"carechat/deploy"
	"carechat/shared/invariants"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/tables"
	"carechat/tests/support/town"
)

// T10: a check goes through all pages of a table and its indexes, and names what is wrong.
func TestTheWholeTableIsChecked(t *testing.T) {
	w := town.New(t)
	for _, id := range []string{"ana", "ben"} {
		w.PutMember(id, town.Phone("+15550100177"), town.Email(id+"@example.org"))
		w.Enroll(id, town.Program, town.Rivera)
		thread := w.Start(town.Rivera, id, town.Program, "client-0000000000000000")
		for n := range 9 {
			w.Reply(id, thread.ID, fmt.Sprintf("client-%016d", n))
		}
	}
	f := operatorOf(w.Table, func() time.Time { return w.Now })
	check := func() (out, progress bytes.Buffer, err error) {
		invoke := func(payload []byte) ([]byte, error) { return f.Invoke(t.Context(), payload) }
		err = deploy.CheckTable(invoke, "", &out, &progress)
		return out, progress, err
	}
	s, err := tables.Scan(t.Context(), emulator.URL, w.Name)
	if err != nil {
		t.Fatal(err)
	}
	if out, progress, err := check(); err != nil || strings.Count(progress.String(), "AFTER=") < len(s.Rows)/7 {
		t.Fatalf("a sound table: %s, %v, after %s", &out, err, &progress)
	}
	damaged := []invariants.Key{}
	for _, row := range s.Rows {
		k := invariants.KeyOf(row)
		if !slices.ContainsFunc([]string{"MESSAGE#0000000003", "PREFERENCES"}, func(sk string) bool { return k.SK == sk }) {
			continue
		}
		damaged = append(damaged, k)
		_, err := w.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &w.Name, Key: invariants.Item{"PK": row["PK"], "SK": row["SK"]}})
		w.Must(nil, err)
	}
	out, _, err := check()
	if err == nil || len(damaged) != 4 {
		t.Errorf("%d rows are gone, and that is %v", len(damaged), err)
	}
	for _, k := range damaged {
		pk, _ := json.Marshal(k.PK)
		if !strings.Contains(out.String(), string(pk)) {
			t.Errorf("%s, %s is gone: %s", k.PK, k.SK, &out)
		}
	}
}

// busy is a table in which something is written before each look into an index.
type busy struct {
	table.Whole
	write func()
}

func (b busy) Shown(ctx context.Context, index string, at invariants.Key) ([]invariants.Item, error) {
	b.write()
	return b.Whole.Shown(ctx, index, at)
}

// T10: what people write while a table is checked is not reported, however often a row
// changes and wherever new rows appear.
func TestABusyTableIsNotWrong(t *testing.T) {
	w := town.New(t)
	w.PutMember("ana")
	w.Enroll("ana", town.Program, town.Rivera)
	thread := w.Start(town.Rivera, "ana", town.Program, "client-0000000000000000")
	replies, mail := 0, w.NewSender(w.Table, w.NewSNS())
	whole := busy{table.Whole{Table: w.Table, Rows: 7, Chunk: 3}, func() {
		replies++
		w.Reply("ana", thread.ID, fmt.Sprintf("client-%016d", replies))
		another := fmt.Sprintf("member-%d", replies)
		w.PutMember(another, town.Email(another+"@example.org"))
		w.Must(nil, mail.SyncMailbox(t.Context(), town.Key(another)))
	}}
	check := invariants.Table{Reader: whole, Settle: func(context.Context) {}}
	for at, pages := (&invariants.Position{}), 0; at != nil && pages < 100; pages++ {
		_, found, next, err := check.Check(t.Context(), *at)
		w.Must(nil, err)
		if at = next; len(found) > 0 {
			t.Errorf("%v", found)
		}
	}
	if replies < 2 {
		t.Errorf("%d replies", replies)
	}
}
