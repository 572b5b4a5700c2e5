package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/table"
)

var now = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

const today = "2026-03-02T12:00:00.000Z"

// report is what became of an event.
type report struct {
	done   []table.Due
	failed []string // sequence numbers
	log    string
	err    error
}

// run hands an event to a notifier that finds some due in one shard and cannot
// do what is in failing.
func run(t *testing.T, payload []byte, due []table.Due, failing ...table.Due) (r report) {
	t.Helper()
	var lines bytes.Buffer
	var mu sync.Mutex
	n := notifier{
		due: func(_ context.Context, _ time.Time, shard string) ([]table.Due, error) {
			if shard != table.DueShards()[0] {
				return nil, nil
			}
			return due, nil
		},
		do: func(_ context.Context, d table.Due) error {
			mu.Lock()
			defer mu.Unlock()
			r.done = append(r.done, d)
			if slices.Contains(failing, d) {
				return errors.New("sns: Throttled")
			}
			return nil
		},
		now: func() time.Time { return now }, log: slog.New(slog.NewJSONHandler(&lines, nil)),
	}
	out, err := n.handle(t.Context(), payload)
	for _, f := range out.BatchItemFailures {
		r.failed = append(r.failed, f.ItemIdentifier)
	}
	r.log, r.err = lines.String(), err
	return r
}

func member(id string) table.Due {
	return table.Due{Member: chat.MemberKey{Organization: "harbor", Member: id}}
}

const anas = "pZw3aFqb2PMxESsfAgpeVoCBjm7OZ_sZuAEQbR25XQk"

func TestTheStreamSendsWhatIsOwed(t *testing.T) {
	event, err := os.ReadFile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	r := run(t, event, []table.Due{{Contact: "another"}})
	if diff := cmp.Diff([]table.Due{{Contact: anas}}, r.done); diff != "" || r.failed != nil || r.err != nil {
		t.Errorf("%s failed %v, %v", diff, r.failed, r.err)
	}
	if strings.Contains(r.log, "+1555") {
		t.Errorf("a phone number is in the log: %s", r.log)
	}
}

// record is one of the stream's, of a row that is due then.
func record(pk, sk, sequence, due string) map[string]any {
	image := map[string]any{"PK": map[string]string{"S": pk}, "SK": map[string]string{"S": sk}}
	if due != "" {
		image["DUE_PK"], image["DUE_SK"] = map[string]string{"S": "DUE#1"}, map[string]string{"S": due}
	}
	return map[string]any{"dynamodb": map[string]any{"NewImage": image, "SequenceNumber": sequence}}
}

func stream(t *testing.T, records ...map[string]any) []byte {
	t.Helper()
	event, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		t.Fatal(err)
	}
	return event
}

const anaKey = "ORG#harbor#MEMBER#ana"

// N1: what is due later is the schedule's; what is no longer due is nobody's.
func TestTheStreamDoesWhatIsDueAtOnce(t *testing.T) {
	r := run(t, stream(t,
		record(anaKey, "CHAT#THREAD#thr_1", "1", "2026-03-02T12:00:00.001Z"),
		record("CONTACT#settled", "ASKED", "2", ""),
		record("CONTACT#x", anaKey, "3", today),
		record(anaKey, "EMAIL", "4", today),
		record("ORG#harbor#MEMBER#ben", "CHAT#THREAD#thr_2", "5", today),
		record("ORG#harbor#MEMBER#ben", "CHAT#THREAD#thr_3", "6", today),
		map[string]any{"eventName": "REMOVE", "dynamodb": map[string]any{"SequenceNumber": "7"}},
	), nil)
	mailbox := member("ana")
	mailbox.Mailbox = true
	if diff := cmp.Diff([]table.Due{mailbox, member("ben")}, r.done); diff != "" || r.failed != nil || r.err != nil {
		t.Errorf("%s failed %v, %v", diff, r.failed, r.err)
	}
}

// One that fails comes again and holds up no other.
func TestAPoisonedRecordBlocksNoOther(t *testing.T) {
	r := run(t, stream(t,
		record("CONTACT#a", "ASKED", "1", today), record("CONTACT#b", "ASKED", "2", today), record("CONTACT#c", "ASKED", "3", today),
	), nil, table.Due{Contact: "b"})
	if diff := cmp.Diff([]table.Due{{Contact: "a"}, {Contact: "b"}, {Contact: "c"}}, r.done); diff != "" || r.err != nil {
		t.Errorf("%s %v", diff, r.err)
	}
	if diff := cmp.Diff([]string{"2"}, r.failed); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(r.log, "Throttled") {
		t.Errorf("the log does not say why: %s", r.log)
	}
}

func TestTheScheduleDoesAllThatIsDue(t *testing.T) {
	due := []table.Due{{Contact: "a"}, member("b"), member("c")}
	for _, payload := range []string{`{}`, `{"version":"0","detail-type":"Scheduled Event"}`, `[]`} {
		r := run(t, []byte(payload), due, member("b"))
		if diff := cmp.Diff(due, r.done); diff != "" {
			t.Errorf("%s:\n%s", payload, diff)
		}
		if r.err == nil {
			t.Error("a failure passes in silence")
		}
	}
}
