// Package calls shows what the functions did: a page with their numbers and their last log lines, as a
// dashboard on AWS would.
package calls

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"
)

// kept is how many lines are kept, of all functions together and of each one's durations.
const kept = 200

// Line is what is shown of a function's line in the log.
type Line struct {
	Time            time.Time `json:"time"`
	Function        string    `json:"function"`
	Message         string    `json:"msg"`
	Route           string    `json:"route"`
	Status          int       `json:"status"`
	Code            string    `json:"code"`
	Cause           string    `json:"cause"`
	Milliseconds    float64   `json:"durationMs"`
	Units           float64   `json:"units"`
	CallerKind      string    `json:"callerKind"`
	CallerID        string    `json:"callerId"`
	Organization    string    `json:"organization"`
	Member          string    `json:"memberId"`
	RequestID       string    `json:"requestId"`
	LambdaRequestID string    `json:"lambdaRequestId"`
	Lock            string    `json:"lock"` // the rule by which wrong birth dates locked links
	outcomes
}

// outcomes are the numbers that a stack's metrics count.
type outcomes struct {
	Cold      int `json:"coldStarts"`
	Refused   int `json:"refused"`
	Limited   int `json:"limited"`
	Conflicts int `json:"conflicts"`
	Busy      int `json:"busy"`
	Faults    int `json:"faults"`
	Retries   int `json:"retries"`

	LogIns            int `json:"logIns"`
	LinksAsked        int `json:"linksAsked"`
	LinksSent         int `json:"linksSent"`
	LinksFailed       int `json:"linksFailed"`
	Locks             int `json:"locks"`
	NoticesSent       int `json:"noticesSent"`
	NoticesDeferred   int `json:"noticesDeferred"`
	NoticesSuppressed int `json:"noticesSuppressed"`
	NoticesFailed     int `json:"noticesFailed"`
}

func (o *outcomes) add(other outcomes) {
	o.Cold += other.Cold
	o.Refused += other.Refused
	o.Limited += other.Limited
	o.Conflicts += other.Conflicts
	o.Busy += other.Busy
	o.Faults += other.Faults
	o.Retries += other.Retries
	o.LogIns += other.LogIns
	o.LinksAsked += other.LinksAsked
	o.LinksSent += other.LinksSent
	o.LinksFailed += other.LinksFailed
	o.Locks += other.Locks
	o.NoticesSent += other.NoticesSent
	o.NoticesDeferred += other.NoticesDeferred
	o.NoticesSuppressed += other.NoticesSuppressed
	o.NoticesFailed += other.NoticesFailed
}

// Function is what one function has done since the machine started.
type Function struct {
	Name  string  `json:"function"`
	Calls int     `json:"calls"`
	Units float64 `json:"units"`
	outcomes
	Median float64 `json:"p50Ms"` // of the last 200 calls
	Slow   float64 `json:"p95Ms"`

	durations []float64
}

// Board takes the log of the functions, as they write it, and counts. It is safe for concurrent use.
type Board struct {
	mu        sync.Mutex
	functions map[string]*Function
	lines     []Line // newest last
}

// New returns an empty board.
func New() *Board { return &Board{functions: map[string]*Function{}} }

// Write takes lines such as `send | {"msg":"request",…}`. It ignores any other line.
func (b *Board) Write(text []byte) (int, error) {
	for line := range bytes.Lines(text) {
		name, body, _ := bytes.Cut(line, []byte(" | "))
		var l Line
		if json.Unmarshal(body, &l) == nil && l.Message != "" {
			l.Function = string(name)
			b.add(l)
		}
	}
	return len(text), nil
}

func (b *Board) add(l Line) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l.Lock != "" {
		l.Locks = 1 // MemberLocks of a stack is a count of such lines
	}
	b.lines = last(append(b.lines, l))
	f := b.functions[l.Function]
	if f == nil {
		f = &Function{Name: l.Function}
		b.functions[l.Function] = f
	}
	f.Calls, f.Units = f.Calls+1, f.Units+l.Units
	f.add(l.outcomes)
	f.durations = last(append(f.durations, l.Milliseconds))
}

// last returns the last of many.
func last[T any](all []T) []T { return all[max(0, len(all)-kept):] }

// Seen is what a board shows.
type Seen struct {
	Functions []Function `json:"functions"` // by name
	Lines     []Line     `json:"lines"`     // newest first
}

// Seen returns what was written so far.
func (b *Board) Seen() Seen {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := Seen{Functions: []Function{}, Lines: slices.Clone(b.lines)}
	slices.Reverse(s.Lines)
	for _, name := range slices.Sorted(maps.Keys(b.functions)) {
		f := *b.functions[name]
		inOrder := slices.Sorted(slices.Values(f.durations))
		f.Median, f.Slow = inOrder[len(inOrder)/2], inOrder[len(inOrder)*95/100]
		s.Functions = append(s.Functions, f)
	}
	return s
}
