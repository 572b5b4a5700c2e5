package apigw

import (
	"carechat/shared/problem"
	"cmp"
	"encoding/base64"
	"strings"
	"testing"
)

// A5, case by case.
func TestStrictDecoding(t *testing.T) {
	big := `{"text":"` + strings.Repeat("x", maxBody-11) + `"}`
	nested := func(n int) string {
		return `{"deep":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}`
	}
	for name, c := range map[string]struct {
		call   call
		status int
		code   problem.Code
	}{
		"good":                      {call{Body: `{"text":"hi","seq":3}`}, 200, ""},
		"good, as base64":           {call{Body: base64.StdEncoding.EncodeToString([]byte(`{"text":"hi"}`)), Base64: true}, 200, ""},
		"with a charset":            {call{Body: `{}`, Headers: map[string]string{"content-type": "application/json; charset=UTF-8"}}, 200, ""},
		"64 KiB":                    {call{Body: big}, 200, ""},
		"64 KiB and one":            {call{Body: big + " "}, 413, problem.BodyTooLarge},
		"nothing":                   {call{}, 400, problem.MalformedJSON},
		"no JSON":                   {call{Body: `text=hi`}, 400, problem.MalformedJSON},
		"bad base64":                {call{Body: `%%%`, Base64: true}, 400, problem.MalformedJSON},
		"an unknown member":         {call{Body: `{"texts":"hi"}`}, 422, problem.ValidationFailed},
		"a member in another case":  {call{Body: `{"Text":"hi"}`}, 422, problem.ValidationFailed},
		"a member twice":            {call{Body: `{"text":"a","text":"b"}`}, 422, problem.ValidationFailed},
		"twice by an escape":        {call{Body: `{"text":"a","te\u0078t":"b"}`}, 422, problem.ValidationFailed},
		"a path member in the body": {call{Body: `{"memberId":"victim"}`}, 422, problem.ValidationFailed},
		"null":                      {call{Body: `null`}, 422, problem.ValidationFailed},
		"null inside":               {call{Body: `{"text":null}`}, 422, problem.ValidationFailed},
		"two values":                {call{Body: `{}{}`}, 400, problem.MalformedJSON},
		"an array":                  {call{Body: `[]`}, 422, problem.ValidationFailed},
		"cut short":                 {call{Body: `{"text":"hi`}, 400, problem.MalformedJSON},
		"a number for a text":       {call{Body: `{"text":1}`}, 422, problem.ValidationFailed},
		"a text for a number":       {call{Body: `{"seq":"1"}`}, 422, problem.ValidationFailed},
		"a fraction for a number":   {call{Body: `{"seq":1.5}`}, 422, problem.ValidationFailed},
		"beyond any number":         {call{Body: `{"seq":9223372036854775808}`}, 422, problem.ValidationFailed},
		"not UTF-8":                 {call{Body: base64.StdEncoding.EncodeToString([]byte("{\"text\":\"\xff\"}")), Base64: true}, 400, problem.MalformedJSON},
		"a lone surrogate":          {call{Body: `{"text":"\ud800"}`}, 400, problem.MalformedJSON},
		"16 deep":                   {call{Body: nested(15)}, 200, ""},
		"17 deep":                   {call{Body: nested(16)}, 400, problem.MalformedJSON},
		"plain text":                {call{Body: `{}`, Headers: map[string]string{"Content-Type": "text/plain"}}, 415, problem.UnsupportedMediaType},
		"another charset":           {call{Body: `{}`, Headers: map[string]string{"Content-Type": "application/json; charset=utf-7"}}, 415, problem.UnsupportedMediaType},
		"compressed":                {call{Body: `{}`, Headers: map[string]string{"content-encoding": "gzip"}}, 415, problem.UnsupportedMediaType},
		"a limit that is no number": {call{Body: `{}`, Query: map[string]string{"limit": "10abc"}}, 422, problem.ValidationFailed},
		"a limit given twice":       {call{Body: `{}`, Query: map[string]string{"limit": "1,1000"}}, 422, problem.ValidationFailed},
		"a limit with a sign":       {call{Body: `{}`, Query: map[string]string{"limit": "+5"}}, 422, problem.ValidationFailed},
		"a limit with a zero":       {call{Body: `{}`, Query: map[string]string{"limit": "05"}}, 422, problem.ValidationFailed},
	} {
		t.Run(name, func(t *testing.T) {
			c.call.Method = "POST"
			a := newFixture(echo).call(t, c.call)
			if a.StatusCode != c.status || a.Problem.Code != string(c.code) {
				t.Errorf("got %d %s (%s), want %d %s", a.StatusCode, a.Problem.Code, a.Problem.Detail, c.status, c.code)
			}
		})
	}
}

