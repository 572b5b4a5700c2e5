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
)

// tap stands at the DynamoDB endpoint, in front of the compiled functions. It
// sees every write and fails those that a script names.
type tap struct {
	mu      sync.Mutex
	scripts map[*script]bool
}

// script is what is to happen to the writes of one scene, which its marks tell
// from everybody else's.
type script struct {
	marks []string
	rows  string   // which write fails
	how   *failure // nil: none does
	left  int      // how often it still does
	hurt  int      // how often it did
	seen  []string // every write in its order, repeats too
}

func (t *tap) begin(s *script) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.scripts[s] = true
}

// end makes the store well again; the script is the test's to read then.
func (t *tap) end(s *script) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.scripts, s)
}

func (t *tap) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if operation == "Query" && bytes.Contains(body, []byte(`"IndexName":"DUE"`)) {
			_, _ = io.WriteString(w, `{"Items": [], "Count": 0}`) // the schedule finds nothing: no case is disturbed by it
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

// strike notes a write and says how it fails, if it does.
func (t *tap) strike(c change, body []byte) *failure {
	t.mu.Lock()
	defer t.mu.Unlock()
	for s := range t.scripts {
		mine := slices.ContainsFunc(s.marks, func(mark string) bool { return bytes.Contains(body, []byte(mark)) })
		if !mine {
			continue
		}
		s.seen = append(s.seen, c.String())
		if s.how != nil && s.rows == c.rows && s.left > 0 {
			s.left--
			s.hurt++
			return s.how
		}
	}
	return nil
}

// change is a call that writes: which it is, and the kinds of its rows in their order.
type change struct{ operation, rows string }

func (c change) String() string { return c.operation + ": " + c.rows }

// kinds are how many rows there are.
func (c change) kinds() int { return strings.Count(c.rows, " ") + 1 }

type rowKey struct{ PK, SK struct{ S string } }

// written reads a call that writes; the others are let through.
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

// kind is what a row is, as shared/table/doc.go lists them by their sort keys.
// One that begins with an organization says less than its partition.
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
	applied bool // the write happens all the same
	// answer is what is told of it; nil cuts the connection instead.
	answer func(change) (status int, code, more string)
	lasts  lasting
}

// lasting says where a failure goes on until the function gives up, too.
type lasting int

const (
	nowhere lasting = iota
	everywhere
	// Throttles and conflicts are tried again for 3 s (T5), in one place of the
	// table's code whatever is written: some writes outlast it, each with the
	// failure that is at home there.
	inPlainWrites
	inTransactions
)

// failures are all of them: every write meets each.
var failures = []failure{
	{"failed", false, broken, everywhere},
	{"applied but reported failed", true, broken, everywhere},
	{"throttled", false, throttled, inPlainWrites},
	{"in conflict", false, conflict, inTransactions},
	{"cut off before it happens", false, nil, nowhere},
	{"cut off after it happened", true, nil, everywhere},
}

// outlasts reports whether a write of the use case meets the failure again and again.
func (f failure) outlasts(u useCase, operation string) bool {
	switch f.lasts {
	case everywhere:
		return true
	case inPlainWrites:
		return u.patient && operation != transaction
	case inTransactions:
		return u.patient && operation == transaction
	}
	return false
}

const transaction = "TransactWriteItems"

func broken(change) (int, string, string) { return 500, "InternalServerError", "" }

func throttled(change) (int, string, string) { return 400, "ThrottlingException", "" }

// conflict is another transaction on the same row: a plain write is told in its
// own words, a transaction by the reasons of its cancellation.
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
