// Package wide makes the one line that an invocation leaves in the log: the ids that join it with the lines of
// API Gateway, Lambda and X-Ray, and numbers that CloudWatch takes out of it as metrics.
package wide

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"carechat/shared/env"
)

// IDs returns the attributes that an invocation's lines share: lambdaRequestId, which Lambda's own lines and
// API Gateway's have too, and traceId. Outside of Lambda there are none.
func IDs(ctx context.Context) []any {
	var attrs []any
	if lambda, ok := lambdacontext.FromContext(ctx); ok {
		attrs = append(attrs, "lambdaRequestId", lambda.AwsRequestID)
	}
	if trace, ok := ctx.Value("x-amzn-trace-id").(string); ok {
		if root := root(trace); root != "" {
			attrs = append(attrs, "traceId", root)
		}
	}
	return attrs
}

// root returns the id of a whole trace: 1-… of "Root=1-…;Parent=…;Sampled=1".
func root(trace string) string {
	for part := range strings.SplitSeq(trace, ";") {
		if id, ok := strings.CutPrefix(part, "Root="); ok {
			return id
		}
	}
	return ""
}

// Metric is a number of an invocation, by the name that its metric has.
type Metric struct {
	Name  string
	Unit  string // as CloudWatch names it: Count, Milliseconds, Seconds; "" if it is only in the line
	Value float64
}

// Count returns a metric that counts n.
func Count(name string, n int) Metric { return Metric{name, "Count", float64(n)} }

// stack is which deployment's metrics these are. Blank makes numbers of the line alone.
var stack = env.Text("STACK")

// Namespace is where CloudWatch keeps the metrics; each has one dimension, the stack.
const Namespace = "CareChats"

// Measured returns the attributes of numbers that CloudWatch also keeps as metrics: the line is in its embedded
// metric format. Each name costs money, so a metric is of the whole stack, and what only a person asks for is
// asked of the log instead. A number that is 0 for most invocations is left out of those.
func Measured(now time.Time, metrics ...Metric) []any {
	var attrs []any
	for _, m := range metrics {
		attrs = append(attrs, m.Name, m.Value)
	}
	if stack == "" || len(metrics) == 0 {
		return attrs
	}
	return append(attrs, "stack", stack, "_aws", embedded(now, metrics))
}

type (
	document struct {
		Timestamp         int64
		CloudWatchMetrics []directive
	}
	directive struct {
		Namespace  string
		Dimensions [][]string
		Metrics    []definition
	}
	definition struct{ Name, Unit string }
)

func embedded(now time.Time, metrics []Metric) document {
	d := directive{Namespace: Namespace, Dimensions: [][]string{{"stack"}}}
	for _, m := range metrics {
		if m.Unit == "" {
			continue
		}
		d.Metrics = append(d.Metrics, definition{m.Name, m.Unit})
	}
	return document{now.UnixMilli(), []directive{d}}
}
