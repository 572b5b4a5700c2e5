package stories

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mistakes are what an integrator does wrong in the first hour, and the fields that
// the answer must name, sorted: no more and no fewer.
var mistakes = map[string]struct {
	method, path, body string
	header             []string
	status             int
	names              []string
}{
	"an unknown field":        {"PUT", "/v1/members/extra", memberPut(`"nickname":"E"`), nil, 422, []string{"/nickname"}},
	"a null":                  {"PUT", "/v1/members/extra", memberPut(`"phone":null`), nil, 422, []string{"/phone"}},
	"a field twice":           {"PUT", "/v1/members/extra", memberPut(`"language":"en"`), nil, 422, []string{"/language"}},
	"an empty email":          {"PUT", "/v1/members/extra", memberPut(`"email":""`), nil, 422, []string{"/email"}},
	"a phone that is none":    {"PUT", "/v1/members/extra", memberPut(`"phone":"555-0101"`), nil, 422, []string{"/phone"}},
	"an id that cannot be":    {"PUT", "/v1/members/a.b", memberPut(), nil, 422, []string{"?memberId"}},
	"an unknown program":      {"PUT", "/v1/members/extra/enrollments/nothing", `{"state":"active"}`, nil, 422, []string{"?programId"}},
	"an unknown member":       {"PUT", "/v1/members/nobody/enrollments/diabetes", `{"state":"active"}`, nil, 404, nil},
	"a version unquoted":      {"PUT", "/v1/members/extra", memberPut(), []string{"If-Match", "1"}, 400, nil},
	"a parameter's typo":      {"GET", "/v1/tasks?departmntId=nurses", "", nil, 422, []string{"?departmntId"}},
	"a language left out":     {"PUT", "/v1/reasons/misspelled", `{"labels":{"en":"Words"},"order":9,"active":true}`, nil, 422, []string{"/labels/es"}},
	"several, all at once":    {"PUT", "/v1/programs/extra", `{"name":"","kind":"other"}`, nil, 422, []string{"/departmentId", "/kind", "/name"}},
	"a cursor of one's own":   {"GET", "/v1/members?cursor=2", "", nil, 400, nil},
	"a time that is no time":  {"GET", "/v1/members?updatedSince=yesterday", "", nil, 422, []string{"?updatedSince"}},
	"a body on what has none": {"PUT", "/v1/departments/extra", `[]`, nil, 422, []string{""}},
}

// memberPut is a member's entry with more fields.
func memberPut(more ...string) string {
	fields := append([]string{`"displayName":"Extra"`, `"birthDate":"1990-01-01"`, `"language":"en"`, `"timeZone":"America/New_York"`, `"active":true`}, more...)
	return `{` + strings.Join(fields, ",") + `}`
}

// A refusal names what is wrong, so that nobody has to guess.
func checkMistakes(t *testing.T, platform caller) {
	for name, m := range mistakes {
		code := map[int]string{400: "malformed-header", 404: "not-found", 422: "validation-failed"}[m.status]
		if strings.Contains(m.path, "cursor=") {
			code = "invalid-cursor"
		}
		refused := platform.want(t, m.status, code, m.method, m.path, m.body, m.header...)
		var names []string
		for i := 0; refused.At(fmt.Sprintf("errors.%d", i)) != nil; i++ {
			names = append(names, refused.Text(fmt.Sprintf("errors.%d.pointer", i)))
		}
		slices.Sort(names)
		if d := cmp.Diff(m.names, names); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	// What GET gave can be PUT again.
	for _, path := range []string{"/v1/organization", "/v1/reasons/symptoms", "/v1/programs/diabetes", "/v1/care-managers/cm-rivera", "/v1/members/ana"} {
		platform.want(t, 200, "", "PUT", path, platform.want(t, 200, "", "GET", path, "").Raw)
	}
}
