package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// bundled returns the pages as they are deployed.
var bundled = sync.OnceValues(func() (map[string][]byte, error) { return bundle("..", false) })

func files(t *testing.T) map[string][]byte {
	t.Helper()
	all, err := bundled()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEveryPageNamesWhatIsThere(t *testing.T) {
	for name, body := range files(t) {
		if filepath.Ext(name) != ".html" {
			continue
		}
		for _, address := range regexp.MustCompile(`"/static/([^"]+)"`).FindAllSubmatch(body, -1) {
			if target := string(address[1]); target != "icon.svg" && files(t)[target] == nil {
				t.Errorf("%s names %s, which nothing makes", name, target)
			}
		}
	}
}

func TestTheBuildIsReproducible(t *testing.T) {
	again, err := bundle("..", false)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range files(t) {
		if !bytes.Equal(body, again[name]) {
			t.Errorf("%s differs from one build to the next", name)
		}
	}
}

func TestOnlyThisMachineGetsSourceMaps(t *testing.T) {
	with, err := bundle("..", true)
	if err != nil {
		t.Fatal(err)
	}
	if with["member.js.map"] == nil || files(t)["member.js.map"] != nil || bytes.Contains(files(t)["member.js"], []byte("sourceMappingURL")) {
		t.Error("source maps are missing on this machine or deployed")
	}
}

// The first view needs all of these, and one icon.
func TestTheMembersPageIsLight(t *testing.T) {
	size := 0
	for _, name := range []string{"member.html", "member.js", "member.css"} {
		size += zipped(files(t)[name])
	}
	t.Logf("%d bytes, compressed", size)
	if size > 40_000 {
		t.Errorf("%d bytes, compressed, more than 40,000", size)
	}
}

func zipped(body []byte) int {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = w.Write(body)
	_ = w.Close()
	return b.Len()
}

// The Content-Security-Policy would refuse it, in the browser and not here.
func TestNothingIsInline(t *testing.T) {
	for name, body := range files(t) {
		for _, forbidden := range []string{"<style", "style=", "<script>", "onclick=", "http://", "https://"} {
			if filepath.Ext(name) == ".html" && bytes.Contains(body, []byte(forbidden)) {
				t.Errorf("%s contains %q", name, forbidden)
			}
		}
	}
}

// What others wrote is in vendor: there the browser forbids what is not used.
func TestPeoplesWordsCannotBecomeMarkup(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (entry.Name() == "vendor" || entry.Name() == "static") {
			return firstError(err, fs.SkipDir)
		}
		if filepath.Ext(path) != ".js" {
			return nil
		}
		body, err := os.ReadFile(path)
		for _, forbidden := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("} {
			if bytes.Contains(body, []byte(forbidden)) {
				t.Errorf("%s contains %q", path, forbidden)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// vendor.sh rebuilds these files, and SHA256SUMS says what must come out.
func TestVendoredFilesAreUnchanged(t *testing.T) {
	vendor := filepath.Join("..", "common", "vendor")
	lines, err := os.ReadFile(filepath.Join(vendor, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	sums := strings.Fields(string(lines))
	if len(sums) == 0 || len(sums)%2 != 0 {
		t.Fatalf("SHA256SUMS: %q", sums)
	}
	for i := 0; i < len(sums); i += 2 {
		body, err := os.ReadFile(filepath.Join(vendor, sums[i+1]))
		if got := fmt.Sprintf("%x", sha256.Sum256(body)); err != nil || got != sums[i] {
			t.Errorf("%s: got %s, want %s (%v)", sums[i+1], got, sums[i], err)
		}
	}
}
