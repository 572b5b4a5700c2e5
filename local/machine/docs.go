package machine

import (
	"net/http"
	"os"
	"path/filepath"
)

// withDocs serves the page of the contract at /docs, in front of the API, if make
// api-docs has made it.
func (m *Machine) withDocs(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/docs" {
			api.ServeHTTP(w, r)
			return
		}
		page := filepath.Join(m.config.BinDir, "api-docs.html")
		if _, err := os.Stat(page); err != nil {
			http.Error(w, "make api-docs makes this page.", http.StatusNotFound)
			return
		}
		http.ServeFile(w, r, page)
	})
}
