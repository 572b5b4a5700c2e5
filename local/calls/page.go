package calls

import (
	"embed"
	"html/template"
	"net/http"

	"carechat/local/web"
)

var (
	//go:embed page
	files embed.FS
	pages = template.Must(template.ParseFS(files, "page/*.html"))
)

// Handler serves the page at /calls, what it shows as data at /calls/data, and the page's own files.
func (b *Board) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /calls", func(w http.ResponseWriter, _ *http.Request) { web.Page(w, pages, "calls.html", b.Seen()) })
	mux.HandleFunc("GET /calls/data", func(w http.ResponseWriter, _ *http.Request) { web.JSON(w, http.StatusOK, b.Seen()) })
	for _, name := range []string{"calls.js", "calls.css"} {
		mux.HandleFunc("GET /calls/"+name, func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, "page/"+name) })
	}
	return mux
}
