package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// security holds the headers of every response (A9). The page makes its elements one by one, so Trusted Types may forbid any other way.
var security = map[string]string{
	"Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types 'none'",
	"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
	"X-Content-Type-Options":    "nosniff",
	"Referrer-Policy":           "no-referrer",
}

// types maps the files that are served to their media types. Package mime would read the machine's own tables, which a Lambda lacks.
var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".map":  "application/json",
	".svg":  "image/svg+xml",
	".txt":  "text/plain; charset=utf-8",
}

// asset is a file, ready to be served. It is compressed here, once, because an HTTP API does not compress.
type asset struct {
	contentType, hash, plain, zipped string
	policy                           string // the page's own Content-Security-Policy, "" for the one of all
}

// site holds every file of static/ by its name. A page names the others with a hash of their content, as in
// member.0123456789abcdef.js, so that a browser may keep them for ever.
type site map[string]asset

// load reads, links and compresses the files below static/. They are part of the binary, so it panics if one cannot be read.
func load(files fs.FS) site {
	s := site{}
	pages := map[string][]byte{}
	entries, err := fs.ReadDir(files, "static")
	if err != nil {
		panic(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		body, err := fs.ReadFile(files, "static/"+name)
		if err != nil {
			panic(err)
		}
		if path.Ext(name) == ".html" {
			pages[name] = body
		} else {
			s[name] = newAsset(name, body)
		}
	}
	for name, body := range pages {
		s[name] = newAsset(name, s.link(body))
	}
	return s
}

var named = regexp.MustCompile(`"/static/([^"]+)"`)

// link replaces the files' names in a page by their lasting names.
func (s site) link(page []byte) []byte {
	return named.ReplaceAllFunc(page, func(attribute []byte) []byte {
		name := string(named.FindSubmatch(attribute)[1])
		return []byte(`"/static/` + s.lasting(name) + `"`)
	})
}

// lasting returns a file's name with its hash.
func (s site) lasting(name string) string {
	extension := path.Ext(name)
	return strings.TrimSuffix(name, extension) + "." + s[name].hash + extension
}

var hashed = regexp.MustCompile(`\.[0-9a-f]{16}(\.\w+)$`)

// find returns the file at an address under /static/, and whether it will be the same for ever. A page of another release, which may be
// open during a deployment, gets this release's file.
func (s site) find(address string) (file asset, lasting, found bool) {
	name := hashed.ReplaceAllString(address, "$1")
	file, found = s[name]
	return file, found && address == s.lasting(name), found
}

func newAsset(name string, body []byte) asset {
	sum := sha256.Sum256(body)
	return asset{
		contentType: types[path.Ext(name)],
		hash:        hex.EncodeToString(sum[:8]),
		plain:       string(body),
		zipped:      base64.StdEncoding.EncodeToString(zip(body)),
	}
}

func zip(body []byte) []byte {
	var zipped bytes.Buffer
	w, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	_, _ = w.Write(body) // a bytes.Buffer takes everything
	_ = w.Close()
	return zipped.Bytes()
}
