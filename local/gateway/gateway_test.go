package gateway

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"carechat/local/lambda"
	"carechat/local/template"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
)

func TestRoutes(t *testing.T) {
	routes := sorted([]template.Route{
		{Method: "ANY", Path: "/v1/{proxy+}", Function: "fallback"}, {Method: "GET", Path: "/", Function: "pages"},
		{Method: "GET", Path: "/static/{proxy+}", Function: "pages"}, {Method: "GET", Path: "/v1/members/{memberId}/chats", Function: "list"},
		{Method: "GET", Path: "/v1/members/{memberId}", Function: "directory"}, {Method: "GET", Path: "/v1/members/me", Function: "own"},
		{Method: "DELETE", Path: "/v1/sessions/current", Function: "session"}, {Method: "ANY", Path: "/v1/members/{memberId}", Function: "any"},
	})
	for _, test := range []struct {
		request, function string
		parameters        map[string]string
	}{
		{"GET /", "pages", nil},
		{"HEAD /", "", nil},
		{"GET /nowhere", "", nil},
		{"GET /static/a/b.js", "pages", map[string]string{"proxy": "a/b.js"}},
		{"GET /static/", "", nil},
		{"GET /v1/members/ana/chats", "list", map[string]string{"memberId": "ana"}},
		{"GET /v1/members/a%20b/chats", "list", map[string]string{"memberId": "a b"}},
		{"GET /v1/members/a%2Fchats", "directory", map[string]string{"memberId": "a/chats"}},
		{"GET /v1/members/me", "own", nil},
		{"PUT /v1/members/me", "any", map[string]string{"memberId": "me"}},
		{"GET /v1/members//chats", "fallback", map[string]string{"proxy": "members//chats"}},
		{"GET /v1/members/ana/chats/", "fallback", map[string]string{"proxy": "members/ana/chats/"}},
		{"POST /v1/sessions/current", "fallback", map[string]string{"proxy": "sessions/current"}},
		{"TRACE /v1/x", "fallback", map[string]string{"proxy": "x"}},
	} {
		method, path, _ := strings.Cut(test.request, " ")
		function := ""
		found, parameters := match(routes, method, path)
		if found != nil {
			function = found.Function
		}
		if diff := cmp.Diff(test.parameters, parameters); function != test.function || diff != "" && len(parameters)+len(test.parameters) > 0 {
			t.Errorf("%s: %q %s", test.request, function, diff)
		}
	}
}

// answering returns a gateway with one function, which gives this answer, and the
// place of the last event that the function got.
func answering(answer string, err error) (Gateway, *events.APIGatewayV2HTTPRequest) {
	var seen events.APIGatewayV2HTTPRequest
	cors := template.CORS{
		AllowOrigins: []string{"http://localhost:*"}, AllowMethods: []string{"GET", "PUT"},
		AllowHeaders: []string{"authorization", "if-match"}, ExposeHeaders: []string{"etag"}, MaxAge: 600,
	}
	invoke := func(_ context.Context, _ string, payload []byte) ([]byte, error) {
		seen = events.APIGatewayV2HTTPRequest{}
		_ = json.Unmarshal(payload, &seen)
		return []byte(answer), err
	}
	return New([]template.Route{{Method: "ANY", Path: "/v1/{proxy+}", Function: "f"}}, cors, invoke), &seen
}

