package contract

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func headers(more ...string) http.Header {
	all := http.Header{
		"X-Request-Id":              {"01KAX3M9B2C3D4E5F6G7H8J9K0"},
		"Cache-Control":             {"no-store"},
		"Strict-Transport-Security": {"max-age=63072000"},
		"X-Content-Type-Options":    {"nosniff"},
		"Content-Security-Policy":   {"default-src 'none'"},
		"Referrer-Policy":           {"no-referrer"},
		"Content-Type":              {"application/json"},
	}
	for i := 0; i < len(more); i += 2 {
		all.Set(more[i], more[i+1])
	}
	return all
}

const (
	dot      = `{"hasUnread":true,"threads":1,"messages":2}`
	notFound = `{"type":"urn:carechats:problem:not-found","title":"There is nothing here","status":404,"code":"not-found","requestId":"01KAX3M9B2C3D4E5F6G7H8J9K0"}`
)

func polled() http.Header { return headers("ETag", `"5tJp0XyR2aQe"`, "Poll-After", "10") }

func refused() http.Header { return headers("Content-Type", "application/problem+json") }

func TestCheck(t *testing.T) {
	token := http.Header{"Authorization": {"Bearer token"}}
	for name, test := range map[string]struct {
		method, path, sent string
		request            http.Header
		status             int
		answer             http.Header
		body               string
		want               string // part of the violation; empty: none
	}{
		"as it should be":         {"GET", "/v1/members/me/unread", "", token, 200, polled(), dot, ""},
		"an invented property":    {"GET", "/v1/members/me/unread", "", token, 200, polled(), `{"hasUnread":true,"threads":1,"messages":2,"secret":1}`, "secret"},
		"a missing property":      {"GET", "/v1/members/me/unread", "", token, 200, polled(), `{"hasUnread":true,"threads":1}`, "messages"},
		"a null":                  {"GET", "/v1/members/me/unread", "", token, 200, polled(), `{"hasUnread":true,"threads":1,"messages":null}`, "messages"},
		"a missing header":        {"GET", "/v1/members/me/unread", "", token, 200, headers("ETag", `"5tJp0XyR2aQe"`), dot, "Poll-After"},
		"a wrong header":          {"GET", "/v1/members/me/unread", "", token, 200, headers("ETag", `W/"1"`, "Poll-After", "10"), dot, "ETag"},
		"an undeclared status":    {"GET", "/v1/members/me/unread", "", token, 202, polled(), dot, "not declared"},
		"no token":                {"GET", "/v1/members/me/unread", "", nil, 200, polled(), dot, "bearer"},
		"no body on 304":          {"GET", "/v1/members/me/unread", "", token, 304, polled(), "", ""},
		"a 304 with a body":       {"GET", "/v1/members/me/unread", "", token, 304, polled(), dot, "no body"},
		"a 304 without a header":  {"GET", "/v1/members/me/unread", "", token, 304, headers(), "", "missing"},
		"an undeclared 304":       {"GET", "/v1/me", "", token, 304, polled(), "", "not declared"},
		"a refusal":               {"GET", "/v1/members/me/unread", "", token, 404, refused(), notFound, ""},
		"a refusal as JSON":       {"GET", "/v1/members/me/unread", "", token, 404, headers(), notFound, "application/json"},
		"a refusal of 404 on 403": {"GET", "/v1/members/me/unread", "", token, 403, refused(), notFound, "forbidden"},
		"a request refused":       {"PUT", "/v1/members/me/threads/t/read", `{"seq":"x"}`, token, 404, refused(), notFound, ""},
		"a wrong request taken":   {"PUT", "/v1/members/me/threads/t/read", `{"seq":1,"more":2}`, token, 200, headers(), `{"seq":1,"unreadCount":0}`, "more"},
		"a bad id taken":          {"GET", "/v1/members/a.b/unread", "", token, 200, polled(), dot, "memberId"},
		"no such path":            {"GET", "/v1/nothing", "", nil, 404, refused(), notFound, ""},
		"no such path, answered":  {"GET", "/v1/nothing", "", nil, 200, headers(), `{}`, "only 404 and 405"},
		"no such method":          {"DELETE", "/v1/tasks", "", nil, 405, refused(), `{}`, "Allow"},
		"API Gateway's own":       {"GET", "/v1/tasks", "", token, 503, http.Header{}, `{"message":"Service Unavailable"}`, ""},
		"its form, our header":    {"GET", "/v1/tasks", "", token, 503, headers("Retry-After", "1"), `{"message":"x"}`, "application/json"},
	} {
		t.Run(name, func(t *testing.T) {
			request := test.request.Clone()
			if test.sent != "" {
				request.Set("Content-Type", "application/json")
			}
			err := Check(Exchange{
				Method: test.method, URL: address(t, test.path), RequestHeader: request, RequestBody: []byte(test.sent),
				Status: test.status, Header: test.answer, Body: []byte(test.body),
			})
			switch {
			case test.want == "" && err != nil:
				t.Errorf("unexpected: %v", err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, want something about %q", err, test.want)
			}
		})
	}
}

// recorder is a testing.TB that keeps what is reported.
type recorder struct {
	testing.TB
	reports int
}

func (r *recorder) Errorf(string, ...any) { r.reports++ }

func TestProxy(t *testing.T) {
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, values := range polled() {
			w.Header()[name] = values
		}
		sent, _ := io.ReadAll(r.Body)
		io.WriteString(w, `{"echo":"`+string(sent)+`"}`)
	}))
	defer target.Close()
	kept := &recorder{TB: t}
	proxy := Proxy(kept, target.URL)
	for path, want := range map[string]int{"/": 0, "/static/app.js": 0, "/v1/members/me/unread": 1} {
		kept.reports = 0
		answer, err := http.Post(proxy.URL+path, "application/json", strings.NewReader("hello"))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if string(body) != `{"echo":"hello"}` {
			t.Errorf("%s: the answer came as %q", path, body)
		}
		if kept.reports != want {
			t.Errorf("%s: %d reports, want %d", path, kept.reports, want)
		}
	}
}

func TestSeen(t *testing.T) {
	before := Seen("getHealth", 200)
	_ = Check(Exchange{Method: "GET", URL: address(t, "/v1/health"), Status: 200, Header: headers(), Body: []byte(`{}`)})
	if got := Seen("getHealth", 200); got != before+1 {
		t.Errorf("seen %d times, want %d", got, before+1)
	}
	for _, missing := range Unseen(500) {
		if missing == "getHealth 200" || strings.HasSuffix(missing, " 500") {
			t.Errorf("%s is listed", missing)
		}
	}
}
