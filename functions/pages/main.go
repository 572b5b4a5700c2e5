// Command pages serves the member's page at / and the files that it is made of under /static/.
package main

import (
	"context"
	"crypto/rand"
	"embed"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"
)

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

// header finds a header whatever its case: AWS lowers names, a local gateway may not.
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

// asset is one file, ready to be answered. An HTTP API does not compress, so that is done here, once.
type asset struct{ contentType, etag, plain, zipped string }

// routes says which address under static/ an event asks for.
var routes = map[string]func(request) string{
	"GET /":                func(request) string { return "index.html" },
	"GET /static/{proxy+}": func(r request) string { return r.PathParameters["proxy"] },
}

// How long a browser may keep what it got: a page is asked for each time, what it names by its release never again.
const (
	asked   = "no-cache"
	forever = "public, max-age=31536000, immutable"
)

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	lambda.Start(load(static).handle)
}

func (s site) handle(_ context.Context, r request) (response, error) {
	answer := s.answer(r)
	id := rand.Text()
	maps.Copy(answer.Headers, security)
	answer.Headers["X-Request-Id"] = id
	slog.Info("request", "function", "pages", "requestId", id, "route", r.RouteKey, "status", answer.StatusCode)
	return answer, nil
}

func (s site) answer(r request) response {
	if r.RequestContext.HTTP.Method != http.MethodGet {
		refused := text(http.StatusMethodNotAllowed)
		refused.Headers["Allow"] = http.MethodGet
		return refused
	}
	if address, ok := routes[r.RouteKey]; ok {
		if file, lasting, ok := s.find(address(r)); ok {
			return file.answer(r, lasting)
		}
	}
	return text(http.StatusNotFound)
}

func (a asset) answer(r request, lasting bool) response {
	headers := map[string]string{"ETag": a.etag, "Cache-Control": asked, "Vary": "Accept-Encoding"}
	if lasting {
		headers["Cache-Control"] = forever
	}
	if strings.Contains(r.header("If-None-Match"), strings.TrimPrefix(a.etag, "W/")) {
		return response{StatusCode: http.StatusNotModified, Headers: headers}
	}
	headers["Content-Type"] = a.contentType
	if strings.Contains(r.header("Accept-Encoding"), "gzip") {
		headers["Content-Encoding"] = "gzip"
		return response{StatusCode: http.StatusOK, Headers: headers, Body: a.zipped, IsBase64Encoded: true}
	}
	return response{StatusCode: http.StatusOK, Headers: headers, Body: a.plain}
}

func text(status int) response {
	return response{
		StatusCode: status, Body: http.StatusText(status) + "\n",
		Headers: map[string]string{"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"},
	}
}
