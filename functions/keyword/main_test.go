package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/keyword"
	"carechat/tests/support/event"
)

// run handles an event, with this result and error for each text, and returns the
// texts and the log.
func run(t *testing.T, payload string, result keyword.Result, failure error) (got []keyword.Text, log string, err error) {
	t.Helper()
	var lines bytes.Buffer
	f := function{
		apply: func(_ context.Context, in keyword.Text) (keyword.Result, error) {
			got = append(got, in)
			return result, failure
		},
		log: slog.New(slog.NewJSONHandler(&lines, nil)),
	}
	err = f.handle(t.Context(), []byte(payload))
	return got, lines.String(), err
}

func TestTextsOfAnEventAreApplied(t *testing.T) {
	got, log, err := run(t, string(event.Read(t)), keyword.Result{Keyword: keyword.Stop, Changed: true}, nil)
	want := []keyword.Text{{
		ID: "cae173d2-66b9-564c-8309-21f858e9fb84", Phone: "+15550100101", Body: "Stop, please!",
		At: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC),
	}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%s%v", diff, err)
	}
	var line map[string]any
	if err := json.Unmarshal([]byte(log), &line); err != nil || line["keyword"] != "stop" || line["changed"] != true || line["requestId"] == "" {
		t.Errorf("%s %v", log, err)
	}
}

// The log has neither what somebody wrote nor their number, whatever the outcome.
func TestTheLogNamesNobody(t *testing.T) {
	damaged := strings.Replace(string(event.Read(t)), "+1555", "1555", 1)
	for name, log := range map[string]func() (string, error){
		"applied": func() (string, error) {
			_, log, err := run(t, string(event.Read(t)), keyword.Result{}, nil)
			return log, err
		},
		"unconfirmed": func() (string, error) {
			_, log, err := run(t, string(event.Read(t)), keyword.Result{Keyword: keyword.Stop, Changed: true, Unconfirmed: chat.ErrOptedOut}, nil)
			return log, err
		},
		"damaged": func() (string, error) {
			_, log, err := run(t, damaged, keyword.Result{}, nil)
			return log, err
		},
	} {
		line, err := log()
		if err != nil || line == "" || strings.Contains(line, "5550100") || strings.Contains(line, "lease") {
			t.Errorf("%s: %s %v", name, line, err)
		}
	}
}

func TestInvalidEventsAreLoggedAndDropped(t *testing.T) {
	for name, payload := range map[string]string{
		"nothing":       ``,
		"no JSON":       `STOP`,
		"no records":    `{}`,
		"a list":        `[]`,
		"no message":    `{"Records":[{"Sns":{}}]}`,
		"another topic": strings.Replace(string(event.Read(t)), "originationNumber", "Type", 1),
		"no number":     strings.Replace(string(event.Read(t)), "+15550100101", "AMAZON", 1),
		"no id":         strings.Replace(string(event.Read(t)), "inboundMessageId", "id", 1),
		"no time":       strings.Replace(string(event.Read(t)), "Timestamp", "At", 1),
		"a wrong type":  strings.Replace(string(event.Read(t)), `\"Stop, please!\"`, `[7]`, 1),
	} {
		got, log, err := run(t, payload, keyword.Result{}, nil)
		if err != nil || got != nil || !strings.Contains(log, `"level":"ERROR"`) {
			t.Errorf("%s: applied %v, %v: %s", name, got, err, log)
		}
	}
}

func TestAFailureIsRepeated(t *testing.T) {
	failure := errors.New("no table")
	_, log, err := run(t, string(event.Read(t)), keyword.Result{Keyword: keyword.Stop}, failure)
	if !errors.Is(err, failure) || !strings.Contains(log, "no table") {
		t.Errorf("%v: %s", err, log)
	}
}
