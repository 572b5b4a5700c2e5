package machine

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"carechat/local/emulator"
	"carechat/tests/support/fetch"

	"go.uber.org/goleak"
)

// bin holds the tests' function under the names of both functions of testdata/template.yaml.
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
	client := fetch.Client(t)
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
	keys := fetch.Get(t, client, first.IssuerURL+"/harbor/keys")
	first.Close()

	second := start(t, c)
	var got struct{ Item map[string]any }
	key := map[string]any{"TableName": TableName, "Key": item["Item"]}
	if err := (emulator.Client{URL: second.DynamoDB, HTTP: client}).Call(t.Context(), "DynamoDB_20120810.GetItem", key, &got); err != nil || got.Item == nil {
		t.Errorf("the item is gone: %v", err)
	}
	if messages := fetch.Get(t, client, second.InboxURL+"/messages"); !strings.Contains(messages, "hello") {
		t.Errorf("messages: %s", messages)
	}
	if again := fetch.Get(t, client, second.IssuerURL+"/harbor/keys"); again != keys {
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

// Under BIND, a phone must be able to open the links.
func TestLinksNameTheAddressBoundTo(t *testing.T) {
	c := testConfig(io.Discard)
	c.Bind = "127.0.0.2"
	m := start(t, c)
	client := fetch.Client(t)
	for _, url := range []string{m.URL + "/things/7", m.InboxURL} {
		if fetch.Get(t, client, url); !strings.HasPrefix(url, "http://127.0.0.2:") {
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