// What is invalid has a pointer, which repeats a name only if it is plain (A4, A8).
func TestMistakesHavePointers(t *testing.T) {
	for name, c := range map[string]struct {
		call call
		want string // pointer and code, or the code of a problem without any
	}{
		"an unknown field":              {call{Body: `{"texts":"hi"}`}, "/texts unknown"},
		"one that may not be repeated":  {call{Body: `{"ana@example.org":1}`}, " unknown"},
		"a field twice":                 {call{Body: `{"text":"a","te\u0078t":"b"}`}, "/text duplicate"},
		"a null":                        {call{Body: `{"text":null}`}, "/text null"},
		"a null far down":               {call{Body: `{"deep":{"a":[1,null]}}`}, "/deep/a/1 null"},
		"several nulls and no text":     {call{Body: `{"text":null,"seq":null,"note":""}`}, "/text null, /seq null, /note empty"},
		"several of all kinds":          {call{Body: `{"texts":{"x":null},"text":null,"Seq":1,"a@b":1,"deep":{"any":1}}`}, "/texts unknown, /text null, /Seq unknown,  unknown"},
		"named as what is in no body":   {call{Body: `{"-":1}`}, "/- unknown"},
		"without a name, and in a map":  {call{Body: `{"":1,"days":{"mon":{"from":"08:00","until":"09:00"}}}`}, " unknown, /days/mon/until unknown"},
		"one inside an unknown one":     {call{Body: `{"texts":[{"x":null}]}`}, "/texts unknown"},
		"a null alone":                  {call{Body: `null`}, " null"},
		"a list":                        {call{Body: `[]`}, " wrong-type"},
		"a wrong type":                  {call{Body: `{"seq":"1"}`}, "/seq wrong-type"},
		"an optional text without any":  {call{Body: `{"note":""}`}, "/note empty"},
		"a text that must be there":     {call{Body: `{"text":""}`}, ""},
		"an id that cannot be":          {call{Member: "a.b"}, "?memberId invalid"},
		"an id too long":                {call{Member: strings.Repeat("a", 65)}, "?memberId invalid"},
		"an unknown parameter":          {call{Query: map[string]string{"sttate": "x"}}, "?sttate unknown"},
		"one with an address":           {call{Query: map[string]string{"a@b": "x"}}, "? unknown"},
		"several":                       {call{Member: "a.b", Body: `{"x":1}`, Query: map[string]string{"y": "", "limit": "z"}}, "?memberId invalid, ?limit not-a-number, ?y unknown, /x unknown"},
		"a version without quotes":      {call{Headers: map[string]string{"If-Match": "1"}}, "malformed-header"},
		"a tag without quotes":          {call{Headers: map[string]string{"If-None-Match": "5tJp0XyR"}}, "malformed-header"},
		"half a quote":                  {call{Headers: map[string]string{"If-Match": `"1`}}, "malformed-header"},
		"quoted, weak, a list, and all": {call{Headers: map[string]string{"If-Match": `"1", W/"2"`, "If-None-Match": "*"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c.call.Method = "POST"
			c.call.Body = cmp.Or(c.call.Body, "{}")
			a := newFixture(echo).call(t, c.call)
			got := []string{}
			for _, each := range a.Problem.Errors {
				got = append(got, each.Pointer+" "+each.Code)
			}
			if len(got) == 0 && a.Problem.Code != "" {
				got = []string{a.Problem.Code}
			}
			if joined := strings.Join(got, ", "); joined != c.want {
				t.Errorf("got %q, want %q", joined, c.want)
			}
		})
	}
}

func TestAWrongTypeSaysWhatIsRight(t *testing.T) {
	for body, want := range map[string]string{
		`{"text":1}`:             "must be a string",
		`{"seq":"1"}`:            "must be a whole number, without quotes or a point",
		`{"seq":1.0}`:            "must be a whole number, without quotes or a point",
		`{"days":[]}`:            "must be an object",
		`{"days":{"mon":"8-5"}}`: "must be an object",
		`[]`:                     "must be an object",
	} {
		a := newFixture(echo).call(t, call{Method: "POST", Body: body})
		if len(a.Problem.Errors) != 1 || a.Problem.Errors[0].Detail != want {
			t.Errorf("%s: got %+v, want %s", body, a.Problem.Errors, want)
		}
	}
}

func TestWhatIsDecodedArrives(t *testing.T) {
	f := newFixture(echo)
	f.call(t, call{
		Method: "POST", Body: `{"text":"hi","seq":3}`,
		Query: map[string]string{"limit": "20", "state": "active"}, Headers: map[string]string{"IF-MATCH": `"4"`},
	})
	if g := f.got; g.MemberID != "me" || *g.Limit != 20 || g.State != "active" || g.IfMatch != `"4"` || g.Text != "hi" || *g.Seq != 3 {
		t.Errorf("got %+v", g)
	}
}

func TestARouteWithoutABodyTakesNoneOrAnEmptyOne(t *testing.T) {
	for body, want := range map[string]int{"": 200, "{}": 200, " {} ": 200, `{"a":1}`: 422, "[]": 422} {
		if a := newFixture(echo).call(t, call{Method: "GET", Body: body}); a.StatusCode != want {
			t.Errorf("%q: got %d, want %d", body, a.StatusCode, want)
		}
	}
}
