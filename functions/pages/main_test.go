package main

import (
	"carechat/tests/support/event"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// small is a site like the one that the bundles make.
var small = load(fstest.MapFS{
	"static/member.html": {Data: []byte(`<!doctype html><link href="/static/member.css"><script src="/static/member.js"></script>`)},
	"static/member.css":  {Data: []byte("body {}\n")},
	"static/member.js":   {Data: []byte("start();\n")},
	"static/missing.html": {
		Data: []byte(`<!doctype html><title>Not found</title>`)},
	"static/icon.svg": {Data: []byte("<svg/>")},
})

func TestServesThePage(t *testing.T) {
	got := serve(t, exampleEvent(t))
	if got.StatusCode != http.StatusOK || got.Headers["Content-Type"] != "text/html; charset=utf-8" || got.Headers["Cache-Control"] != asked {
		t.Fatalf("got %d %v", got.StatusCode, got.Headers)
	}
	if body := unzip(t, got); !strings.HasPrefix(body, "<!doctype html>") {
		t.Errorf("the body is not a page: %q", body)
	}
}

func TestServesUncompressedToWhoeverDoesNotTakeGzip(t *testing.T) {
	r := exampleEvent(t)
	delete(r.Headers, "accept-encoding")
	got := serve(t, r)
	if want := unzip(t, serve(t, exampleEvent(t))); got.IsBase64Encoded || got.Body != want {
		t.Errorf("got base64 %v and %q, want %q", got.IsBase64Encoded, got.Body, want)
	}
}

func TestServesEveryFileWithItsType(t *testing.T) {
	for name, want := range map[string]string{
		"member.js": "text/javascript; charset=utf-8", "member.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml",
	} {
		got := serve(t, staticFile(name))
		if got.StatusCode != http.StatusOK || got.Headers["Content-Type"] != want || got.Body != small[name].plain {
			t.Errorf("%s: got %d %q with body %q", name, got.StatusCode, got.Headers["Content-Type"], got.Body)
		}
	}
}

func TestAnUnknownAddressGetsAPage(t *testing.T) {
	got := serve(t, request{RouteKey: "ANY /{proxy+}", PathParameters: map[string]string{"proxy": "chats"}})
	if got.StatusCode != http.StatusNotFound || got.Headers["Content-Type"] != "text/html; charset=utf-8" || !strings.Contains(got.Body, "Not found") {
		t.Errorf("got %d %q with body %q", got.StatusCode, got.Headers["Content-Type"], got.Body)
	}
}

func TestHeadIsAGetWithoutTheBody(t *testing.T) {
	for _, r := range []request{exampleEvent(t), staticFile("member.js")} {
		want := serve(t, r)
		r.RequestContext.HTTP.Method = http.MethodHead
		got := serve(t, r)
		delete(got.Headers, "X-Request-Id")
		delete(want.Headers, "X-Request-Id")
		if got.StatusCode != http.StatusOK || got.Body != "" || !maps.Equal(got.Headers, want.Headers) {
			t.Errorf("%s: got %d %v with body %q, want %v", r.RouteKey, got.StatusCode, got.Headers, got.Body, want.Headers)
		}
	}
}

func TestAnswersNotModified(t *testing.T) {
	r := exampleEvent(t)
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
	post := exampleEvent(t)
	post.RequestContext.HTTP.Method = http.MethodPost
	elsewhere := exampleEvent(t)
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
		"a part of its name": {staticFile("member"), http.StatusNotFound},
	} {
		got := serve(t, c.r)
		if got.StatusCode != c.want || got.Headers["Content-Type"] != "text/plain; charset=utf-8" {
			t.Errorf("%s: got %d %q, want %d in plain text", name, got.StatusCode, got.Headers["Content-Type"], c.want)
		}
	}
}

func TestEveryAnswerIsSecured(t *testing.T) {
	var ids []string
	for _, r := range []request{exampleEvent(t), staticFile("member.js"), staticFile("missing.js"), {RouteKey: "ANY /{proxy+}"}} {
		got := serve(t, r)
		for name, want := range security {
			if got.Headers[name] != want {
				t.Errorf("%s: got %q, want %q", name, got.Headers[name], want)
			}
		}
		id := got.Headers["X-Request-Id"]
		if len(id) < 16 || slices.Contains(ids, id) {
			t.Errorf("X-Request-Id %q is short or not new", id)
		}
		ids = append(ids, id)
	}
}

func serve(t *testing.T, r request) response {
	t.Helper()
	if r.RequestContext.HTTP.Method == "" {
		r.RequestContext.HTTP.Method = http.MethodGet
	}
	got, err := small.handle(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// exampleEvent is the one in event.json.
func exampleEvent(t *testing.T) request {
	t.Helper()
	var r request
	if err := json.Unmarshal(event.Read(t), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func staticFile(name string) request {
	return request{RouteKey: "ANY /static/{proxy+}", PathParameters: map[string]string{"proxy": name}}
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
