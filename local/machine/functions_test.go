package machine

import (
	"bytes"
	"carechat/tests/support/fetch"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// signal is a log that sends on ch when a certain line is written.
type signal struct {
	mu   sync.Mutex
	seen bytes.Buffer
	line string
	ch   chan struct{}
}

func (s *signal) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.Write(b)
	if strings.Contains(string(b), s.line) {
		s.ch <- struct{}{}
	}
	return len(b), nil
}

func TestFunctionsRunAndFail(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "a-developers-own")
	t.Setenv("AWS_PROFILE", "a-developers-own")
	log := &signal{line: "hanging", ch: make(chan struct{}, 9)}
	m := start(t, testConfig(log))
	c := fetch.Client(t)
	if body := fetch.Get(t, c, m.URL+"/things/7"); !strings.Contains(body, `"routeKey":"GET /things/{id}"`) || !strings.Contains(body, `"id":"7"`) {
		t.Errorf("event: %s", body)
	}
	own := fetch.Get(t, c, m.URL+"/environment")
	for _, want := range []string{"STAGE=local", "TABLE_NAME=" + TableName, "AWS_ENDPOINT_URL_DYNAMODB=" + m.DynamoDB, "AWS_LAMBDA_FUNCTION_NAME=echo", "AWS_REGION=us-east-1"} {
		if !strings.Contains(own, want) {
			t.Errorf("%s is missing in %s", want, own)
		}
	}
	if strings.Contains(own, "a-developers-own") {
		t.Error("a function got the developer's credentials")
	}
	for _, path := range []string{"/crash", "/panic", "/error"} { // the next call works again
		if body := fetch.Get(t, c, m.URL+path); body != `{"message":"Internal Server Error"}`+"\n" {
			t.Errorf("%s: %s", path, body)
		}
		if body := fetch.Get(t, c, m.URL+"/things/8"); !strings.Contains(body, `"id":"8"`) {
			t.Errorf("after %s: %s", path, body)
		}
	}
	if body := fetch.Get(t, c, m.URL+"/hang"); body != `{"message":"Internal Server Error"}`+"\n" { // longer than its time-out, a second
		t.Errorf("time-out: %s", body)
	}
	<-log.ch
	hung := make(chan string)
	go func() { hung <- fetch.Get(t, c, m.URL+"/hang") }()
	<-log.ch
	m.Kill("echo")
	if body := <-hung; body != `{"message":"Internal Server Error"}`+"\n" {
		t.Errorf("killed: %s", body)
	}
	response, err := c.Get(m.URL + "/cookies")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 201 || len(response.Header["Set-Cookie"]) != 2 || response.Header.Get("Etag") != `"1"` || response.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", response.StatusCode, response.Header)
	}
}

func TestDirectInvocation(t *testing.T) {
	m := start(t, testConfig(io.Discard))
	c := fetch.Client(t)
	for _, test := range []struct {
		function, event string
		status          int
		failed, answer  string
	}{
		{"echo", `{"a":1}`, 200, "", `{"a":1}`},
		{"echo:live", `{"a":1}`, 200, "", `{"a":1}`},
		{"echo", `{"rawPath":"/error"}`, 200, "Unhandled", `"errorMessage":"no"`},
		{"nobody", `{}`, 404, "", "nobody"},
	} {
		response, err := c.Post(m.InboxURL+"/2015-03-31/functions/"+test.function+"/invocations", "application/json", strings.NewReader(test.event))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		plain := strings.ReplaceAll(string(body), `\`, "")
		if response.StatusCode != test.status || response.Header.Get("X-Amz-Function-Error") != test.failed || !strings.Contains(plain, test.answer) {
			t.Errorf("%s %s: %d %s", test.function, test.event, response.StatusCode, body)
		}
	}
}

// A function that was built anew, as by make watch, needs no new start.
func TestTheNextCallUsesANewBinary(t *testing.T) {
	c := testConfig(io.Discard)
	c.BinDir = t.TempDir()
	build := func(name, program string) {
		t.Helper()
		body, err := os.ReadFile(program)
		if err == nil {
			err = os.MkdirAll(filepath.Join(c.BinDir, name), 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(c.BinDir, name, "new"), body, 0o755)
		}
		if err == nil {
			err = os.Rename(filepath.Join(c.BinDir, name, "new"), filepath.Join(c.BinDir, name, "bootstrap"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	echo := filepath.Join(bin, "echo/bootstrap")
	build("echo", echo)
	build("read-things", echo)
	m := start(t, c)
	call := func() error {
		_, err := m.Invoke(t.Context(), "echo", []byte(`{}`))
		return err
	}
	if err := call(); err != nil {
		t.Fatal(err)
	}
	build("echo", "/bin/false")
	if err := call(); err == nil || !strings.Contains(err.Error(), "did not start") {
		t.Errorf("the old binary answers: %v", err)
	}
	build("echo", echo)
	if err := call(); err != nil {
		t.Error(err)
	}
}

// A function under a debugger is alone, has time, and ends with the debugger.
func TestAFunctionRunsUnderADebugger(t *testing.T) {
	c, ended := testConfig(io.Discard), filepath.Join(t.TempDir(), "ended")
	c.Debug, c.Debugger = "echo", []string{"sh", "-c", `DEBUGGED=yes "$0" & trap "kill $!; touch ` + ended + `" TERM; wait`}
	if err := os.MkdirAll(filepath.Join(bin, ".debug/echo"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(filepath.Join(bin, "echo/bootstrap"), filepath.Join(bin, ".debug/echo/bootstrap")); err != nil {
		t.Fatal(err)
	}
	m := start(t, c)
	environment, err := m.Invoke(t.Context(), "echo", []byte(`{"rawPath": "/environment"}`))
	if err != nil || !strings.Contains(string(environment), "DEBUGGED=yes") {
		t.Errorf("it does not run under the debugger: %s, %v", environment, err)
	}
	m.Close()
	if _, err := os.Stat(ended); err != nil {
		t.Errorf("the debugger was not asked to end: %v", err)
	}
}
