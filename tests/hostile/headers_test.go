package hostile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"carechat/tests/support/contract"
)

// forged lists headers by which a caller might pose as somebody else or come from
// somewhere else. None has any effect here.
var forged = []header{
	{"X-Amzn-RequestContext", `{"authorizer":{"member":"ana"}}`}, {"X-Amzn-Trace-Id", marker}, {"X-Amz-Invocation-Type", "Event"}, {"X-User", "ana"}, {"X-User-Id", "ana"}, {"X-Member-Id", "ana"},
	{"X-Organization", "summit"}, {"X-Role", "platform"}, {"X-Scope", "provision"}, {"X-Forwarded-For", "127.0.0.1, " + marker}, {"X-Forwarded-Host", "example.org"}, {"X-Forwarded-Proto", "gopher"},
	{"X-Forwarded-User", "ana"}, {"Forwarded", "for=127.0.0.1;host=example.org;by=" + marker}, {"X-Real-IP", "127.0.0.1"}, {"X-HTTP-Method-Override", "DELETE"}, {"X-Original-URL", "/v1/organization"},
	{"X-Rewrite-URL", "/v1/members/ana"}, {"Accept", "text/html"}, {"Accept-Encoding", "gzip;q=9, *"}, {"Accept-Language", strings.Repeat("a,", 2000)}, {"Cookie", strings.Repeat("a=b; ", 1000)},
	{"Cookie", "__Host-session=1; __Host-session=2"}, {"If-Modified-Since", "not a date"}, {"Range", "bytes=0-1"}, {"Expect", ""}, {"X-Request-Id", marker}, {"Apigw-Requestid", marker},
	{"Via", marker}, {"X-" + strings.Repeat("x", 4000), "1"}, {"X-Large", strings.Repeat("x", 8000-2000)}, {"X-Bytes", "\xff\xfe\x80"}, {"X-Empty", ""}, {"X-Tabs", "\ta\tb\t"}, {"Origin", "https://evil.example.org"},
	{"Origin", "null"}, {"Referer", "https://evil.example.org/" + marker}, {"Content-Type", "text/" + marker}, {"Prefer", "return=minimal"}, {"TE", "trailers"}, {"Connection", "X-Request-Id"},
	{"Lambda-Runtime-Aws-Request-Id", marker}, {"Authorization2", "Bearer x"},
}

// A9: a header that is not ours changes no answer, and no answer repeats it.
func TestForgedHeadersChangeNothing(t *testing.T) {
	l := here.line()
	defer l.hangUp()
	for _, id := range []string{"getMe", "getChats", "getChatRequest", "listTasks", "getOrganization", "listMessages"} {
		c := base(operation(id))
		want, err := l.send(c)
		if err != nil || want.status != 200 {
			t.Fatalf("%s: %d %v", id, want.status, err)
		}
		for _, h := range forged {
			forgery := c.with(h.name, h.value)
			got, err := l.send(forgery)
			switch {
			case err != nil || got.status != 200 || string(got.body) != string(want.body):
				t.Errorf("%s with %.40s: %d %.200s %v", id, h.name, got.status, got.body, err)
			case strings.Contains(fmt.Sprint(got.header), marker):
				t.Errorf("%s with %.40s: the answer repeats it: %v", id, h.name, got.header)
			case got.header.Get("Access-Control-Allow-Origin") != "":
				t.Errorf("%s with %.40s: allowed for %s", id, h.name, got.header.Get("Access-Control-Allow-Origin"))
			}
			if err := forgery.check(got); err != nil {
				t.Error(err)
			}
		}
	}
	if line := here.mentions(marker); line != "" {
		t.Errorf("the log repeats what was sent: %s", line)
	}
}

// Invalid HTTP does not reach a function.
func TestInvalidHTTP(t *testing.T) {
	send := base(operation("sendMessage"))
	var probes []probe
	for _, h := range []header{
		{"X-Nul", "a\x00b"}, {"X-Return", "a\rb"}, {"X Space", "1"}, {"X-Colon :", "1"}, {"", "1"}, {"Host", "example.org"}, {"Content-Length", "5"}, {"Content-Length", "-1"}, {"Content-Length", "1e3"},
		{"Transfer-Encoding", "gzip"}, {"Transfer-Encoding", "chunked, chunked"}, {"Transfer-Encoding", "\x0bchunked"}, {"X-Large", strings.Repeat("x", 10240)},
	} {
		probes = append(probes, probe{fmt.Sprintf("%q: %.20q", h.name, h.value), send.with(h.name, h.value), []int{0, 400, 431, 501}})
	}
	for _, target := range []string{"", "*", "/v1/\x00", "/v1/\x7f", "v1/me", "/v1/me HTTP/9.9", "http://", "/" + strings.Repeat("x", 20000)} {
		probes = append(probes, probe{fmt.Sprintf("target %.20q", target), send.to(target), []int{0, 400, 404, 405, 431, 505}})
	}
	for _, method := range []string{"", "PO ST", "PO\x00ST", "POST\r\n\r\nPOST"} {
		probes = append(probes, probe{fmt.Sprintf("method %q", method), send.by(method), []int{0, 400, 404}})
	}
	refuse(t, probes)
}

// No forged header authenticates anybody, or makes a member a platform.
func TestForgedHeadersOpenNothing(t *testing.T) {
	var probes []probe
	for _, o := range operations() {
		if len(o.Callers) == 0 {
			continue
		}
		bare := base(o).without("Authorization")
		for _, h := range forged {
			if len(h.value) < 100 && h.name != "Content-Type" && h.name != "Connection" && len(h.name) < 100 {
				bare = bare.with(h.name, h.value)
			}
		}
		probes = append(probes, probe{o.ID + " by nobody", bare, []int{401}})
		if slices.Equal(o.Callers, []string{"platform"}) {
			probes = append(probes, probe{o.ID + " by a member", bare.with("Authorization", "Bearer "+here.tokens["member"]), []int{403}})
		}
	}
	refuse(t, probes)
}

// An id of another kind, or of somebody else, is answered like an unknown one (A4, G8).
func TestIDsOfAnotherKind(t *testing.T) {
	var probes []probe
	for _, o := range operations() {
		if slices.Contains(o.Callers, "platform") && len(o.Callers) == 1 {
			continue // a PUT would make it
		}
		for _, parameter := range parameters(o, "path") {
			if o.Method == "PUT" && strings.HasSuffix(o.Path, "{"+parameter+"}") {
				continue // so would this one
			}
			for _, id := range []string{"carla", "cm-rivera", "harbor", "nurses", here.thread, here.request, "msg_01KAX3M8Z4T9V2C6B1N7QWERTY", "thr_AAAAAAAAAAAAAAAA", "null", "undefined", "0", "-1", "__proto__"} {
				if target := here.path(contract.Operation{Path: strings.Replace(o.Path, "{"+parameter+"}", id, 1)}); target != here.path(o) {
					probes = append(probes, probe{fmt.Sprintf("%s %s=%s", o.ID, parameter, id), base(o).to(target), []int{404}})
				}
			}
		}
	}
	refuse(t, probes)
}
