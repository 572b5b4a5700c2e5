package apigw

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"carechat/shared/problem"
)

type somebody struct{ id string }

func (s somebody) LogCaller() (string, string, string) { return "member", "harbor", s.id }

type noteIn struct {
	MemberID string `path:"memberId" json:"-"`
	Limit    *int   `query:"limit" json:"-"`
	State    string `query:"state" json:"-"`
	IfMatch  string `header:"if-match" json:"-"`
	noteText
	Note string `json:"note,omitempty"`
	Seq  *int   `json:"seq"`
	Deep any    `json:"deep"`
	Days map[string]struct {
		From string `json:"from"`
	} `json:"days"`
}

type noteText struct {
	Text string `json:"text"`
}

type fixture struct {
	*Function[somebody]
	log bytes.Buffer
	got noteIn
}

// newFixture is a function with a route of each sort.
func newFixture(answer func(noteIn) (Answer, error)) *fixture {
	f := &fixture{}
	handler := func(_ context.Context, _ somebody, in noteIn) (Answer, error) {
		f.got = in
		return answer(in)
	}
	f.Function = &Function[somebody]{
		Name: "fixture", Log: slog.New(slog.NewJSONHandler(&f.log, nil)),
		Authenticate: func(_ context.Context, bearer string, _ bool) (somebody, error) {
			if bearer != "good" {
				return somebody{}, problem.New(problem.NotAuthenticated)
			}
			return somebody{"ana"}, nil
		},
		Routes: Routes[somebody]{
			"POST /v1/members/{memberId}/notes": Handle(handler),
			"GET /v1/members/{memberId}/notes": Handle(func(_ context.Context, _ somebody, _ struct{}) (Answer, error) {
				return answer(noteIn{})
			}),
		},
	}
	return f
}

type call struct {
	Method, Body   string
	Member         string // "" is me
	Headers, Query map[string]string
	Base64         bool
}

type answered struct {
	StatusCode int
	Headers    map[string]string
	Body       string
	Problem    struct {
		Code, Reason, Detail, RequestID string
		Errors                          []struct{ Pointer, Code, Detail string }
	}
}

