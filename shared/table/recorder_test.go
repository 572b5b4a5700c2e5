package table_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// slow is how long a measured call takes at least, so that calls made side by side
// overlap.
const slow = 20 * time.Millisecond

// recorder measures every call to DynamoDB on its way: which it is, whether it
// reads strongly, the units that it uses, by table and index, and the step that it is.
type recorder struct {
	next aws.HTTPClient
	mu   sync.Mutex
	seen spent
	// measures is true while calls are slow.
	measures bool
}

// spent is what some calls used.
type spent struct {
	calls               []string
	steps               int     // calls in sequence; those made side by side are one
	read, written       float64 // of the table
	workRead, workWrite float64
	dueRead, dueWrite   float64
}

func (r *recorder) Do(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	body = bytes.Replace(body, []byte(`"ReturnConsumedCapacity":"TOTAL"`), []byte(`"ReturnConsumedCapacity":"INDEXES"`), 1)
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	ended := r.begin()
	resp, err := r.next.Do(req)
	ended()
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	_, operation, _ := strings.Cut(req.Header.Get("X-Amz-Target"), ".")
	r.note(operation, bytes.Contains(body, []byte(`"ConsistentRead":true`)), answer)
	return resp, err
}

// begin notes that a call begins, one step after all that have ended. The call it
// returns waits until it was slow enough, and notes that it ended.
func (r *recorder) begin() (ended func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	step := r.seen.steps + 1
	if !r.measures {
		return func() {}
	}
	over := time.After(slow)
	return func() {
		<-over
		r.mu.Lock()
		defer r.mu.Unlock()
		r.seen.steps = max(r.seen.steps, step)
	}
}

type units struct{ CapacityUnits float64 }

type consumed struct {
	Table                  units
	GlobalSecondaryIndexes map[string]units
}

func (r *recorder) note(operation string, strong bool, answer []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	reads := operation == "GetItem" || operation == "BatchGetItem" || operation == "Query"
	if reads && strong {
		operation += " (strong)"
	}
	r.seen.calls = append(r.seen.calls, operation)
	for _, c := range consumptions(answer) {
		work, due := c.GlobalSecondaryIndexes["WORK"].CapacityUnits, c.GlobalSecondaryIndexes["DUE"].CapacityUnits
		if reads {
			r.seen.read += c.Table.CapacityUnits
			r.seen.workRead += work
			r.seen.dueRead += due
			continue
		}
		r.seen.written += c.Table.CapacityUnits
		r.seen.workWrite += work
		r.seen.dueWrite += due
	}
}

// consumptions are what an answer says it used: one, or one per table.
func consumptions(answer []byte) []consumed {
	var one struct{ ConsumedCapacity consumed }
	if json.Unmarshal(answer, &one) == nil {
		return []consumed{one.ConsumedCapacity}
	}
	var several struct{ ConsumedCapacity []consumed }
	_ = json.Unmarshal(answer, &several)
	return several.ConsumedCapacity
}

// during measures what run does.
func (r *recorder) during(run func()) spent {
	r.mu.Lock()
	r.seen, r.measures = spent{}, true
	r.mu.Unlock()
	run()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.measures = false
	slices.Sort(r.seen.calls) // calls made side by side come in any order
	return r.seen
}

// row is a line of docs/table.md.
func (s spent) row(operation string) string {
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %d |", operation, strings.Join(s.calls, ", "),
		amount(s.read, s.written), amount(s.workRead, s.workWrite), amount(s.dueRead, s.dueWrite), s.steps)
}

func amount(read, written float64) string {
	var parts []string
	if read > 0 {
		parts = append(parts, fmt.Sprintf("%g RCU", read))
	}
	if written > 0 {
		parts = append(parts, fmt.Sprintf("%g WCU", written))
	}
	return strings.Join(parts, " + ")
}
