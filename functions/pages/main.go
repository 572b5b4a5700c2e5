// Command pages serves the member's page at /, the care managers' at /console, and their files under /static/.
package main

import (
	"context"
	"crypto/rand"
	"embed"
	"log/slog"
	"net/http"
	"os"
	"strings"

	"carechat/shared/env"

	"github.com/aws/aws-lambda-go/lambda"
)

// `make pages` makes the bundles in static/, which git ignores.
//
//go:generate go run ./build -C .
//go:embed static
var static embed.FS

// request is what this function reads of an HTTP API's event (payload 2.0).
type request struct {
	RouteKey       string            `json:"routeKey"`
	Headers        map[string]string `json:"headers"`
	PathParameters map[string]string `json:"pathParameters"`
	RequestContext struct {
		HTTP struct {
			Method string `json:"method"`
		} `json:"http"`
	} `json:"requestContext"`
}

// header returns a header's value, whatever the case of its name: AWS makes names lower-case, a local gateway may not.
func (r request) header(name string) string {
	for key, value := range r.Headers {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

type response struct {
	StatusCode      int               `json:"statusCode"`
	Headers         map[string]string `json:"headers"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

// routes answers each route of the API.
var routes = map[string]func(site, request) response{
	"ANY /":                 func(s site, r request) response { return s["member.html"].answer(r, http.StatusOK, asked) },
	"ANY /console":          site.console,
	"ANY /console/{proxy+}": site.console,
	"ANY /static/{proxy+}":  site.file,
	"ANY /{proxy+}":         func(s site, r request) response { return s["missing.html"].answer(r, http.StatusNotFound, never) },
}

// How long a browser may keep a file: it asks for a page each time, and never again for a file with a hash in its name.
const (
	asked   = "no-cache"
	never   = "no-store"
	forever = "public, max-age=31536000, immutable"
)

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	s := load(static)
	if s["member.html"].plain == "" {
		slog.Error("static/ holds no page: run `make pages` before building")
		os.Exit(1)
	}
	if err := s.withConsole(env.Text("CONSOLE_ISSUERS")); err != nil {
		slog.Error("CONSOLE_ISSUERS is wrong", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(s.handle)
}

func (s site) handle(_ context.Context, r request) (response, error) {
	answer := s.answer(r)
	id := rand.Text()
	for name, value := range security {
		if _, own := answer.Headers[name]; !own {
			answer.Headers[name] = value
		}
	}
	answer.Headers["X-Request-Id"] = id
	slog.Info("request", "function", "pages", "requestId", id, "route", r.RouteKey, "status", answer.StatusCode)
	return answer, nil
}

// answer returns the response to a GET. A HEAD gets it without the body.
func (s site) answer(r request) response {
	answer := text(http.StatusNotFound)
	if serve, ok := routes[r.RouteKey]; ok {
		answer = serve(s, r)
	}
	switch r.RequestContext.HTTP.Method {
	case http.MethodGet:
	case http.MethodHead:
		answer.Body, answer.IsBase64Encoded = "", false
	default:
		answer = text(http.StatusMethodNotAllowed)
		answer.Headers["Allow"] = "GET, HEAD"
	}
	return answer
}

func (s site) file(r request) response {
	file, lasting, found := s.find(r.PathParameters["proxy"])
	switch {
	case !found:
		return text(http.StatusNotFound)
	case lasting:
		return file.answer(r, http.StatusOK, forever)
	default:
		return file.answer(r, http.StatusOK, asked)
	}
}

// answer returns the file with a weak ETag, because the file and its gzip share one.
func (a asset) answer(r request, status int, keep string) response {
	headers := map[string]string{"ETag": `W/"` + a.hash + `"`, "Cache-Control": keep, "Vary": "Accept-Encoding"}
	if status == http.StatusOK && strings.Contains(r.header("If-None-Match"), `"`+a.hash+`"`) {
		return response{StatusCode: http.StatusNotModified, Headers: headers}
	}
	headers["Content-Type"] = a.contentType
	if strings.Contains(r.header("Accept-Encoding"), "gzip") {
		headers["Content-Encoding"] = "gzip"
		return response{StatusCode: status, Headers: headers, Body: a.zipped, IsBase64Encoded: true}
	}
	return response{StatusCode: status, Headers: headers, Body: a.plain}
}

func text(status int) response {
	return response{
		StatusCode: status, Body: http.StatusText(status) + "\n",
		Headers: map[string]string{"Content-Type": "text/plain; charset=utf-8", "Cache-Control": never},
	}
}
