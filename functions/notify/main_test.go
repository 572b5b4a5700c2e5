package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// run hands an event to a notifier that finds these contacts due and cannot
// send to those named in failing.
func run(t *testing.T, payload []byte, due []string, failing ...string) (sent, failed []string, log string, err error) {
	t.Helper()
	var lines bytes.Buffer
	n := notifier{
		due: func(context.Context, time.Time) ([]string, error) { return due, nil },
		send: func(_ context.Context, contact string) error {
			sent = append(sent, contact)
			for _, each := range failing {
				if each == contact {
					return errors.New("sns: Throttled")
				}
			}
			return nil
		},
		now: time.Now, log: slog.New(slog.NewJSONHandler(&lines, nil)),
	}
	out, err := n.handle(t.Context(), payload)
	for _, f := range out.BatchItemFailures {
		failed = append(failed, f.ItemIdentifier)
	}
	return sent, failed, lines.String(), err
}

const anas = "pZw3aFqb2PMxESsfAgpeVoCBjm7OZ_sZuAEQbR25XQk"

func TestTheStreamSendsWhatIsOwed(t *testing.T) {
	event, err := os.ReadFile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	sent, failed, log, err := run(t, event, []string{"another"})
	if diff := cmp.Diff([]string{anas}, sent); diff != "" || failed != nil || err != nil {
		t.Errorf("%s failed %v, %v", diff, failed, err)
	}
	if strings.Contains(log, "+1555") {
		t.Errorf("a phone number is in the log: %s", log)
	}
}

// record is one of the stream's, of a row that is due unless due is false.
func record(pk, sk, sequence string, due bool) map[string]any {
	image := map[string]any{"PK": map[string]string{"S": pk}, "SK": map[string]string{"S": sk}}
	if due {
		image["DUE_PK"] = map[string]string{"S": "DUE#1"}
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

// Threads are due as well, and other rows come by: they are left alone.
func TestOnlyLinksAreSent(t *testing.T) {
	sent, failed, _, err := run(t, stream(t,
		record("ORG#harbor#MEMBER#ana", "CHAT#THREAD#thr_1", "1", true),
		record("CONTACT#settled", "ASKED", "2", false),
		record("CONTACT#x", "ORG#harbor#MEMBER#ana", "3", true),
		map[string]any{"eventName": "REMOVE", "dynamodb": map[string]any{"SequenceNumber": "4"}},
	), nil)
	if sent != nil || failed != nil || err != nil {
		t.Errorf("sent %v, failed %v, %v", sent, failed, err)
	}
}

func TestTheStreamComesAgainFromWhatFailed(t *testing.T) {
	sent, failed, log, err := run(t, stream(t,
		record("CONTACT#a", "ASKED", "1", true), record("CONTACT#b", "ASKED", "2", true), record("CONTACT#c", "ASKED", "3", true),
	), nil, "b")
	if diff := cmp.Diff([]string{"a", "b"}, sent); diff != "" || err != nil {
		t.Errorf("%s %v", diff, err)
	}
	if diff := cmp.Diff([]string{"2"}, failed); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(log, "Throttled") {
		t.Errorf("the log does not say why: %s", log)
	}
}

func TestTheScheduleSendsAllThatIsDue(t *testing.T) {
	for _, payload := range []string{`{}`, `{"version":"0","detail-type":"Scheduled Event"}`, `[]`} {
		sent, _, _, err := run(t, []byte(payload), []string{"a", "b", "c"}, "b")
		if diff := cmp.Diff([]string{"a", "b", "c"}, sent); diff != "" {
			t.Errorf("%s:\n%s", payload, diff)
		}
		if err == nil {
			t.Error("a failure passes in silence")
		}
	}
}
