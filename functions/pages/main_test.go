package main

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"
	"sync"
	"testing"
)

// loaded is the site as main makes it, once.
var loaded = sync.OnceValue(func() site { return load(static) })

func TestServesThePage(t *testing.T) {
	got := serve(t, event(t))
	if got.StatusCode != http.StatusOK || got.Headers["Content-Type"] != "text/html; charset=utf-8" {
		t.Fatalf("got %d %q", got.StatusCode, got.Headers["Content-Type"])
	}
	if body := unzip(t, got); !strings.HasPrefix(body, "<!doctype html>") {
		t.Errorf("the body is not a page: %q", body)
	}
}

func TestServesWithoutCompressionToWhoDoesNotTakeIt(t *testing.T) {
	r := event(t)
	delete(r.Headers, "accept-encoding")
	got := serve(t, r)
	if want := unzip(t, serve(t, event(t))); got.IsBase64Encoded || got.Body != want {
		t.Errorf("got base64 %v and %q, want %q", got.IsBase64Encoded, got.Body, want)
	}
}

func TestServesEveryFileWithItsType(t *testing.T) {
	for name := range loaded().files {
		got := serve(t, staticFile(name))
		if want := types[path.Ext(name)]; got.StatusCode != http.StatusOK || got.Headers["Content-Type"] != want || want == "" {
			t.Errorf("%s: got %d %q, want 200 %q", name, got.StatusCode, got.Headers["Content-Type"], want)
		}
		if path.Ext(name) != ".html" && got.Body != file(t, name) {
			t.Errorf("%s: the body is not the file", name)
		}
	}
}

func TestAnswersNotModified(t *testing.T) {
	r := event(t)
	etag := serve(t, r).Headers["ETag"]
	for _, header := range []string{"if-none-match", "If-None-Match"} {
		r.Headers[header] = `"another", ` + etag
		got := serve(t, r)
		if got.StatusCode != http.StatusNotModified || got.Body != "" || got.Headers["ETag"] != etag {
			t.Errorf("%s: got %d with ETag %q and body %q", header, got.StatusCode, got.Headers["ETag"], got.Body)
		}
		delete(r.Headers, header)
	}
	r.Headers["if-none-match"] = `"another"`
	if got := serve(t, r); got.StatusCode != http.StatusOK {
		t.Errorf("another ETag: got %d, want 200", got.StatusCode)
	}
}

func TestRefuses(t *testing.T) {
	post := event(t)
	post.RequestContext.HTTP.Method = http.MethodPost
	elsewhere := event(t)
	elsewhere.RouteKey = "GET /elsewhere"
	for name, c := range map[string]struct {
		r    request
		want int
	}{
		"another method":     {post, http.StatusMethodNotAllowed},
		"another route":      {elsewhere, http.StatusNotFound},
		"an unknown file":    {staticFile("missing.js"), http.StatusNotFound},
		"a path out of it":   {staticFile("../main.go"), http.StatusNotFound},
		"no file":            {staticFile(""), http.StatusNotFound},
		"a part of its name": {staticFile("client"), http.StatusNotFound},
	} {
		got := serve(t, c.r)
		if got.StatusCode != c.want || got.Headers["Content-Type"] != "text/plain; charset=utf-8" {
			t.Errorf("%s: got %d %q, want %d in plain text", name, got.StatusCode, got.Headers["Content-Type"], c.want)
		}
	}
}

func TestEveryAnswerIsSecured(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range []request{event(t), staticFile("app.js"), staticFile("missing.js")} {
		got := serve(t, r)
		for name, want := range security {
			if got.Headers[name] != want {
				t.Errorf("%s: got %q, want %q", name, got.Headers[name], want)
			}
		}
		id := got.Headers["X-Request-Id"]
		if len(id) < 16 || seen[id] {
			t.Errorf("X-Request-Id %q is short or not new", id)
		}
		seen[id] = true
	}
}

// TestNothingIsInline: the Content-Security-Policy would refuse it, on the page and not here.
func TestNothingIsInline(t *testing.T) {
	for _, forbidden := range []string{"<style", "style=", "<script>", "onclick=", "http://", "https://"} {
		if strings.Contains(file(t, "index.html"), forbidden) {
			t.Errorf("index.html contains %q", forbidden)
		}
	}
	for name := range loaded().files {
		if strings.HasPrefix(name, "vendor/") {
			continue // written by others; the browser forbids what is not used
		}
		for _, forbidden := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "localStorage"} {
			if path.Ext(name) == ".js" && strings.Contains(file(t, name), forbidden) {
				t.Errorf("%s contains %q", name, forbidden)
			}
		}
	}
}

func serve(t *testing.T, r request) response {
	t.Helper()
	got, err := loaded().handle(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// event is the one in event.json.
func event(t *testing.T) request {
	t.Helper()
	raw, err := os.ReadFile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	var r request
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func staticFile(name string) request {
	r := request{RouteKey: "GET /static/{proxy+}", PathParameters: map[string]string{"proxy": name}}
	r.RequestContext.HTTP.Method = http.MethodGet
	return r
}

func file(t *testing.T, name string) string {
	t.Helper()
	body, err := fs.ReadFile(static, "static/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func unzip(t *testing.T, r response) string {
	t.Helper()
	if !r.IsBase64Encoded || r.Headers["Content-Encoding"] != "gzip" {
		t.Fatalf("not gzip in base64: %v", r.Headers)
	}
	zipped, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(r.Body)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(zipped)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
