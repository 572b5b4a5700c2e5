// Package web writes the answers and the pages of the machine's own services.
package web

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"
	"time"
)

//go:embed plain.css
var style string

// Style serves the style of all pages, which they find at /web/plain.css.
func Style(w http.ResponseWriter, r *http.Request) {
	http.ServeContent(w, r, "plain.css", time.Time{}, strings.NewReader(style))
}

// JSON writes value as the answer. Pages of any origin may read it: nothing on
// this machine is secret.
func JSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false) // so that scripts can take out a link as it is
	_ = encoder.Encode(value)
}

// Page writes the page of that name as the answer.
func Page(w http.ResponseWriter, pages *template.Template, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src data:")
	_ = pages.ExecuteTemplate(w, name, data)
}
