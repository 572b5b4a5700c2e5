package main

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
)

func TestWhatThePageNamesIsKeptForEver(t *testing.T) {
	addresses := named.FindAllStringSubmatch(small["member.html"].plain, -1)
	if len(addresses) != 2 {
		t.Fatalf("the page names %d files, not 2", len(addresses))
	}
	for _, address := range addresses {
		got := serve(t, staticFile(address[1]))
		if got.StatusCode != http.StatusOK || got.Headers["Cache-Control"] != forever {
			t.Errorf("%s: got %d %q", address[1], got.StatusCode, got.Headers["Cache-Control"])
		}
	}
}

// A page of another release may be open while this one goes out.
func TestAnotherReleasesFileIsTodaysAndNotKept(t *testing.T) {
	for _, name := range []string{"member.js", "member.0123456789abcdef.js"} {
		got := serve(t, staticFile(name))
		if got.StatusCode != http.StatusOK || got.Headers["Cache-Control"] != asked || got.Body != small["member.js"].plain {
			t.Errorf("%s: got %d %q with body %q", name, got.StatusCode, got.Headers["Cache-Control"], got.Body)
		}
	}
}

func TestAFilesNameChangesWithItsContent(t *testing.T) {
	files := fstest.MapFS{"static/a.js": {Data: []byte("1")}, "static/b.js": {Data: []byte("2")}, "static/p.html": {Data: []byte(`"/static/b.js"`)}}
	before := load(files)
	files["static/b.js"] = &fstest.MapFile{Data: []byte("3")}
	after := load(files)
	if before.lasting("a.js") != after.lasting("a.js") || before.lasting("b.js") == after.lasting("b.js") {
		t.Errorf("names: %q %q, then %q %q", before.lasting("a.js"), before.lasting("b.js"), after.lasting("a.js"), after.lasting("b.js"))
	}
	if !strings.Contains(after["p.html"].plain, after.lasting("b.js")) {
		t.Errorf("the page names %q, not %q", after["p.html"].plain, after.lasting("b.js"))
	}
}

// What cannot be read is not left out: the function does not start.
func TestAFolderThatCannotBeReadEndsTheStart(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{"no folder": {}, "no file": {"static/member.html/x": {}}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: loaded", name)
				}
			}()
			load(files)
		}()
	}
}
