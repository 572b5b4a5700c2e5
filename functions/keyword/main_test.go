package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/notice"
)

// hearing runs an event past an ear that hears like this, and says what it heard.
func hearing(t *testing.T, payload string, heard notice.Heard, fails error) (got []notice.Inbound, log string, err error) {
	t.Helper()
	var lines bytes.Buffer
	e := ear{
		hear: func(_ context.Context, in notice.Inbound) (notice.Heard, error) {
			got = append(got, in)
			return heard, fails
		},
		log: slog.New(slog.NewJSONHandler(&lines, nil)),
	}
	err = e.handle(t.Context(), []byte(payload))
	return got, lines.String(), err
}

func event(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

func TestTheTopicsTextsAreHeard(t *testing.T) {
	got, log, err := hearing(t, event(t), notice.Heard{Keyword: notice.Stop, Changed: true}, nil)
	want := []notice.Inbound{{
		ID: "cae173d2-66b9-564c-8309-21f858e9fb84", Phone: "+15550100101", Text: "Stop, please!",
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

// Nothing of what somebody wrote, and not their number, is in the log, whatever becomes of it.
func TestTheLogNamesNobody(t *testing.T) {
	damaged := strings.Replace(event(t), "+1555", "1555", 1)
	for name, log := range map[string]func() (string, error){
		"heard": func() (string, error) {
			_, log, err := hearing(t, event(t), notice.Heard{}, nil)
			return log, err
		},
		"unconfirmed": func() (string, error) {
			_, log, err := hearing(t, event(t), notice.Heard{Keyword: notice.Stop, Changed: true, Failed: notice.ErrOptedOut}, nil)
			return log, err
		},
		"damaged": func() (string, error) {
			_, log, err := hearing(t, damaged, notice.Heard{}, nil)
			return log, err
		},
	} {
		line, err := log()
		if err != nil || line == "" || strings.Contains(line, "5550100") || strings.Contains(line, "lease") {
			t.Errorf("%s: %s %v", name, line, err)
		}
	}
}

// What cannot be read is said and not repeated.
func TestWhatIsNoTextIsNotRepeated(t *testing.T) {
	for name, payload := range map[string]string{
		"nothing":       ``,
		"no JSON":       `STOP`,
		"no records":    `{}`,
		"a list":        `[]`,
		"no message":    `{"Records":[{"Sns":{}}]}`,
		"another topic": strings.Replace(event(t), "originationNumber", "Type", 1),
		"no number":     strings.Replace(event(t), "+15550100101", "AMAZON", 1),
		"no id":         strings.Replace(event(t), "inboundMessageId", "id", 1),
		"no time":       strings.Replace(event(t), "Timestamp", "At", 1),
		"a wrong type":  strings.Replace(event(t), `\"Stop, please!\"`, `[7]`, 1),
	} {
		got, log, err := hearing(t, payload, notice.Heard{}, nil)
		if err != nil || got != nil || !strings.Contains(log, `"level":"ERROR"`) {
			t.Errorf("%s: heard %v, %v: %s", name, got, err, log)
		}
	}
}

func TestAFailureIsRepeated(t *testing.T) {
	failure := errors.New("no table")
	_, log, err := hearing(t, event(t), notice.Heard{Keyword: notice.Stop}, failure)
	if !errors.Is(err, failure) || !strings.Contains(log, "no table") {
		t.Errorf("%v: %s", err, log)
	}
}
