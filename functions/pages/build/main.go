// Command build bundles the pages' modules and styles into static/, which the
// pages function embeds. It needs no npm: esbuild is a Go module.
//
//	go run ./functions/pages/build        as deployed
//	go run ./functions/pages/build -maps  with source maps, for this machine
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// pages are the folders that hold a page each: index.html, app.js and page.css.
var pages = []string{"member", "console"}

// The oldest browsers that the pages run in. esbuild writes newer syntax in
// older words; newer functions it leaves, so a browser test looks for those.
var oldest = []api.Engine{{Name: api.EngineSafari, Version: "15.4"}, {Name: api.EngineChrome, Version: "99"}}

func main() {
	maps := flag.Bool("maps", false, "write source maps")
	root := flag.String("C", "functions/pages", "the folder of the pages")
	flag.Parse()
	if err := build(*root, *maps); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// build replaces what an earlier build left in static/.
func build(root string, maps bool) error {
	files, err := bundle(root, maps)
	if err != nil {
		return err
	}
	static := filepath.Join(root, "static")
	for _, pattern := range []string{"*.html", "*.js", "*.css", "*.map", "*.txt"} {
		stale, _ := filepath.Glob(filepath.Join(static, pattern)) // the patterns are well-formed
		for _, path := range stale {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(static, name), body, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// bundle returns every page by its name in static/: member.html, member.js and
// member.css for the folder member, and the page for unknown addresses.
func bundle(root string, maps bool) (map[string][]byte, error) {
	files := map[string][]byte{}
	copies := map[string]string{"missing.html": "common/missing.html", "preact-htm.LICENSE.txt": "common/vendor/preact-htm.LICENSE.txt"}
	for _, page := range pages {
		copies[page+".html"] = page + "/index.html"
		for source, name := range map[string]string{"app.js": page + ".js", "page.css": page + ".css"} {
			if err := bundleOne(files, filepath.Join(root, page, source), name, maps); err != nil {
				return nil, err
			}
		}
	}
	for name, source := range copies {
		body, err := os.ReadFile(filepath.Join(root, source))
		if err != nil {
			return nil, err
		}
		files[name] = body
	}
	return files, nil
}

// bundleOne puts the file that source and its imports become into files, and
// its source map beside it.
func bundleOne(files map[string][]byte, source, name string, maps bool) error {
	static, err := filepath.Abs("static") // a name for the maps alone: nothing is written here
	if err != nil {
		return err
	}
	options := api.BuildOptions{
		EntryPoints: []string{source}, Outfile: filepath.Join(static, name), Bundle: true, Engines: oldest,
		Format: api.FormatESModule, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsInline,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
	}
	if maps {
		options.Sourcemap = api.SourceMapLinked
	}
	result := api.Build(options)
	if problems := append(result.Errors, result.Warnings...); len(problems) > 0 {
		texts := api.FormatMessages(problems, api.FormatMessagesOptions{Kind: api.ErrorMessage})
		return fmt.Errorf("%s", strings.Join(texts, "\n"))
	}
	for _, file := range result.OutputFiles {
		files[filepath.Base(file.Path)] = file.Contents
	}
	return nil
}
