package machine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
)

func TestFilter(t *testing.T) {
	var value map[string]any
	source := `{"eventName": "INSERT", "dynamodb": {"NewImage": {"kind": {"S": "outbox"}, "n": {"N": "1"}, "open": {"BOOL": true}}}}`
	if err := json.Unmarshal([]byte(source), &value); err != nil {
		t.Fatal(err)
	}
	for pattern, want := range map[string]bool{
		`{}`:                              true,
		`{"eventName": ["INSERT"]}`:       true,
		`{"eventName": ["MODIFY", null]}`: false,
		`{"eventName": ["INSERT"], "dynamodb": {"NewImage": {"kind": {"S": ["outbox", "x"]}}}}`:        true,
		`{"dynamodb": {"NewImage": {"DUE_PK": {"S": [{"exists": true}]}}}}`:                            false,
		`{"dynamodb": {"NewImage": {"DUE_PK": {"S": [{"exists": false}]}, "open": {"BOOL": [true]}}}}`: true,
		`{"dynamodb": {"NewImage": {"kind": {"S": [{"exists": true}]}}}}`:                              true,
		`{"dynamodb": {"NewImage": {"kind": {"S": [{"prefix": "out"}]}}}}`:                             true,
		`{"dynamodb": {"NewImage": {"kind": {"S": [{"prefix": "in"}]}}}}`:                              false,
		`{"dynamodb": {"OldImage": {"kind": {"S": [{"prefix": ""}]}}}}`:                                false,
		`{"dynamodb": {"NewImage": {"kind": {"S": [{"anything-but": ["a", "b"]}]}}}}`:                  true,
		`{"dynamodb": {"NewImage": {"kind": {"S": [{"anything-but": "outbox"}]}}}}`:                    false,
		`{"dynamodb": {"NewImage": {"n": {"N": [{"numeric": ["=", 1]}]}}}}`:                            false, // DynamoDB's numbers are texts
	} {
		p, err := newPattern(pattern)
		if err != nil || p.fits(value) != want {
			t.Errorf("%s: %v %v", pattern, !want, err)
		}
	}
}

// consumer fails on the records that are bad, and remembers what it was given.
type consumer struct {
	bad     []string
	reports bool // it reports a bad record instead of failing
	batches []string
	letters []DeadLetter
}

func (c *consumer) invoke(_ context.Context, _ string, payload []byte) ([]byte, error) {
	var event events.DynamoDBEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	var got, failed []string
	for _, r := range event.Records {
		got = append(got, r.Change.SequenceNumber)
		if slices.Contains(c.bad, r.Change.SequenceNumber) {
			failed = append(failed, `{"itemIdentifier": "`+r.Change.SequenceNumber+`"}`)
		}
	}
	c.batches = append(c.batches, strings.Join(got, ""))
	if len(failed) > 0 && !c.reports {
		return nil, errors.New("bad")
	}
	return []byte(`{"batchItemFailures": [` + strings.Join(failed, ",") + `]}`), nil
}