func TestEvent(t *testing.T) {
	g, seen := answering(`{"statusCode": 200}`, nil)
	r := httptest.NewRequest("PUT", "/v1/a%20b?x=1&x=2&y=%26", strings.NewReader("hé"))
	r.Header = http.Header{"X-Two": {"1", "2"}, "Authorization": {"Bearer t"}, "Cookie": {"a=1; b=2"}}
	g.ServeHTTP(httptest.NewRecorder(), r)
	if seen.RequestContext.RequestID == "" || seen.RequestContext.TimeEpoch == 0 {
		t.Errorf("%+v", seen.RequestContext)
	}
	for name, pair := range map[string][2]any{
		"version": {seen.Version, "2.0"}, "routeKey": {seen.RouteKey, "ANY /v1/{proxy+}"}, "path": {seen.RawPath, "/v1/a b"},
		"rawQueryString": {seen.RawQueryString, "x=1&x=2&y=%26"}, "query": {seen.QueryStringParameters, map[string]string{"x": "1,2", "y": "&"}},
		"parameters": {seen.PathParameters, map[string]string{"proxy": "a b"}}, "cookies": {seen.Cookies, []string{"a=1", "b=2"}},
		"headers": {seen.Headers["x-two"] + " " + seen.Headers["authorization"] + seen.Headers["cookie"], "1,2 Bearer t"},
		"body":    {seen.Body, "hé"}, "method": {seen.RequestContext.HTTP.Method, "PUT"}, "address": {seen.RequestContext.HTTP.SourceIP, "192.0.2.1"},
	} {
		if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	g.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/v1/x", strings.NewReader("\xff")))
	if seen.Body != "/w==" || !seen.IsBase64Encoded {
		t.Errorf("a body that is not UTF-8 arrives as %q", seen.Body)
	}
}

func TestAnswers(t *testing.T) {
	for _, test := range []struct {
		name, answer string
		err          error
		status       int
		body         string
	}{
		{"whole", `{"statusCode": 201, "headers": {"content-type": "application/json"}, "body": "{}"}`, nil, 201, "{}"},
		{"binary", `{"statusCode": 200, "body": "AP8=", "isBase64Encoded": true}`, nil, 200, "\x00\xff"},
		{"inferred", `{"a": 1}`, nil, 200, `{"a": 1}`},
		{"no status", `{"statusCode": 42}`, nil, 500, `{"message":"Internal Server Error"}` + "\n"},
		{"failed", ``, &lambda.FunctionError{}, 500, `{"message":"Internal Server Error"}` + "\n"},
		{"busy", ``, lambda.ErrBusy, 503, `{"message":"Service Unavailable"}` + "\n"},
	} {
		g, _ := answering(test.answer, test.err)
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest("GET", "/v1/x", nil))
		if w.Code != test.status || w.Body.String() != test.body {
			t.Errorf("%s: %d %q", test.name, w.Code, w.Body)
		}
	}
	g, _ := answering(`{"statusCode": 200}`, nil)
	w := httptest.NewRecorder()
	g.ServeHTTP(w, httptest.NewRequest("GET", "/elsewhere", nil))
	if w.Code != 404 || w.Body.String() != `{"message":"Not Found"}`+"\n" {
		t.Errorf("no route: %d %s", w.Code, w.Body)
	}
	w = httptest.NewRecorder()
	g.ServeHTTP(w, httptest.NewRequest("POST", "/v1/x", io.LimitReader(zeros{}, maxBody+1)))
	if w.Code != 413 {
		t.Errorf("11 MB: %d", w.Code)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestCORS(t *testing.T) {
	g, _ := answering(`{"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}}`, nil)
	for _, test := range []struct{ method, origin, asked, allowed, exposed, methods string }{
		{"GET", "http://localhost:5173", "", "http://localhost:5173", "etag", ""},
		{"GET", "http://localhost.example.org:1", "", "", "", ""},
		{"GET", "http://localhost:1.example.org", "", "", "", ""},
		{"GET", "", "", "", "", ""},
		{"OPTIONS", "http://localhost:1", "PUT", "http://localhost:1", "", "GET,PUT"},
		{"OPTIONS", "https://evil.example.org", "PUT", "", "", ""},
		{"OPTIONS", "http://localhost:1", "", "http://localhost:1", "etag", ""}, // no preflight: the function answers
	} {
		r := httptest.NewRequest(test.method, "/v1/x", nil)
		for name, value := range map[string]string{"Origin": test.origin, "Access-Control-Request-Method": test.asked} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r)
		h := w.Header()
		if h.Get("Access-Control-Allow-Origin") != test.allowed || h.Get("Access-Control-Expose-Headers") != test.exposed ||
			h.Get("Access-Control-Allow-Methods") != test.methods || (w.Code == 204) != (test.asked != "") {
			t.Errorf("%+v: %d %v", test, w.Code, h)
		}
	}
}
