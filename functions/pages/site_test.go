package main

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

var named = regexp.MustCompile(`(?:href|src)="/static/([^"]+)"`)

func TestWhatThePageNamesIsKeptForEver(t *testing.T) {
	addresses := named.FindAllStringSubmatch(unzip(t, serve(t, event(t))), -1)
	if len(addresses) < 3 {
		t.Fatalf("the page names %d files", len(addresses))
	}
	for _, address := range addresses {
		got := serve(t, staticFile(address[1]))
		if got.StatusCode != http.StatusOK || got.Headers["Cache-Control"] != forever {
			t.Errorf("%s: got %d %q", address[1], got.StatusCode, got.Headers["Cache-Control"])
		}
	}
}

func TestWhatMayChangeIsAskedForAgain(t *testing.T) {
	before := strings.Repeat("x", len(loaded().release))
	for name, r := range map[string]request{
		"the page": event(t), "a file by its plain name": staticFile("client.js"), "a file of another release": staticFile(before + "/client.js"),
	} {
		if got := serve(t, r); got.StatusCode != http.StatusOK || got.Headers["Cache-Control"] != asked || got.Headers["ETag"] == "" {
			t.Errorf("%s: got %d %q with ETag %q", name, got.StatusCode, got.Headers["Cache-Control"], got.Headers["ETag"])
		}
	}
}

// TestAChangeOfOneFileIsAnotherRelease: else a browser would go on with the one it has.
func TestAChangeOfOneFileIsAnotherRelease(t *testing.T) {
	files := fstest.MapFS{"static/a.js": {Data: []byte("1")}, "static/b.js": {Data: []byte("2")}}
	before := load(files)
	files["static/b.js"] = &fstest.MapFile{Data: []byte("3")}
	after := load(files)
	if before.release == after.release || load(files).release != after.release {
		t.Errorf("releases %q, %q, %q", before.release, after.release, load(files).release)
	}
}

func TestAPageNamesAllItsModulesAtOnce(t *testing.T) {
	s := load(fstest.MapFS{
		"static/index.html": {Data: []byte(`<link href="/static/a.css"><script type="module" src="/static/app.js"></script>`)},
		"static/app.js":     {Data: []byte("import { b } from \"./b.js\";\nimport {\n  c,\n} from \"./parts/c.js\";\nconst l = import(\"./later.js\");\n")},
		"static/b.js":       {Data: []byte("/** @typedef {import(\"./types.js\").T} T */\nexport { d } from \"./d.js\";\nimport \"./app.js\";\n")},
		"static/parts/c.js": {Data: []byte("import { d } from \"../d.js\";\n")},
		"static/d.js":       {Data: []byte("export const d = \"./not.js\";\n")},
		"static/other.js":   {Data: []byte("")},
	})
	var got []string
	for _, address := range named.FindAllStringSubmatch(s.files["index.html"].plain, -1) {
		got = append(got, strings.TrimPrefix(address[1], s.release+"/"))
	}
	if diff := cmp.Diff([]string{"a.css", "app.js", "b.js", "parts/c.js", "d.js", "app.js"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestFilesNameEachOtherRelatively: an address from the root would leave the release's folder.
func TestFilesNameEachOtherRelatively(t *testing.T) {
	names := regexp.MustCompile(`(?:\bfrom |\bimport[ (]|\burl\(|\bnew URL\()["']([./][^"']*)["']`)
	sources := loaded().files
	for name := range sources {
		if !slices.Contains([]string{".js", ".css"}, path.Ext(name)) {
			continue
		}
		for _, found := range names.FindAllStringSubmatch(file(t, name), -1) {
			if _, ok := sources[path.Join(path.Dir(name), found[1])]; !ok {
				t.Errorf("%s names %q, which is not there", name, found[1])
			}
		}
	}
}

// TestThePageIsLight: compressed, with all its words in every language, and room left for what a first view reads.
func TestThePageIsLight(t *testing.T) {
	bytes := 0
	for name, file := range loaded().files {
		if slices.Contains([]string{".html", ".css", ".js", ".svg"}, path.Ext(name)) {
			bytes += len(file.zipped) / 4 * 3
		}
	}
	t.Logf("%d bytes, compressed", bytes)
	if bytes > 56_000 {
		t.Errorf("%d bytes, compressed, more than 56,000", bytes)
	}
}

// TestWhatOthersWroteIsWhatItWas: vendor.sh rebuilds these files, and SHA256SUMS says what must come out.
func TestWhatOthersWroteIsWhatItWas(t *testing.T) {
	sums := strings.Fields(file(t, "vendor/SHA256SUMS"))
	if len(sums) == 0 || len(sums)%2 != 0 {
		t.Fatalf("SHA256SUMS: %q", sums)
	}
	for i := 0; i < len(sums); i += 2 {
		if got := fmt.Sprintf("%x", sha256.Sum256([]byte(file(t, "vendor/"+sums[i+1])))); got != sums[i] {
			t.Errorf("%s: got %s, want %s", sums[i+1], got, sums[i])
		}
	}
}
