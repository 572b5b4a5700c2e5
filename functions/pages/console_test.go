package main

import (
	"maps"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const twoIssuers = `[
	{"name": "Harbor Care", "issuer": "https://id.example.org/harbor", "clientId": "c1"},
	{"name": "Summit Health", "issuer": "https://cognito.example.org/pool", "clientId": "c2", "scope": "openid", "origins": ["https://summit.example.org"]}
]`

// withIssuers is the small site with a console for these issuers.
func withIssuers(t *testing.T, issuers string) site {
	t.Helper()
	s := maps.Clone(small)
	s["console.html"] = newAsset("console.html", []byte("<!doctype html><title>Console</title>"))
	if err := s.withConsole(issuers); err != nil {
		t.Fatal(err)
	}
	return s
}

func consoleGet(t *testing.T, s site, key, proxy string) response {
	t.Helper()
	r := request{RouteKey: key, PathParameters: map[string]string{"proxy": proxy}}
	r.RequestContext.HTTP.Method = http.MethodGet
	got, err := s.handle(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Each view has an address of its own, which the page reads.
func TestEveryAddressOfTheConsoleIsItsPage(t *testing.T) {
	s := withIssuers(t, twoIssuers)
	for _, each := range [][2]string{{"ANY /console", ""}, {"ANY /console/{proxy+}", "queue"}, {"ANY /console/{proxy+}", "inbox/ana/diabetes"}} {
		got := consoleGet(t, s, each[0], each[1])
		if got.StatusCode != http.StatusOK || !strings.Contains(got.Body, "Console") {
			t.Errorf("%v: got %d with body %q", each, got.StatusCode, got.Body)
		}
	}
}

func TestOnlyTheConsoleMayCallItsIssuersAndNobodyElse(t *testing.T) {
	s := withIssuers(t, twoIssuers)
	policy := consoleGet(t, s, "ANY /console", "").Headers["Content-Security-Policy"]
	want := security["Content-Security-Policy"] + "; connect-src 'self' https://id.example.org https://cognito.example.org https://summit.example.org"
	if policy != want {
		t.Errorf("the console's policy is %q, want %q", policy, want)
	}
	if other := consoleGet(t, s, "ANY /", "").Headers["Content-Security-Policy"]; other != security["Content-Security-Policy"] {
		t.Errorf("the member's policy is %q", other)
	}
}

func TestTheConsoleReadsItsIssuers(t *testing.T) {
	got := consoleGet(t, withIssuers(t, twoIssuers), "ANY /console/{proxy+}", "config.json")
	want := `{"issuers":[{"name":"Harbor Care","issuer":"https://id.example.org/harbor","clientId":"c1"},` +
		`{"name":"Summit Health","issuer":"https://cognito.example.org/pool","clientId":"c2","scope":"openid","origins":["https://summit.example.org"]}]}`
	if got.StatusCode != http.StatusOK || got.Headers["Content-Type"] != "application/json" || got.Body != want {
		t.Errorf("got %d %q with body %s", got.StatusCode, got.Headers["Content-Type"], got.Body)
	}
	if got := consoleGet(t, withIssuers(t, ""), "ANY /console/{proxy+}", "config.json"); got.Body != `{"issuers":[]}` {
		t.Errorf("without issuers: %s", got.Body)
	}
}

func TestRefusesIssuersThatAreWrong(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":          `harbor`,
		"no list":          `{"issuer": "https://id.example.org"}`,
		"no name":          `[{"issuer": "https://id.example.org", "clientId": "c"}]`,
		"no client":        `[{"name": "Harbor", "issuer": "https://id.example.org"}]`,
		"plain http":       `[{"name": "Harbor", "issuer": "http://id.example.org", "clientId": "c"}]`,
		"no address":       `[{"name": "Harbor", "issuer": "id.example.org", "clientId": "c"}]`,
		"a wildcard":       `[{"name": "Harbor", "issuer": "https://*", "clientId": "c"}]`,
		"a second policy":  `[{"name": "Harbor", "issuer": "https://a;script-src", "clientId": "c"}]`,
		"a foreign origin": `[{"name": "Harbor", "issuer": "https://a", "clientId": "c", "origins": ["ftp://b"]}]`,
	} {
		if err := maps.Clone(small).withConsole(text); err == nil {
			t.Errorf("%s: took %s", name, text)
		}
	}
}

// The function says why it does not start.
func TestAWrongSettingEndsTheStart(t *testing.T) {
	if os.Getenv("START") != "" {
		main()
	}
	start := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$")
	start.Env = append(os.Environ(), "START=yes", "CONSOLE_ISSUERS=harbor")
	said, err := start.Output()
	if err == nil || !strings.Contains(string(said), "CONSOLE_ISSUERS is wrong") {
		t.Errorf("%v, %s", err, said)
	}
}
