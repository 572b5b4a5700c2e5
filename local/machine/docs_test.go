package machine

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheContractsPageStandsBeforeTheAPI(t *testing.T) {
	m := &Machine{config: Config{BinDir: t.TempDir()}}
	handler := m.withDocs(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the API") }))
	get := func(path string) string {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Body.String()
	}
	if said := get("/docs"); !strings.Contains(said, "make api-docs") {
		t.Errorf("without the page: %q", said)
	}
	if err := os.WriteFile(filepath.Join(m.config.BinDir, "api-docs.html"), []byte("the page"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/docs": "the page", "/docs/": "the API", "/v1/health": "the API"} {
		if got := get(path); got != want {
			t.Errorf("%s: %q, not %q", path, got, want)
		}
	}
}
