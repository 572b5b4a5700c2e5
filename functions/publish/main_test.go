package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carechat/tests/support/contract"
	"carechat/tests/support/event"
)

// report is the outcome of a batch.
type report struct {
	messages []string
	kinds    []string // the attributes by which subscriptions filter
	failed   []string // sequence numbers
	log      string
}

// run has a publisher handle a batch. Its topic refuses what has the word refused.
func run(t *testing.T, payload []byte, refused string) (r report) {
	t.Helper()
	var lines bytes.Buffer
	p := publisher{
		publish: func(_ context.Context, message string, attributes map[string]string) error {
			if refused != "" && strings.Contains(message, refused) {
				return errors.New("sns: Throttled")
			}
			r.messages = append(r.messages, message)
			r.kinds = append(r.kinds, attributes["organizationId"]+" "+attributes["type"])
			return nil
		},
		log: slog.New(slog.NewJSONHandler(&lines, nil)),
	}
	var b batch
	if err := json.Unmarshal(payload, &b); err != nil {
		t.Fatal(err)
	}
	out, err := p.handle(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range out.BatchItemFailures {
		r.failed = append(r.failed, f.ItemIdentifier)
	}
	r.log = lines.String()
	return r
}

func TestANewRequestIsPublished(t *testing.T) {
	r := run(t, event.Read(t), "")
	want := []string{`{"eventId":"evt_K4sLDV41MxP9VXkzV1Gg2Q","type":"chatRequest.submitted","organizationId":"harbor",` +
		`"aggregate":"chatRequest/req_01JNB8Z3K5T7V9X1Y3A5C7E9G1","sequence":1,"at":"2026-03-02T16:00:00.000Z",` +
		`"memberId":"ana","programId":"diabetes","owner":{"kind":"careManager","id":"cm-rivera"},` +
		`"chatRequestId":"req_01JNB8Z3K5T7V9X1Y3A5C7E9G1","dueAt":"2026-03-03T17:00:00.000Z"}`}
	if diff := cmp.Diff(want, r.messages); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"harbor chatRequest.submitted"}, r.kinds); diff != "" || r.failed != nil {
		t.Errorf("%s failed %v", diff, r.failed)
	}
	if err := contract.CheckEvent(r.messages[0]); err != nil {
		t.Error(err)
	}
	for _, word := range []string{"feet", "Ana", "Rivera\"", "Symptoms"} {
		if strings.Contains(r.messages[0]+r.log, word) {
			t.Errorf("%q is told", word)
		}
	}
}

// changes returns a batch of the event's request in several programs. Without a
// program a record is a row that goes.
func changes(t *testing.T, programs ...string) []byte {
	return event.With(t, func(e map[string]any) {
		first := e["Records"].([]any)[0]
		var all []any
		for n, program := range programs {
			raw, _ := json.Marshal(first)
			var r map[string]any
			_ = json.Unmarshal(bytes.ReplaceAll(raw, []byte("diabetes"), []byte(program)), &r)
			change := r["dynamodb"].(map[string]any)
			change["SequenceNumber"] = string(rune('1' + n))
			if program == "" {
				change["OldImage"] = change["NewImage"]
				delete(change, "NewImage")
			}
			all = append(all, r)
		}
		e["Records"] = all
	})
}

// What comes after an event that fails waits for it, so that the stream sends them
// in order.
func TestAFailedEventKeepsItsPlace(t *testing.T) {
	r := run(t, changes(t, "heart", "", "sleep", "stress"), `"sleep"`)
	if diff := cmp.Diff([]string{"3"}, r.failed); diff != "" {
		t.Error(diff)
	}
	if len(r.messages) != 1 || !strings.Contains(r.messages[0], `"heart"`) || !strings.Contains(r.log, "Throttled") {
		t.Errorf("published %q\n%s", r.messages, r.log)
	}
}
