package failures

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"

	"carechat/shared/table"
)

// injector is a proxy at the DynamoDB endpoint of the compiled functions. It records
// every write and makes those fail that an injection names.
type injector struct {
	mu         sync.Mutex
	injections map[*injection]bool
	sweeping   sync.Mutex
	mailbox    string // the partition of the only mailbox that a sweep finds
}

// injection says what happens to the writes of one trial.
type injection struct {
	marks   []string // each write of the trial has one of them
	rows    string   // the write that fails
	failure *failure // nil: none fails
	left    int      // how often it still fails
	hits    int      // how often it failed
	writes  []string // every write in order, with repeats
}

func (t *injector) add(s *injection) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.injections[s] = true
}

// remove ends an injection, which the test may read then.
func (t *injector) remove(s *injection) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.injections, s)
}

// sweep runs a sweep that finds nothing due but a mailbox.
func (t *injector) sweep(mailbox string, run func()) {
	t.sweeping.Lock()
	defer t.sweeping.Unlock()
	for _, each := range []string{mailbox, ""} {
		t.mu.Lock()
		t.mailbox = each
		t.mu.Unlock()
		if each != "" {
			run()
		}
	}
}

// due answers a query for what is due, so that no sweep disturbs a trial.
func (t *injector) due(query []byte) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	shard := table.DueShards(table.MailboxLane)[0]
	if t.mailbox == "" || !bytes.Contains(query, []byte(`"`+shard+`"`)) {
		return `{"Items": [], "Count": 0}`
	}
	return fmt.Sprintf(`{"Items": [{"PK": {"S": %q}, "SK": {"S": "EMAIL"}, "DUE_PK": {"S": %q}, "DUE_SK": {"S": "2020-01-01T00:00:00.000Z"}}], "Count": 1}`, t.mailbox, shard)
}

func (t *injector) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if operation == "Query" && bytes.Contains(body, []byte(`"IndexName":"DUE"`)) {
			_, _ = io.WriteString(w, t.due(body))
			return
		}
		if c, ok := written(operation, body); ok {
			if how := t.strike(c, body); how != nil {
				how.happen(w, r, next, c)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// strike records a write and returns its failure, if it fails.
func (t *injector) strike(c change, body []byte) *failure {
	t.mu.Lock()
	defer t.mu.Unlock()
	for s := range t.injections {
		mine := slices.ContainsFunc(s.marks, func(mark string) bool { return bytes.Contains(body, []byte(mark)) })
		if !mine {
			continue
		}
		s.writes = append(s.writes, c.String())
		if s.failure != nil && s.rows == c.rows && s.left > 0 {
			s.left--
			s.hits++
			return s.failure
		}
	}
	return nil
}

// change is a call that writes: its operation and the kinds of its rows, in order.
type change struct{ operation, rows string }

func (c change) String() string { return c.operation + ": " + c.rows }

// kinds returns how many rows there are.
func (c change) kinds() int { return strings.Count(c.rows, " ") + 1 }

type rowKey struct{ PK, SK struct{ S string } }

// written parses a call that writes, and reports whether it is one.
func written(operation string, body []byte) (c change, ok bool) {
	type one struct{ Item, Key rowKey }
	var in struct {
		one
		TransactItems []map[string]one
	}
	if !slices.Contains([]string{"PutItem", "UpdateItem", "DeleteItem", transaction}, operation) {
		return c, false
	}
	if err := json.Unmarshal(body, &in); err != nil {
		panic(fmt.Errorf("%s cannot be read: %w", operation, err))
	}
	rows := []string{in.Item.kind() + in.Key.kind()}
	if len(in.TransactItems) > 0 {
		rows = nil
	}
	for _, each := range in.TransactItems {
		for _, row := range each {
			rows = append(rows, row.Item.kind()+row.Key.kind())
		}
	}
	return change{operation, strings.Join(rows, " ")}, true
}

var word = regexp.MustCompile(`^(?:CHAT#)?([A-Z_]+)`)

// kind returns the kind of a row as shared/table/doc.go lists them: the first word of
// the sort key or, where that is an organization, of the partition key.
func (k rowKey) kind() string {
	if k.PK.S == "" {
		return ""
	}
	kind := word.FindStringSubmatch(k.SK.S)
	if kind == nil || kind[1] == "ORG" {
		kind = word.FindStringSubmatch(k.PK.S)
	}
	return kind[1]
}

// failure is a way in which a write fails.
type failure struct {
	name    string
	applied bool // the write happens nevertheless
	// answer returns the error; nil cuts the connection instead.
	answer   func(change) (status int, code, more string)
	persists persistence
}

// persistence says for which writes a failure is also repeated until the function
// gives up.
type persistence int

const (
	nowhere persistence = iota
	everywhere
	// Throttles and conflicts are retried for 3 s (T5) in one place of the table's
	// code, whatever is written: some writes with each are enough.
	inPlainWrites
	inTransactions
)

// failures lists the ways to fail. Every write is tried with each.
var failures = []failure{
	{"failed", false, broken, everywhere},
	{"applied but reported failed", true, broken, everywhere},
	{"throttled", false, throttled, inPlainWrites},
	{"in conflict", false, conflict, inTransactions},
	{"cut off before it happens", false, nil, nowhere},
	{"cut off after it happened", true, nil, everywhere},
}

// persistsIn reports whether the failure is repeated for a write of a use case.
func (f failure) persistsIn(u useCase, operation string) bool {
	switch f.persists {
	case everywhere:
		return true
	case inPlainWrites:
		return u.outlasts && operation != transaction
	case inTransactions:
		return u.outlasts && operation == transaction
	}
	return false
}

const transaction = "TransactWriteItems"

func broken(change) (int, string, string) { return 500, "InternalServerError", "" }

func throttled(change) (int, string, string) { return 400, "ThrottlingException", "" }

// conflict is another transaction on the same row: an error of its own for a plain
// write, a cancellation reason for a transaction.
func conflict(c change) (int, string, string) {
	if c.operation != transaction {
		return 400, "TransactionConflictException", ""
	}
	reasons := `{"Code": "TransactionConflict", "Message": "scripted"}` + strings.Repeat(`, {"Code": "None"}`, c.kinds()-1)
	return 400, "TransactionCanceledException", `, "CancellationReasons": [` + reasons + `]`
}

func (f *failure) happen(w http.ResponseWriter, r *http.Request, next http.Handler, c change) {
	if f.applied {
		next.ServeHTTP(httptest.NewRecorder(), r)
	}
	if f.answer == nil {
		panic(http.ErrAbortHandler)
	}
	status, code, more := f.answer(c)
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"__type": "com.amazonaws.dynamodb.v20120810#%s", "message": "scripted"%s}`, code, more)
}
