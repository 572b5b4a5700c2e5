package machine

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carechat/local/emulator"
	"carechat/local/issuer"
	"carechat/tests/support/fetch"
)

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
	s := seeder{fetch.Client(t), api.URL, func(_, _, _ string) (string, error) { return "t", nil }, func(_ context.Context, _ string, payload []byte) ([]byte, error) {
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

// Ctrl-C while it seeds leaves a part of the seed. The next start makes the rest.
func TestASeedThatWasCutShortIsMadeWhole(t *testing.T) {
	there := map[string]bool{}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet && !there[r.URL.Path]:
			w.WriteHeader(http.StatusNotFound)
		case r.Method == http.MethodPut && len(there) == 3:
			w.WriteHeader(http.StatusInternalServerError)
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
	s := seeder{fetch.Client(t), api.URL, func(_, _, _ string) (string, error) { return "t", nil },
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

// The seed's hundreds of lines would hide the summary.
func TestTheSeedIsQuietUnlessItFails(t *testing.T) {
	for status, want := range map[int]string{http.StatusOK: "", http.StatusInternalServerError: "directory | a line\n"} {
		var out bytes.Buffer
		m := &Machine{config: Config{Log: &out}, ctx: t.Context(), client: fetch.Client(t), log: log.New(&out, "", 0)}
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			m.log.Print("directory | a line")
			w.WriteHeader(status)
		}))
		t.Cleanup(api.Close)
		var err error
		if m.issuer, err = issuer.New("", "", "", nil); err != nil {
			t.Fatal(err)
		}
		if err := m.seed(api.URL, ""); (err == nil) != (status == http.StatusOK) || out.String() != want {
			t.Errorf("%d: %v, %q", status, err, &out)
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
	if _, err := (emulator.Client{URL: forwarded, HTTP: fetch.Client(t)}).PrepareTable(t.Context(), TableName); err != nil {
		t.Error(err)
	}
}
