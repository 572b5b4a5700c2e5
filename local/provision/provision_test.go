package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/time/rate"
)

// fake is an API that answers each path as a test says.
type fake struct {
	mu     sync.Mutex
	asked  []string
	answer func(path string, time int) (status int, body string)
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/v1")
	f.asked = append(f.asked, path)
	times := 0
	for _, each := range f.asked {
		if each == path {
			times++
		}
	}
	status, body := f.answer(path, times)
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "7")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// calls returns how many calls came. Some that were canceled may still be going on.
func (f *fake) calls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.asked)
}

func (f *fake) sender(t *testing.T) (s sender, waits *[]time.Duration) {
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	waits = new([]time.Duration)
	var mu sync.Mutex
	return sender{client: server.Client(), api: server.URL + "/v1", token: "secret", limit: rate.NewLimiter(rate.Inf, 1),
		wait: func(_ context.Context, d time.Duration) error {
			mu.Lock()
			defer mu.Unlock()
			*waits = append(*waits, d)
			return nil
		}}, waits
}

func taken(string, int) (int, string) { return http.StatusOK, "{}" }

func puts(paths ...string) (all []put) {
	for _, path := range paths {
		all = append(all, put{Path: path, Body: json.RawMessage(`{}`)})
	}
	return all
}

func send(t *testing.T, s sender, all []put) ([]put, error) {
	t.Helper()
	return s.send(t.Context(), all, &progress{all: len(all), begun: time.Now(), out: io.Discard})
}

func TestWhatOthersNeedIsPutBefore(t *testing.T) {
	f := &fake{answer: taken}
	s, _ := f.sender(t)
	all := puts("/members/ana/enrollments/heart", "/members/ana", "/care-managers/rivera/coverages/one", "/care-managers/rivera", "/reasons/symptoms", "/programs/heart", "/departments/nurses")
	if refused, err := send(t, s, all); err != nil || len(refused) > 0 {
		t.Fatal(refused, err)
	}
	slices.Reverse(f.asked)
	want := []string{"/members/ana/enrollments/heart", "/members/ana", "/care-managers/rivera/coverages/one", "/care-managers/rivera", "/reasons/symptoms", "/programs/heart", "/departments/nurses"}
	if d := cmp.Diff(want, f.asked); d != "" {
		t.Error(d)
	}
}

func TestWhatIsRefusedIsKeptWithItsReasonAndCanBeSentAgain(t *testing.T) {
	f := &fake{answer: func(path string, _ int) (int, string) {
		if path == "/members/bo" {
			return http.StatusUnprocessableEntity, `{"code":"validation-failed"}`
		}
		return http.StatusCreated, "{}"
	}}
	s, _ := f.sender(t)
	refused, err := send(t, s, puts("/members/ana", "/members/bo", "/members/cy"))
	if err != nil {
		t.Fatal(err)
	}
	want := []put{{Path: "/members/bo", Body: json.RawMessage(`{}`), Status: 422, Problem: json.RawMessage(`{"code":"validation-failed"}`)}}
	if d := cmp.Diff(want, refused); d != "" {
		t.Fatal(d)
	}
	file := refusedFile(filepath.Join(t.TempDir(), "people.ndjson"))
	if err := keep(file, refused); err != nil {
		t.Fatal(err)
	}
	again, err := read(file)
	if d := cmp.Diff(puts("/members/bo"), again); d != "" || err != nil {
		t.Error(d, err)
	}
	if refusedFile(file) != file {
		t.Errorf("what is refused of %s would go to %s", file, refusedFile(file))
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read %v, %v", info, err)
	}
	if err := keep(file, append(puts("/members/di"), refused...)); err != nil {
		t.Fatal(err)
	}
	for _, refused := range [][]put{nil, refused} {
		if err := finish(file, refused, errToken); err != errToken {
			t.Error(err)
		}
	}
	if again, err = read(file); len(again) != 2 || err != nil {
		t.Errorf("a run that stopped leaves %v, %v", again, err)
	}
	if err := finish(file, nil, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Error("the file of an earlier run is still there")
	}
}

func TestABusyAPIIsAskedAgainWhenItSays(t *testing.T) {
	f := &fake{answer: func(_ string, times int) (int, string) {
		return map[int]int{1: 429, 2: 503}[times] + map[bool]int{true: 200}[times > 2], "{}"
	}}
	s, waits := f.sender(t)
	if refused, err := send(t, s, puts("/members/ana")); err != nil || len(refused) > 0 {
		t.Fatal(refused, err)
	}
	if d := cmp.Diff([]time.Duration{7 * time.Second, 2 * time.Second}, *waits); d != "" {
		t.Error(d)
	}
}

func TestARunEndsWhenTheTokenIsRefusedOrTheAPIStaysAway(t *testing.T) {
	var all []string
	for n := range 1000 {
		all = append(all, fmt.Sprintf("/members/m%d", n))
	}
	for status, want := range map[int]error{401: errToken, 500: nil} {
		f := &fake{answer: func(string, int) (int, string) { return status, "{}" }}
		s, _ := f.sender(t)
		refused, err := send(t, s, puts(all...))
		if err == nil || want != nil && !errors.Is(err, want) || len(refused) > 0 || f.calls() > 2*workers*tries {
			t.Errorf("%d: %v after %d calls, %d refused", status, err, f.calls(), len(refused))
		}
	}
}

func TestAFileIsReadAsItIs(t *testing.T) {
	file := filepath.Join(t.TempDir(), "people.ndjson")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"path": "/members/ana", "body": {"a": 1}}` + "\n\n" + `{"path": "/members/bo", "body": {}}` + "\n" + `{"path": "/members/ana", "body": {"a": 2}}`)
	all, err := read(file)
	want := []put{{Path: "/members/ana", Body: json.RawMessage(`{"a": 2}`)}, {Path: "/members/bo", Body: json.RawMessage(`{}`)}}
	if d := cmp.Diff(want, all); d != "" || err != nil {
		t.Error(d, err)
	}
	for _, bad := range []string{"{", `{"path": "members/ana", "body": {}}`, `{"path": "/members/ana"}`} {
		write("\n" + bad)
		if _, err := read(file); err == nil || !strings.Contains(err.Error(), "people.ndjson:2") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestProgressSaysWhatIsLeft(t *testing.T) {
	var out bytes.Buffer
	p := &progress{all: 100, done: 19, begun: time.Now().Add(-2 * time.Second), out: &out}
	p.count(1)
	if want := "20 of 100, 1 refused, 10 a second, 8s left\n"; out.String() != want {
		t.Errorf("%q, not %q", out.String(), want)
	}
}
