package machine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"carechat/local/emulator"

	"go.uber.org/goleak"
)

// bin holds the test's function under both names of testdata/template.yaml.
var bin string

func TestMain(m *testing.M) {
	code := func() int {
		dir, err := os.MkdirTemp("", "machine")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		bin = dir
		for _, name := range []string{"echo", "read-things"} {
			if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, name, "bootstrap"), "./testdata/echo").CombinedOutput(); err != nil {
				panic(string(out))
			}
		}
		return m.Run()
	}()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Println(err)
		code = 1
	}
	os.Exit(code)
}

// testClient keeps no connection when the test is over.
func testClient(t *testing.T) *http.Client {
	c := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func get(t *testing.T, c *http.Client, url string) string {
	t.Helper()
	response, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func testConfig(log io.Writer) Config {
	return Config{TemplatePath: "testdata/template.yaml", CacheDir: "../../.cache", BinDir: bin, NoSeed: true, Log: log}
}

func start(t *testing.T, c Config) *Machine {
	t.Helper()
	m, err := Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// signal is a log that says when a line was written.
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
	c := testClient(t)
	if body := get(t, c, m.URL+"/things/7"); !strings.Contains(body, `"routeKey":"GET /things/{id}"`) || !strings.Contains(body, `"id":"7"`) {
		t.Errorf("event: %s", body)
	}
	own := get(t, c, m.URL+"/environment")
	for _, want := range []string{"STAGE=local", "TABLE_NAME=" + TableName, "AWS_ENDPOINT_URL_DYNAMODB=" + m.DynamoDB, "AWS_LAMBDA_FUNCTION_NAME=echo", "AWS_REGION=us-east-1"} {
		if !strings.Contains(own, want) {
			t.Errorf("%s is missing in %s", want, own)
		}
	}
	if strings.Contains(own, "a-developers-own") {
		t.Error("a function got the developer's credentials")
	}
	for _, path := range []string{"/crash", "/panic", "/error"} { // and is up again for the next
		if body := get(t, c, m.URL+path); body != `{"message":"Internal Server Error"}`+"\n" {
			t.Errorf("%s: %s", path, body)
		}
		if body := get(t, c, m.URL+"/things/8"); !strings.Contains(body, `"id":"8"`) {
			t.Errorf("after %s: %s", path, body)
		}
	}
	if body := get(t, c, m.URL+"/hang"); body != `{"message":"Internal Server Error"}`+"\n" { // its time-out is a second
		t.Errorf("time-out: %s", body)
	}
	<-log.ch
	hung := make(chan string)
	go func() { hung <- get(t, c, m.URL+"/hang") }()
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
	c := testClient(t)
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

func TestATakenPortIsNamed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	for setting, set := range map[string]func(*Config){
		"PORT": func(c *Config) { c.Port = port }, "INBOX_PORT": func(c *Config) { c.InboxPort = port },
		"ISSUER_PORT": func(c *Config) { c.IssuerPort = port }, "DYNAMODB_PORT": func(c *Config) { c.DynamoDBPort = port },
	} {
		c := testConfig(io.Discard)
		set(&c)
		_, err := Start(t.Context(), c)
		if want := fmt.Sprintf("port %d is taken; %s=", port, setting); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

func TestDataOutlivesTheMachine(t *testing.T) {
	c := testConfig(io.Discard)
	c.DataDir = t.TempDir()
	client := testClient(t)
	first := start(t, c)
	item := map[string]any{"TableName": TableName, "Item": map[string]any{"PK": map[string]any{"S": "p"}, "SK": map[string]any{"S": "s"}}}
	if err := (emulator.Client{URL: first.DynamoDB, HTTP: client}).Call(t.Context(), "DynamoDB_20120810.PutItem", item, nil); err != nil {
		t.Fatal(err)
	}
	response, err := client.PostForm(first.InboxURL, map[string][]string{"Action": {"Publish"}, "PhoneNumber": {"+15550100101"}, "Message": {"hello"}})
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	keys := get(t, client, first.IssuerURL+"/harbor/keys")
	first.Close()

	second := start(t, c)
	var got struct{ Item map[string]any }
	key := map[string]any{"TableName": TableName, "Key": item["Item"]}
	if err := (emulator.Client{URL: second.DynamoDB, HTTP: client}).Call(t.Context(), "DynamoDB_20120810.GetItem", key, &got); err != nil || got.Item == nil {
		t.Errorf("the item is gone: %v", err)
	}
	if messages := get(t, client, second.InboxURL+"/messages"); !strings.Contains(messages, "hello") {
		t.Errorf("messages: %s", messages)
	}
	if again := get(t, client, second.IssuerURL+"/harbor/keys"); again != keys {
		t.Error("the key is another one")
	}
}

// Links and tokens hold the ports, so another machine's data would not work.
func TestDataOfAnotherMachineIsRefused(t *testing.T) {
	c := testConfig(io.Discard)
	c.DataDir = t.TempDir()
	first := start(t, c)
	if _, err := Start(t.Context(), c); err == nil || !strings.Contains(err.Error(), "another machine is running on the data") {
		t.Errorf("a second machine: %v", err)
	}
	issuer := first.IssuerURL
	first.Close()

	for want, change := range map[string]func(*Config){
		"was made with PORT=":        func(c *Config) { c.Port = 1 },
		"was made with INBOX_PORT=":  func(c *Config) { c.InboxPort = 1 },
		"was made with ISSUER_PORT=": func(c *Config) { c.IssuerPort = 1 },
		"was made with make run,":    func(c *Config) { c.SAM = &SAM{} },
	} {
		other := c
		change(&other)
		if _, err := Start(t.Context(), other); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if again := start(t, c); again.IssuerURL != issuer {
		t.Errorf("the ports were picked anew: the issuer is %s, not %s", again.IssuerURL, issuer)
	}
}

// A phone opens the links under BIND.
func TestLinksNameTheAddressBoundTo(t *testing.T) {
	c := testConfig(io.Discard)
	c.Bind = "127.0.0.2"
	m := start(t, c)
	client := testClient(t)
	for _, url := range []string{m.URL + "/things/7", m.InboxURL} {
		if get(t, client, url); !strings.HasPrefix(url, "http://127.0.0.2:") {
			t.Errorf("%s is not at the address bound to", url)
		}
	}
	environment, err := m.Invoke(t.Context(), "read-things", []byte(`{"rawPath": "/environment"}`))
	if err != nil || !strings.Contains(string(environment), "PUBLIC_URL="+m.URL) {
		t.Errorf("links begin with another address than %s: %s, %v", m.URL, environment, err)
	}
	for bind, want := range map[string]string{"": "localhost", "127.0.0.1": "localhost", "localhost": "localhost", "192.0.2.7": "192.0.2.7"} {
		if host := (&Machine{config: Config{Bind: bind}}).publicHost(); host != want {
			t.Errorf("BIND=%s: links are at %s", bind, host)
		}
	}
	if host := (&Machine{config: Config{Bind: "0.0.0.0"}}).publicHost(); host == "0.0.0.0" {
		t.Error("links are at 0.0.0.0, which is nobody's address")
	}
}

func TestTheSeedUsesTheAPIOnce(t *testing.T) {
	var calls []string
	there := false
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls = append(calls, r.Method+" "+r.URL.Path)
		if !there {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(api.Close)
	seeds, err := readSeeds("http://localhost:3002", "http://127.0.0.1:3002")
	if err != nil {
		t.Fatal(err)
	}
	var organization struct {
		PutOrganization struct {
			ID      string
			Issuers []struct{ Issuer, Audience, KeysURL string }
		}
	}
	s := seeder{testClient(t), api.URL, func(_, _, _ string) (string, error) { return "t", nil }, func(_ context.Context, _ string, payload []byte) ([]byte, error) {
		there = true
		return nil, json.Unmarshal(payload, &organization)
	}}
	for range 2 {
		if err := s.seed(t.Context(), seeds[0]); err != nil {
			t.Fatal(err)
		}
	}
	if o := organization.PutOrganization; o.ID != "harbor" || o.Issuers[0].Issuer != "http://localhost:3002/harbor" || o.Issuers[0].KeysURL != "http://127.0.0.1:3002/harbor/keys" {
		t.Errorf("%+v", o)
	}
	if len(calls) != 2+len(seeds[0].Puts) || calls[1] != "PUT /v1/departments/nurses" || calls[0] != calls[len(calls)-1] || calls[0] != "GET /v1/members/ben/enrollments/diabetes" {
		t.Errorf("%q", calls)
	}
}

// Ctrl-C while it seeds leaves a part; the next start makes the rest.
func TestASeedThatWasCutShortIsMadeWhole(t *testing.T) {
	there := map[string]bool{}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet && !there[r.URL.Path]:
			w.WriteHeader(http.StatusNotFound)
		case r.Method == http.MethodPut && len(there) == 3:
			w.WriteHeader(http.StatusServiceUnavailable)
			there["cut short"] = true
		case r.Method == http.MethodPut:
			there[r.URL.Path] = true
		}
	}))
	t.Cleanup(api.Close)
	seeds, err := readSeeds("http://localhost:3002", "http://127.0.0.1:3002")
	if err != nil {
		t.Fatal(err)
	}
	s := seeder{testClient(t), api.URL, func(_, _, _ string) (string, error) { return "t", nil },
		func(context.Context, string, []byte) ([]byte, error) { return nil, nil }}
	if err := s.seed(t.Context(), seeds[0]); err == nil {
		t.Fatal("it was not cut short")
	}
	if err := s.seed(t.Context(), seeds[0]); err != nil {
		t.Fatal(err)
	}
	for _, put := range seeds[0].Puts {
		if !there["/v1"+put.Path] {
			t.Errorf("%s is missing", put.Path)
		}
	}
}

func TestBehindSAM(t *testing.T) {
	api := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(api.Close)
	c := testConfig(io.Discard)
	c.Port = api.Listener.Addr().(*net.TCPAddr).Port
	c.SAM = &SAM{Gateway: "127.0.0.2", EnvironmentFile: filepath.Join(t.TempDir(), "environment.json")}
	api.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/health" {
			t.Errorf("%s %s", r.Method, r.URL)
		}
	})
	m := start(t, c)
	body, err := os.ReadFile(c.SAM.EnvironmentFile)
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Parameters map[string]string }
	if err := json.Unmarshal(body, &file); err != nil {
		t.Fatal(err)
	}
	endpoint := file.Parameters["AWS_ENDPOINT_URL_DYNAMODB"]
	if !strings.HasPrefix(endpoint, "http://host.docker.internal:") || file.Parameters["PUBLIC_URL"] != m.URL || file.Parameters["STAGE"] != "local" {
		t.Errorf("%s", body)
	}
	forwarded := strings.Replace(endpoint, "host.docker.internal", "127.0.0.2", 1)
	if _, err := (emulator.Client{URL: forwarded, HTTP: testClient(t)}).PrepareTable(t.Context(), TableName); err != nil {
		t.Error(err)
	}
}
