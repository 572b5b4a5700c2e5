package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// security is on every answer (A9). The page makes its elements one by one, so that Trusted Types may forbid every other way.
var security = map[string]string{
	"Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types 'none'",
	"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
	"X-Content-Type-Options":    "nosniff",
	"Referrer-Policy":           "no-referrer",
}

// types are the files that are served. They are spelled out, since the package mime asks the machine's own tables, which a Lambda lacks.
var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".txt":  "text/plain; charset=utf-8",
}

// site is every file by its name under static/. Its release is a hash of them all, and a folder in the addresses that a page names: a
// browser keeps what it gets from there and never asks again. One folder for all, because modules name each other by relative addresses.
type site struct {
	release string
	files   map[string]asset
}

// load reads, links and compresses every file under static/. The files are part of the binary: one that cannot be read is a bug.
func load(files fs.FS) site {
	sources := map[string][]byte{}
	err := fs.WalkDir(files, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || types[path.Ext(name)] == "" { // types for an editor, checksums
			return err
		}
		sources[strings.TrimPrefix(name, "static/")], err = fs.ReadFile(files, name)
		return err
	})
	if err != nil {
		panic(err)
	}
	s := site{release: releaseOf(sources), files: map[string]asset{}}
	for name, body := range sources {
		if path.Ext(name) == ".html" {
			body = link(body, s.release, sources)
		}
		s.files[name] = newAsset(name, body)
	}
	return s
}

func releaseOf(sources map[string][]byte) string {
	var all []byte
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		sum := sha256.Sum256(sources[name])
		all = append(append(all, name...), sum[:]...)
	}
	return hash(all)
}

var (
	entry      = regexp.MustCompile(`<script type="module" src="/static/([^"]+)">`)
	dependency = regexp.MustCompile(`(?m)^(?:import |export |\} )(?:[^"\n]*from )?"(\.[^"\n]+)"`)
)

// link names a page's files in the release's folder, and its modules all at once: one found in another would be a round trip later.
func link(page []byte, release string, sources map[string][]byte) []byte {
	page = entry.ReplaceAllFunc(page, func(script []byte) []byte {
		var links []byte
		for _, name := range modules(string(entry.FindSubmatch(script)[1]), sources) {
			links = append(links, `<link rel="modulepreload" href="/static/`+name+"\">\n    "...)
		}
		return append(links, script...)
	})
	return bytes.ReplaceAll(page, []byte(`"/static/`), []byte(`"/static/`+release+"/"))
}

// modules are what a module needs before it runs, and itself. What it imports later, with import(), is not among them.
func modules(first string, sources map[string][]byte) []string {
	all := []string{first}
	for i := 0; i < len(all); i++ {
		for _, found := range dependency.FindAllSubmatch(sources[all[i]], -1) {
			if name := path.Join(path.Dir(all[i]), string(found[1])); !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// find gives the file at an address under /static/, and whether it is the same for ever. A page from the release before, or one that is
// being replaced this minute, gets what there is now.
func (s site) find(address string) (file asset, lasting, found bool) {
	folder, name, _ := strings.Cut(address, "/")
	if len(folder) == len(s.release) {
		address = name
	}
	file, found = s.files[address]
	return file, folder == s.release, found
}

// newAsset has a weak ETag, since the file and its gzip share it.
func newAsset(name string, body []byte) asset {
	return asset{
		contentType: types[path.Ext(name)],
		etag:        `W/"` + hash(body) + `"`,
		plain:       string(body),
		zipped:      base64.StdEncoding.EncodeToString(zip(body)),
	}
}

func hash(body []byte) string {
	sum := sha256.Sum256(body)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

func zip(body []byte) []byte {
	var zipped bytes.Buffer
	w, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	_, _ = w.Write(body) // a bytes.Buffer takes everything
	_ = w.Close()
	return zipped.Bytes()
}
