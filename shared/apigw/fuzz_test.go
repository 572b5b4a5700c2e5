package apigw

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"carechat/shared/problem"
)

// details are all that a problem may say of a body: constants (A8).
var details = regexp.MustCompile(`^(the body is (not valid UTF-8|nested too deeply|not one valid JSON value))?$`)

// bodies are seeds: one of each kind that decoders get wrong (A5).
var bodies = []string{
	`{}`, `{"text":"hi","seq":3,"deep":[{"a":1.5}],"labels":{"en":"x"}}`, `null`, `{"text":null}`, `{"text":"a","text":"b"}`, `{"text":"a","te\u0078t":"b"}`,
	`{"TEXT":"a"}`, `{"teſt":"a"}`, `{"__proto__":{"text":"a"}}`, `{"seq":9007199254740993}`, `{"seq":-0}`, `{"seq":1.0}`, `{"seq":1e2}`,
	`{"seq":9223372036854775808}`, `{"deep":1e400}`, `{"deep":NaN}`, `{"text":"\ud800"}`, "{\"text\":\"\xff\xfe\"}", "{\"text\":\"\xc0\xaf\"}",
	"\ufeff{}", `{}{}`, `{} x`, `{"text":"a",}`, `{'text':'a'}`, `{/**/}`, `{"text":"\u0000"}`, `{"labels":{"secretname":7}}`,
	`{"deep":` + strings.Repeat("[", 15) + strings.Repeat("]", 15) + `}`, strings.Repeat("[", 300),
}

// FuzzBody: whatever the bytes, the answer is 200 or a 4xx that repeats
// nothing; and an accepted body is decoded as encoding/json would (A5, A8).
func FuzzBody(f *testing.F) {
	for _, body := range bodies {
		f.Add([]byte(body), "application/json")
	}
	f.Add([]byte(`{}`), "application/json; charset=utf-7")
	f.Add([]byte(`text=hi`), "application/x-www-form-urlencoded")
	f.Fuzz(func(t *testing.T, body []byte, media string) {
		var taken paper
		status, p := post(t, body, media, &taken)
		switch {
		case status == 200:
			sameAsEncodingJSON(t, body, taken)
		case status < 400 || status > 499:
			t.Fatalf("%d %+v for %q", status, p, body)
		case !details.MatchString(p.Detail):
			t.Fatalf("%q repeats what was sent: %q", p.Detail, body)
		}
	})
}

// paper is a body with a value of each sort.
type paper struct {
	Text   string            `json:"text"`
	Seq    *int              `json:"seq"`
	Deep   any               `json:"deep"`
	Labels map[string]string `json:"labels"`
}

// post sends bytes to a route that takes a paper, as API Gateway does.
func post(t *testing.T, body []byte, media string, taken *paper) (int, problemBody) {
	t.Helper()
	f := Function[somebody]{
		Log: slog.New(slog.DiscardHandler),
		Routes: Routes[somebody]{"POST /v1/papers": Public[somebody](func(_ context.Context, _ *Request, in paper) (Answer, error) {
			*taken = in
			return Answer{Status: 200, Body: in}, nil
		})},
	}
	event, err := json.Marshal(map[string]any{
		"routeKey": "POST /v1/papers", "headers": map[string]string{"content-type": media},
		"body": base64.StdEncoding.EncodeToString(body), "isBase64Encoded": true,
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := f.Invoke(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	var got response
	var p problemBody
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got.Body), &p); got.StatusCode != 200 && err != nil {
		t.Fatal(err)
	}
	return got.StatusCode, p
}

// sameAsEncodingJSON compares what was taken with another reader's view, and
// sends it once more.
func sameAsEncodingJSON(t *testing.T, body []byte, got paper) {
	t.Helper()
	var want paper
	if err := json.Unmarshal(body, &want); err != nil {
		t.Fatalf("%q was taken: %v", body, err)
	}
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%q was read in another way: %s", body, d)
	}
	again, err := json.Marshal(map[string]string{"text": got.Text})
	if err != nil {
		t.Fatal(err)
	}
	var back paper
	if status, p := post(t, again, "application/json", &back); len(again) <= maxBody && (status != 200 || back.Text != got.Text) {
		t.Fatalf("%q does not come back: %d %q", got.Text, status, p.Detail)
	}
}

// FuzzCursor: a cursor opens for whoever it was made for and for nobody else,
// and any other text is refused (A7).
func FuzzCursor(f *testing.F) {
	f.Add("TASK#2026-03-02T12:00:00.000Z#ana#req_1", "careManager", "cm-rivera", "")
	f.Add("x", "a", "b", "AAAAAAAAAAAAAAAA")
	f.Add("\x00", "", "\x00", "////")
	f.Add("{\"PK\":\"ORG#summit\"}", "platform", "harbor", "e30")
	f.Fuzz(func(t *testing.T, position, kind, id, other string) {
		cursor := Cursor(position, kind, id)
		if got, err := Position(cursor, kind, id); err != nil || got != position {
			t.Fatalf("%q came back as %q, %v", position, got, err)
		}
		if other != cursor && other != "" {
			if got, err := Position(other, kind, id); err == nil && Cursor(got, kind, id) != other {
				t.Fatalf("%q opens as %q", other, got)
			} else if err != nil && !problem.Is(err, problem.InvalidCursor) {
				t.Fatal(err)
			}
		}
		if position == "" {
			return
		}
		for _, scope := range [][]string{{kind, id, ""}, {kind, id + "x"}, {"x" + kind, id}, {kind}} {
			if _, err := Position(cursor, scope...); err == nil {
				t.Fatalf("%q of %q opens for %q", position, []string{kind, id}, scope)
			}
		}
		flipped := []byte(cursor)
		flipped[len(flipped)/2] ^= 1
		if got, err := Position(string(flipped), kind, id); err == nil && got == position {
			t.Fatalf("%q opens with a bit flipped", cursor)
		}
	})
}
