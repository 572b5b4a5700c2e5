package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"carechat/local/data"
	"carechat/local/emulator"
	"carechat/local/lambda"
	"carechat/local/template"

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
		`{"dynamodb": {"OldImage": {"kind": {"S": ["outbox"]}}}}`:                                      false,
		`{"dynamodb": {"NewImage": {"kind": {"S": [{"prefix": "in"}, {"prefix": "out"}]}}}}`:           true,
		`{"dynamodb": {"NewImage": {"kind": {"S": [{"prefix": "box"}]}, "n": {"N": ["1"]}}}}`:          false,
	} {
		p, err := newPattern(pattern)
		if err != nil || p.matches(value) != want {
			t.Errorf("%s: %v %v", pattern, !want, err)
		}
	}
}

// consumer is a function that fails on bad records. It remembers its batches.
type consumer struct {
	bad     []string
	reports bool // reports bad records instead of failing
	batches []string
	letters []lambda.DeadLetter
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

func (c *consumer) giveUp(l lambda.DeadLetter) { c.letters = append(c.letters, l) }

func TestDelivery(t *testing.T) {
	reported := []string{"ReportBatchItemFailures"}
	all := func() (records []record) {
		for n := range 6 {
			records = append(records, record{"dynamodb": map[string]any{"SequenceNumber": fmt.Sprint(n)}})
		}
		return records
	}
	for name, test := range map[string]struct {
		stream   template.Stream
		consumer consumer
		batches  string
		lost     []string
	}{
		"all is well":       {template.Stream{BatchSize: 4, MaximumRetryAttempts: new(1)}, consumer{}, "0123 45", nil},
		"repeated, lost":    {template.Stream{BatchSize: 3, MaximumRetryAttempts: new(2)}, consumer{bad: []string{"1"}}, "012 012 012 345", []string{"0", "1", "2"}},
		"halved":            {template.Stream{BatchSize: 6, MaximumRetryAttempts: new(1), BisectBatchOnFunctionError: true}, consumer{bad: []string{"1"}}, "012345 012 0 12 1 1 2 345", []string{"1"}},
		"reported":          {template.Stream{BatchSize: 6, MaximumRetryAttempts: new(1), FunctionResponseTypes: reported}, consumer{bad: []string{"4"}, reports: true}, "012345 45", []string{"4", "5"}},
		"reported, halved":  {template.Stream{BatchSize: 6, MaximumRetryAttempts: new(1), BisectBatchOnFunctionError: true, FunctionResponseTypes: reported}, consumer{bad: []string{"4"}, reports: true}, "012345 4 4 5", []string{"4"}},
		"reported, ignored": {template.Stream{BatchSize: 6, MaximumRetryAttempts: new(1)}, consumer{bad: []string{"4"}, reports: true}, "012345", nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := test.consumer
			r := Reader{Config: Config{Stream: test.stream, Invoke: c.invoke, GiveUp: c.giveUp}}
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

// A record that is too old is given up, not tried again.
func TestOldRecordsAreGivenUp(t *testing.T) {
	at := func(n string, age time.Duration) record {
		return record{"dynamodb": map[string]any{"SequenceNumber": n, "ApproximateCreationDateTime": float64(time.Now().Add(-age).Unix())}}
	}
	var c consumer
	r := Reader{Config: Config{Stream: template.Stream{BatchSize: 9, MaximumRecordAgeInSeconds: 3600}, Invoke: c.invoke, GiveUp: c.giveUp}}
	r.handOver(t.Context(), []record{at("0", 3*time.Hour), at("1", 2*time.Hour), at("2", time.Minute)})
	if diff := cmp.Diff([]string{"2"}, c.batches); diff != "" || len(c.letters) != 1 || strings.Join(c.letters[0].SequenceNumbers, "") != "01" {
		t.Error(diff, c.letters)
	}
}

func TestNothingRunsWhileTriggersAreOff(t *testing.T) {
	var triggers Triggers
	runs := 0
	for _, on := range []bool{true, false, false, true} {
		triggers.Set(on)
		triggers.run(func() { runs++ })
	}
	if runs != 2 {
		t.Errorf("ran %d times, not 2", runs)
	}
}

func filtered(pattern string) template.Stream {
	s := template.Stream{BatchSize: 10}
	s.FilterCriteria.Filters = []template.Filter{{Pattern: pattern}}
	return s
}

func TestUnsupportedFiltersAreRefused(t *testing.T) {
	for _, filter := range []string{`{`, `{"a": "b"}`, `{"a": {"b": [{"suffix": "x"}]}}`, `{"a": [{"exists": true, "prefix": "x"}]}`} {
		if _, err := New(Config{Stream: filtered(filter)}); err == nil {
			t.Errorf("%s is accepted", filter)
		}
	}
}

func TestStreamOfTheTable(t *testing.T) {
	e, err := emulator.Start(t.Context(), emulator.Config{Cache: "../../.cache"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	db := emulator.Client{URL: e.URL, HTTP: client}
	stream, err := db.PrepareTable(t.Context(), "things")
	if err != nil || stream == "" {
		t.Fatal(stream, err)
	}
	if again, err := db.PrepareTable(t.Context(), "things"); err != nil || again != stream {
		t.Fatal(again, err)
	}
	put := func(sort string, more map[string]any) {
		t.Helper()
		item := map[string]any{"PK": map[string]any{"S": "p"}, "SK": map[string]any{"S": sort}}
		for name, value := range more {
			item[name] = value
		}
		if err := db.Call(t.Context(), "DynamoDB_20120810.PutItem", map[string]any{"TableName": "things", "Item": item}, nil); err != nil {
			t.Fatal(err)
		}
	}
	var seen []events.DynamoDBEventRecord
	newReader := func(file string) *Reader {
		r, err := New(Config{
			Stream:   filtered(`{"dynamodb":{"NewImage":{"DUE_PK":{"S":[{"exists":true}]}}}}`),
			DynamoDB: db, ARN: stream, File: data.File(file),
			Invoke: func(_ context.Context, _ string, payload []byte) ([]byte, error) {
				var event events.DynamoDBEvent
				err := json.Unmarshal(payload, &event)
				seen = append(seen, event.Records...)
				return nil, err
			},
		})
		if err != nil {
			t.Fatal(err)
		}
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