func TestDelivery(t *testing.T) {
	all := func() (records []record) {
		for n := range 6 {
			records = append(records, record{"dynamodb": map[string]any{"SequenceNumber": fmt.Sprint(n)}})
		}
		return records
	}
	for name, test := range map[string]struct {
		mapping  mapping
		consumer consumer
		batches  string
		lost     []string
	}{
		"all is well":       {mapping{batchSize: 4, retries: 1}, consumer{}, "0123 45", nil},
		"repeated, lost":    {mapping{batchSize: 3, retries: 2}, consumer{bad: []string{"1"}}, "012 012 012 345", []string{"0", "1", "2"}},
		"halved":            {mapping{batchSize: 6, retries: 1, bisect: true}, consumer{bad: []string{"1"}}, "012345 012 0 12 1 1 2 345", []string{"1"}},
		"reported":          {mapping{batchSize: 6, retries: 1, reportsFailed: true}, consumer{bad: []string{"4"}, reports: true}, "012345 45", []string{"4", "5"}},
		"reported, halved":  {mapping{batchSize: 6, retries: 1, bisect: true, reportsFailed: true}, consumer{bad: []string{"4"}, reports: true}, "012345 4 4 5", []string{"4"}},
		"reported, ignored": {mapping{batchSize: 6, retries: 1}, consumer{bad: []string{"4"}, reports: true}, "012345", nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := test.consumer
			r := reader{mapping: test.mapping, invoke: c.invoke, giveUp: func(l DeadLetter) { c.letters = append(c.letters, l) }}
			r.handOver(t.Context(), all())
			var lost []string
			for _, l := range c.letters {
				lost = append(lost, l.SequenceNumbers...)
			}
			if diff := cmp.Diff(test.batches, strings.Join(c.batches, " ")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.lost, lost); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What waited for too long is given up before it is tried again.
func TestOldRecordsAreGivenUp(t *testing.T) {
	at := func(n string, age time.Duration) record {
		return record{"dynamodb": map[string]any{"SequenceNumber": n, "ApproximateCreationDateTime": float64(time.Now().Add(-age).Unix())}}
	}
	var c consumer
	r := reader{mapping: mapping{batchSize: 9, retries: -1, maxAge: time.Hour}, invoke: c.invoke, giveUp: func(l DeadLetter) { c.letters = append(c.letters, l) }}
	r.handOver(t.Context(), []record{at("0", 3*time.Hour), at("1", 2*time.Hour), at("2", time.Minute)})
	if diff := cmp.Diff([]string{"2"}, c.batches); diff != "" || len(c.letters) != 1 || strings.Join(c.letters[0].SequenceNumbers, "") != "01" {
		t.Error(diff, c.letters)
	}
}

func TestNothingHappensByItselfWhileTriggersAreOff(t *testing.T) {
	var m Machine
	runs := 0
	for _, on := range []bool{true, false, false, true} {
		m.SetTriggers(on)
		m.triggers.pass(func() { runs++ })
	}
	if runs != 2 {
		t.Errorf("ran %d times, not 2", runs)
	}
}

func TestStreamOfTheTable(t *testing.T) {
	e, err := StartEmulator(t.Context(), 0, "", "../../.cache")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	db := dynamoDB{e.URL, testClient(t)}
	stream, err := db.prepareTable(t.Context(), "things")
	if err != nil || stream == "" {
		t.Fatal(stream, err)
	}
	if again, err := db.prepareTable(t.Context(), "things"); err != nil || again != stream {
		t.Fatal(again, err)
	}
	put := func(sort string, more map[string]any) {
		t.Helper()
		item := map[string]any{"PK": map[string]any{"S": "p"}, "SK": map[string]any{"S": sort}}
		for name, value := range more {
			item[name] = value
		}
		if err := db.call(t.Context(), "DynamoDB_20120810.PutItem", map[string]any{"TableName": "things", "Item": item}, nil); err != nil {
			t.Fatal(err)
		}
	}
	var seen []events.DynamoDBEventRecord
	due, _ := newPattern(`{"dynamodb":{"NewImage":{"DUE_PK":{"S":[{"exists":true}]}}}}`)
	newReader := func(file string) *reader {
		r := &reader{
			mapping: mapping{batchSize: 10, filters: []pattern{due}}, db: db, stream: stream, file: file,
			invoke: func(_ context.Context, _ string, payload []byte) ([]byte, error) {
				var event events.DynamoDBEvent
				err := json.Unmarshal(payload, &event)
				seen = append(seen, event.Records...)
				return nil, err
			},
		}
		r.restore()
		return r
	}
	file := t.TempDir() + "/stream.json"
	first := newReader(file)
	put("1", map[string]any{"DUE_PK": map[string]any{"S": "d"}, "DUE_SK": map[string]any{"S": "now"}})
	put("2", nil)
	if err := first.poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	put("1", map[string]any{"DUE_PK": map[string]any{"S": "d"}, "DUE_SK": map[string]any{"S": "later"}, "m": map[string]any{"M": map[string]any{"x": map[string]any{"N": "1"}}}})
	if err := newReader(file).poll(t.Context()); err != nil { // as after a restart
		t.Fatal(err)
	}
	if len(seen) != 2 {
		t.Fatalf("%d records: %+v", len(seen), seen)
	}
	r := seen[1]
	if r.EventName != "MODIFY" || r.EventSource != "aws:dynamodb" || r.EventSourceArn != stream || r.EventID == "" || r.Change.StreamViewType != "NEW_AND_OLD_IMAGES" ||
		r.Change.OldImage["DUE_SK"].String() != "now" || r.Change.NewImage["m"].Map()["x"].Number() != "1" || r.Change.ApproximateCreationDateTime.IsZero() {
		t.Errorf("%+v", r)
	}
}
