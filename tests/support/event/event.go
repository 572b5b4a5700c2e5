// Package event reads the event.json beside a function's tests, and the function's
// answer to it.
package event

import (
	"encoding/json"
	"os"
	"testing"
)

// Read returns the event.json of the folder that the test runs in.
func Read(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// With returns that event with a change.
func With(t testing.TB, change func(event map[string]any)) []byte {
	t.Helper()
	var event map[string]any
	decode(t, Read(t), &event)
	change(event)
	raw, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Answer is a function's answer to API Gateway.
type Answer struct {
	StatusCode int
	Headers    map[string]string
	Body       string
}

// AnswerOf decodes an answer.
func AnswerOf(t testing.TB, raw []byte) (a Answer) {
	t.Helper()
	decode(t, raw, &a)
	return a
}

func decode(t testing.TB, raw []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}
