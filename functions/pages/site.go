package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"path"
)

// security is on every answer (A9). The page builds its elements one by one, so that Trusted Types may forbid every other way.
var security = map[string]string{
	"Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types 'none'",
	"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
	"X-Content-Type-Options":    "nosniff",
	"Referrer-Policy":           "no-referrer",
}

// types is spelled out: the package mime asks the machine's own tables, which a Lambda does not have.
var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// load reads and compresses every file under static/. The files are part of the binary: one that cannot be read is a bug.
func load(files fs.FS) site {
	s := site{}
	err := fs.WalkDir(files, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(files, name)
		s[name[len("static/"):]] = newAsset(name, body)
		return err
	})
	if err != nil {
		panic(err)
	}
	return s
}

// newAsset has a weak ETag, since the file and its gzip share it.
func newAsset(name string, body []byte) asset {
	sum := sha256.Sum256(body)
	return asset{
		contentType: types[path.Ext(name)],
		etag:        `W/"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`,
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
