package rights

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"carechat/tests/support/template"
)

// front stands in front of a service of the machine and speaks TLS, as AWS does. It
// counts the connections of each function.
type front struct {
	*httptest.Server
	mu      sync.Mutex
	service http.Handler
	made    map[string]bool // "<function> <connection>"
	fresh   []string        // those since keep
}

func newFront(t *testing.T) *front {
	f := &front{made: map[string]bool{}}
	f.Server = httptest.NewTLSServer(f)
	t.Cleanup(f.Close)
	return f
}

// stand puts the front before a service, whose own address still works.
func (f *front) stand(service http.Handler) http.Handler {
	f.service = service
	return service
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	function := "nobody"
	if by := signer.FindStringSubmatch(r.Header.Get("Authorization")); by != nil {
		function = by[1]
	}
	f.mu.Lock()
	if connection := function + " " + r.RemoteAddr; !f.made[connection] {
		f.made[connection] = true
		f.fresh = append(f.fresh, function)
	}
	f.mu.Unlock()
	f.service.ServeHTTP(w, r)
}

// keep forgets which connections are fresh.
func (f *front) keep() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fresh = nil
}

// used reports whether any function has come by TLS.
func (f *front) used() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.made) > 0
}

// since returns the functions with a route that have made a connection since keep.
// The stream and the schedule call the others, whenever that is.
func (f *front) since(functions map[string]template.Function) (all []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, function := range f.fresh {
		if len(functions[function].Routes()) > 0 {
			all = append(all, function)
		}
	}
	return all
}

// certificate writes the certificate of the fronts, which is the same for all, into a
// folder, and returns its path.
func (f *front) certificate(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "certificate.pem")
	block := &pem.Block{Type: "CERTIFICATE", Bytes: f.Certificate().Raw}
	if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