func (f *fixture) call(t *testing.T, c call) answered {
	t.Helper()
	headers := map[string]string{"AUTHORIZATION": "Bearer good", "Content-Type": "application/json"}
	for name, value := range c.Headers {
		headers[name] = value
	}
	event, err := json.Marshal(map[string]any{
		"version": "2.0", "routeKey": c.Method + " /v1/members/{memberId}/notes", "headers": headers,
		"queryStringParameters": c.Query, "pathParameters": map[string]string{"memberId": cmp.Or(c.Member, "me")},
		"body": c.Body, "isBase64Encoded": c.Base64,
		"requestContext": map[string]any{"http": map[string]any{"method": c.Method}, "requestId": "of-the-gateway"},
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := f.Invoke(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	var a answered
	if err := json.Unmarshal(out, &a); err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal([]byte(a.Body), &a.Problem)
	return a
}

func echo(noteIn) (Answer, error) { return Answer{Status: 200, Body: map[string]string{"a": "b"}}, nil }

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	refuse := func(noteIn) (Answer, error) { return Answer{}, problem.New(problem.NotFound) }
	panics := func(noteIn) (Answer, error) { panic("a secret") }
	for _, f := range []*fixture{newFixture(echo), newFixture(refuse), newFixture(panics)} {
		a := f.call(t, call{Method: "POST", Body: "{}"})
		for name := range headers("") {
			if a.Headers[name] == "" {
				t.Errorf("%d has no %s (A9)", a.StatusCode, name)
			}
		}
	}
}

func TestWhatGoesWrongOnOurSideIsOpaque(t *testing.T) {
	for name, answer := range map[string]func(noteIn) (Answer, error){
		"an error": func(noteIn) (Answer, error) { return Answer{}, errors.New("table chats: secret") },
		"a panic":  func(noteIn) (Answer, error) { panic("secret") },
		"a body that cannot be encoded": func(noteIn) (Answer, error) {
			return Answer{Status: 200, Body: func() {}}, nil
		},
	} {
		f := newFixture(answer)
		a := f.call(t, call{Method: "POST", Body: "{}"})
		if a.StatusCode != 500 || a.Problem.Code != "internal" || strings.Contains(a.Body, "secret") {
			t.Errorf("%s: got %d %s", name, a.StatusCode, a.Body)
		}
		if !strings.Contains(f.log.String(), `"cause"`) {
			t.Errorf("%s: the log does not say why", name)
		}
	}
}

func TestAPanicsWordsStayOutOfTheLog(t *testing.T) {
	f := newFixture(func(in noteIn) (Answer, error) { panic(in.Text) })
	f.call(t, call{Method: "POST", Body: `{"text":"my feet tingle"}`})
	if strings.Contains(f.log.String(), "tingle") {
		t.Error("the log holds what a person wrote")
	}
}

// A8: a 401 says what is wrong with a token, in the problem, in WWW-Authenticate and in the log.
func TestARefusedTokensReason(t *testing.T) {
	for reason, want := range map[string]string{
		"":        "Bearer",
		"expired": `Bearer error="invalid_token", error_description="expired"`,
	} {
		f := newFixture(echo)
		f.Authenticate = func(context.Context, string, bool) (somebody, error) {
			return somebody{}, problem.WithReason(problem.NotAuthenticated, reason)
		}
		a := f.call(t, call{Method: "POST", Body: "{}"})
		if a.StatusCode != 401 || a.Headers["WWW-Authenticate"] != want || a.Problem.Reason != reason {
			t.Errorf("%s: %d %v %s", reason, a.StatusCode, a.Headers, a.Body)
		}
		if logged := strings.Contains(f.log.String(), `"reason":"`+reason+`"`); logged != (reason != "") {
			t.Errorf("%s: the log is %s", reason, f.log.String())
		}
	}
}

func TestOneWideLinePerRequest(t *testing.T) {
	f := newFixture(func(noteIn) (Answer, error) { return Answer{}, problem.New(problem.RequestClosed) })
	f.Meter = func(ctx context.Context) (context.Context, func() float64) { return ctx, func() float64 { return 7.5 } }
	f.call(t, call{Method: "POST", Body: `{}`})
	var line map[string]any
	if err := json.Unmarshal(f.log.Bytes(), &line); err != nil {
		t.Fatalf("not one line of JSON: %v", err)
	}
	for name, want := range map[string]any{
		"function": "fixture", "status": 409.0, "code": "request-closed", "callerId": "ana", "organization": "harbor",
		"memberId": "ana", "cold": true, "route": "POST /v1/members/{memberId}/notes", "apiRequestId": "of-the-gateway",
		"units": 7.5,
	} {
		if line[name] != want {
			t.Errorf("%s is %v, want %v", name, line[name], want)
		}
	}
}

func TestNobodyIsAskedBeforeTheyAreKnown(t *testing.T) {
	f := newFixture(echo)
	a := f.call(t, call{Method: "POST", Body: "not json", Headers: map[string]string{"AUTHORIZATION": "Bearer bad"}})
	if a.StatusCode != 401 || a.Headers["WWW-Authenticate"] == "" {
		t.Errorf("got %d", a.StatusCode)
	}
}

func TestVersionsAndPolling(t *testing.T) {
	version := newFixture(func(noteIn) (Answer, error) {
		return Answer{Status: 201, Version: 3, Location: "/x", Replayed: true}, nil
	})
	a := version.call(t, call{Method: "POST", Body: "{}"})
	if a.Headers["ETag"] != `"3"` || a.Headers["Location"] != "/x" || a.Headers["Idempotent-Replayed"] != "true" {
		t.Errorf("got %v", a.Headers)
	}
	if after, polled := a.Headers["Poll-After"]; polled {
		t.Errorf("to be polled after %q", after)
	}
	polled := newFixture(func(noteIn) (Answer, error) {
		return Answer{Status: 200, Body: []int{1}, Poll: 4 * time.Second}, nil
	})
	first := polled.call(t, call{Method: "GET"})
	if first.Headers["Poll-After"] != "4" || first.Headers["ETag"] == "" {
		t.Fatalf("got %v", first.Headers)
	}
	for header, want := range map[string]int{
		first.Headers["ETag"]: 304, "W/" + first.Headers["ETag"]: 304, `"x", ` + first.Headers["ETag"]: 304, "*": 304, `"x"`: 200,
	} {
		a := polled.call(t, call{Method: "GET", Headers: map[string]string{"If-None-Match": header}})
		if a.StatusCode != want || a.StatusCode == 304 && (a.Body != "" || a.Headers["Poll-After"] != "4") {
			t.Errorf("%s: got %d %q", header, a.StatusCode, a.Body)
		}
	}
}

// A7: polling keeps no session alive.
func TestPollingExtendsNoSession(t *testing.T) {
	for name, c := range map[string]struct {
		call    call
		extends bool
	}{
		"a look":           {call{Method: "GET"}, true},
		"a look for news":  {call{Method: "GET", Headers: map[string]string{"If-None-Match": `"x"`}}, false},
		"something to say": {call{Method: "POST", Body: "{}", Headers: map[string]string{"If-None-Match": `"x"`}}, true},
	} {
		f := newFixture(echo)
		extended := !c.extends
		f.Authenticate = func(_ context.Context, _ string, extend bool) (somebody, error) {
			extended = extend
			return somebody{"ana"}, nil
		}
		if f.call(t, c.call); extended != c.extends {
			t.Errorf("%s extends: %v", name, extended)
		}
	}
}

// A caller who waits exactly as long as Retry-After says has waited long enough.
func TestATimeToWaitIsRoundedUp(t *testing.T) {
	for wait, want := range map[time.Duration]string{time.Millisecond: "1", time.Second: "1", time.Second + 1: "2", time.Hour - 1: "3600"} {
		f := newFixture(func(noteIn) (Answer, error) {
			return Answer{}, &problem.Problem{Code: problem.TooManyRequests, RetryAfter: wait}
		})
		if got := f.call(t, call{Method: "POST", Body: "{}"}).Headers["Retry-After"]; got != want {
			t.Errorf("%v: Retry-After %s", wait, got)
		}
	}
}

func TestEveryKindOfProblemHasAStatus(t *testing.T) {
	for code, meaning := range problem.Meanings {
		if statuses[meaning.Kind] == 0 || meaning.Title == "" {
			t.Errorf("%s has no status or no title", code)
		}
	}
}

func TestCursorsBelongToWhoeverAskedForThem(t *testing.T) {
	c := Cursor("TASK-5", "member", "ana", "tasks")
	if p, err := Position(c, "member", "ana", "tasks"); err != nil || p != "TASK-5" {
		t.Errorf("got %q, %v", p, err)
	}
	flipped := []byte(c)
	flipped[len(flipped)-1] ^= 1
	for name, err := range map[string]error{
		"somebody else's": positionError(c, "member", "ben", "tasks"),
		"another list's":  positionError(c, "member", "ana", "inbox"),
		"damaged":         positionError(string(flipped), "member", "ana", "tasks"),
		"cut":             positionError(c[:8], "member", "ana", "tasks"),
		"no base64":       positionError("!!!", "member", "ana", "tasks"),
	} {
		if !problem.Is(err, problem.InvalidCursor) {
			t.Errorf("%s: got %v", name, fmt.Sprint(err))
		}
	}
}

func positionError(cursor string, scope ...string) error {
	_, err := Position(cursor, scope...)
	return err
}

// The scheme of a token is Bearer in any case (RFC 9110, 11.1).
func TestTheSchemeOfATokenHasAnyCase(t *testing.T) {
	for header, want := range map[string]string{
		"Bearer good": "good", "BEARER good": "good", "bearer  good ": "good", "Basic good": "", "good": "", "Bearergood": "", "": "",
	} {
		r := &Request{headers: map[string]string{"authorization": header}}
		if got := r.Bearer(); got != want {
			t.Errorf("%q is %q", header, got)
		}
	}
}
