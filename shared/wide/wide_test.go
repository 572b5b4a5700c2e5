package wide

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"
)

// line returns what attributes become in the log.
func line(t *testing.T, attrs []any) map[string]any {
	t.Helper()
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("request", attrs...)
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	delete(line, "time")
	delete(line, "level")
	delete(line, "msg")
	return line
}

// What is counted while an invocation runs is in its line, and what has no unit there alone.
func TestWhatIsCountedIsMeasured(t *testing.T) {
	Add(t.Context(), "retries") // nobody counts
	ctx, counted := Counting(t.Context())
	Add(ctx, "retries")
	Add(ctx, "retries")
	Note(ctx, "noticesSentDue")
	want := []Metric{{"noticesSentDue", "", 1}, {"retries", "Count", 2}}
	if got := counted(); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if d := embedded(time.Now(), want); len(d.CloudWatchMetrics[0].Metrics) != 1 || d.CloudWatchMetrics[0].Metrics[0].Name != "retries" {
		t.Errorf("CloudWatch gets %+v", d)
	}
}

func TestALineHasTheIDsOfLambdaAndTheTrace(t *testing.T) {
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "an-id"})
	//lint:ignore SA1029 it is the key of aws-lambda-go
	ctx = context.WithValue(ctx, "x-amzn-trace-id", "Root=1-5-f;Parent=p;Sampled=1")
	want := map[string]any{"lambdaRequestId": "an-id", "traceId": "1-5-f"}
	if diff := cmp.Diff(want, line(t, IDs(ctx))); diff != "" {
		t.Error(diff)
	}
	if none := IDs(t.Context()); len(none) != 0 {
		t.Errorf("outside of Lambda: %v", none)
	}
}

// The names and the shape are those of CloudWatch's embedded metric format: with any other CloudWatch
// keeps the line and makes no metric.
func TestMeasuredNumbersAreMetrics(t *testing.T) {
	stack = "care-chats-dev"
	defer func() { stack = "" }()
	got := line(t, Measured(time.UnixMilli(1700000000123), Metric{"durationMs", "Milliseconds", 12.5}, Count("faults", 1)))
	want := map[string]any{
		"durationMs": 12.5, "faults": 1.0, "stack": "care-chats-dev",
		"_aws": map[string]any{
			"Timestamp": 1700000000123.0,
			"CloudWatchMetrics": []any{map[string]any{
				"Namespace": "CareChats", "Dimensions": []any{[]any{"stack"}},
				"Metrics": []any{map[string]any{"Name": "durationMs", "Unit": "Milliseconds"}, map[string]any{"Name": "faults", "Unit": "Count"}},
			}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutAStackNumbersAreOfTheLineAlone(t *testing.T) {
	if diff := cmp.Diff(map[string]any{"faults": 1.0}, line(t, Measured(time.Now(), Count("faults", 1)))); diff != "" {
		t.Error(diff)
	}
}

// A word may be missing: an empty rule must not end the function that counts it.
func TestNamesAreJoined(t *testing.T) {
	for want, words := range map[string][]string{"oldestLinkSeconds": {"link", "seconds"}, "oldest": {""}, "oldestLink": {"", "link"}} {
		if got := Name("oldest", words...); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
