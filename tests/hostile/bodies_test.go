package hostile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"carechat/tests/support/contract"
)

// hole marks the place in an encoded body where raw bytes go.
const hole = `@@HOLE@@`

// site is a value in an example body.
type site struct {
	path    string // /labels/en
	value   any
	replace func(raw string) []byte
	// insert puts raw bytes before an object's first member; nil for others.
	insert func(raw string) []byte
}

// sites returns all values in a body, at any depth.
func sites(t *testing.T, body []byte) []site {
	t.Helper()
	var root any
	if err := json.Unmarshal(body, &root); err != nil {
		t.Fatal(err)
	}
	var all []site
	var walk func(path string, value any, set func(any))
	encode := func(from string, raw string) []byte {
		whole, err := json.Marshal(root)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Replace(whole, []byte(from), []byte(raw), 1)
	}
	walk = func(path string, value any, set func(any)) {
		s := site{path: path, value: value, replace: func(raw string) []byte {
			set(hole)
			defer set(value)
			return encode(`"`+hole+`"`, raw)
		}}
		switch v := value.(type) {
		case map[string]any:
			s.insert = func(raw string) []byte {
				v[hole] = 0
				defer delete(v, hole)
				return encode(`"`+hole+`":0`, raw)
			}
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(path+"/"+name, v[name], func(x any) { v[name] = x })
			}
		case []any:
			for i := range v {
				walk(fmt.Sprintf("%s/%d", path, i), v[i], func(x any) { v[i] = x })
			}
		}
		all = append(all, s)
	}
	walk("", root, func(x any) { root = x })
	return all
}

// wrongTypes returns values of other types than this value's.
func wrongTypes(value any) []string {
	switch value.(type) {
	case string:
		return []string{`null`, `1`, `true`, `[]`, `["` + marker + `"]`, `{"` + marker + `@":1}`}
	case float64:
		return []string{`null`, `"1"`, `"` + marker + `"`, `true`, `[1]`, `{}`, `1.5`, `1e3`, `1e400`, `-1e400`, `9223372036854775808`, `-9223372036854775809`}
	case bool:
		return []string{`null`, `0`, `"true"`, `"` + marker + `"`, `[true]`, `{}`}
	case []any:
		return []string{`null`, `{}`, `{"0":"x"}`, `"` + marker + `"`, `1`}
	default:
		return []string{`null`, `[]`, `"` + marker + `"`, `1`, `[{}]`}
	}
}

// invalidJSON lists what is no JSON value.
var invalidJSON = []string{
	`NaN`, `Infinity`, `undefined`, `'x'`, `0x10`, `01`, `+1`, `,`, `"` + marker, `/*` + marker + `*/1`, strings.Repeat(`[`, 17) + strings.Repeat(`]`, 17), "\"\xff\xfe" + marker + `"`,
	"\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xe2\x82\"", `"\ud800"`, `"\udc00\ud800"`, `"\x41"`, "\"a\x00b\"", "\"a\nb\"",
}

// A5: every field of every body with another type, and one of each body with invalid JSON.
func TestFieldsOfTheWrongType(t *testing.T) {
	seen := map[string]bool{}
	refuse(t, eachSite(t, func(o contract.Operation, s site) (all []probe) {
		values := wrongTypes(s.value)
		if !seen[o.ID] {
			seen[o.ID] = true
			for _, raw := range invalidJSON {
				all = append(all, bodied(o, fmt.Sprintf("%s%s = %.30q", o.ID, s.path, raw), s.replace(raw), 400))
			}
		}
		for _, raw := range values {
			all = append(all, bodied(o, fmt.Sprintf("%s%s = %.30q", o.ID, s.path, raw), s.replace(raw), 422))
		}
		return all
	}))
}

// A5: every object with a field that is unknown, repeated or nearly a known one.
func TestUnknownFields(t *testing.T) {
	refuse(t, eachSite(t, func(o contract.Operation, s site) (all []probe) {
		object, _ := s.value.(map[string]any)
		if object == nil {
			return nil
		}
		first := slices.Sorted(maps.Keys(object))[0]
		value, _ := json.Marshal(object[first])
		for _, name := range []string{
			marker + "@", "__proto__", "constructor", "$where", ":v0", "#n", "PK", "memberId", "organization", "version", "", first,
			strings.ToUpper(first), strings.ToUpper(first[:1]) + first[1:] + "\u200b", strings.Replace(first, "s", "ſ", 1) + " ", strings.Repeat("k", 1000),
		} {
			member, _ := json.Marshal(name)
			raw := fmt.Sprintf("%s:%s", member, value)
			all = append(all, bodied(o, o.ID+s.path+" with "+raw, s.insert(raw), 422))
		}
		escaped := fmt.Sprintf(`"\u%04x%s":%s`, first[0], first[1:], value)
		return append(all, bodied(o, o.ID+s.path+" with "+escaped, s.insert(escaped), 422))
	}))
}

// cleaned lists the fields whose text is stored without what nobody sees (A6).
var cleaned = []string{"comment", "note", "text"}

// freeText lists the fields that accept any text.
var freeText = []string{"comment", "note", "text", "displayName", "name", "shortName", "subject", "en", "es"}

// optional lists the fields whose "" is the same as leaving them out.
var optional = []string{"birthDate"}

// controls lists values that only fields accept whose text is cleaned.
var controls = []string{"\u0000" + marker, marker + "\u0007", marker + "\u001b[2J", marker + "\r\n", "\u0085" + marker}

// invalidTexts lists values that no field accepts (A6): they show nothing or are too
// long.
var invalidTexts = []string{
	" \t\n", "\ufffc", "\U0001d159", strings.Repeat("\u0301", 50), "\u200b\ufeff\u034f\u2060\u2800\ufe0f", "\U000e0001\U000e0020",
	strings.Repeat("x", 4001), strings.Repeat("😀", 4001), "a" + strings.Repeat("\u0301", 10000),
}

// invalidWords lists values that no id or enum accepts, some of them meant for the
// table's expressions and keys.
var invalidWords = []string{
	"ORG#other", marker + "#", "MEMBER#x\u0000", ":v0", "attribute_exists(PK)", "' OR '1'='1", "../" + marker, "<script>" + marker, "${jndi:ldap://" + marker + "}", "ａｎａ", "ana ", "a,b",
}

// A4, A6: every text in every body with values that its field does not accept.
func TestInvalidTexts(t *testing.T) {
	refuse(t, eachSite(t, func(o contract.Operation, s site) (all []probe) {
		if _, ok := s.value.(string); !ok {
			return nil
		}
		values, field := slices.Clone(invalidTexts), s.path[strings.LastIndex(s.path, "/")+1:]
		if !slices.Contains(cleaned, field) {
			values = append(values, controls...)
		}
		if !slices.Contains(freeText, field) {
			values = append(values, invalidWords...)
		}
		if !slices.Contains(optional, field) {
			values = append(values, "")
		}
		for _, value := range values {
			raw, _ := json.Marshal(value)
			all = append(all, bodied(o, fmt.Sprintf("%s%s = %.30q", o.ID, s.path, value), s.replace(string(raw)), 422, 410))
		}
		return all
	}))
}

// invalidBodies returns bodies that no route accepts.
func invalidBodies(example []byte) map[string]string {
	text := string(example)
	utf16Body := ""
	for _, unit := range utf16.Encode([]rune(text)) {
		utf16Body += string([]byte{byte(unit), byte(unit >> 8)})
	}
	return map[string]string{
		"two values": text + text, "a second {}": text + `{}`,
		"garbage behind": text + marker, "a byte order mark": "\ufeff" + text, "UTF-16": utf16Body, "a comment": "//" + marker + "\n" + text,
		"cut short": text[:len(text)-1], "a comma too many": text[:len(text)-1] + `,}`, "a form": "comment=" + marker, "spaces": strings.Repeat(" ", 1000),
		"10,001 deep": strings.Repeat("[", 10001) + strings.Repeat("]", 10001), "zeros": strings.Repeat("\x00", 1000), "single quotes": `{'a':1}`,
		"XML": `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "` + marker + `">]><x>&e;</x>`,
	}
}

// A5: a body that is not one JSON object.
func TestInvalidBodies(t *testing.T) {
	var probes []probe
	for _, o := range operations() {
		for name, body := range invalidBodies(bodyOf(o)) {
			probes = append(probes, bodied(o, o.ID+" with "+name, []byte(body), 400))
		}
		for _, body := range []string{`null`, `[{}]`, `"` + marker + `"`, `1`} {
			probes = append(probes, bodied(o, o.ID+" with "+body, []byte(body), 422))
		}
	}
	refuse(t, probes)
}

// A5: a body of more than 64 KiB, and an empty body where one is needed.
func TestBodiesOfTheWrongSize(t *testing.T) {
	pad := func(body []byte, size int) []byte { return append(bytes.Repeat([]byte(" "), size-len(body)), body...) }
	var probes []probe
	for _, o := range operations() {
		example := bodyOf(o)
		probes = append(probes, bodied(o, o.ID+" with 64 KiB and one", pad(example, 64<<10+1), 413), bodied(o, o.ID+" with 1 MB", pad(example, 1<<20), 413))
		if takesBody(o) {
			probes = append(probes, bodied(o, o.ID+" with nothing", []byte{}, 400), bodied(o, o.ID+" with {}", []byte(`{}`), 422))
		} else {
			probes = append(probes, bodied(o, o.ID+" with a member", []byte(`{"`+marker+`@":1}`), 422))
		}
		if slices.Contains([]string{"askForLink", "sendMessage", "requestChat", "putMember"}, o.ID) {
			probes = append(probes, bodied(o, o.ID+" with 10 MB of spaces", bytes.Repeat([]byte(" "), 10<<20), 413))
		}
	}
	refuse(t, probes)
}

// eachSite returns probes for every value in every body.
func eachSite(t *testing.T, of func(contract.Operation, site) []probe) (all []probe) {
	t.Helper()
	for _, o := range operations() {
		if takesBody(o) {
			for _, s := range sites(t, o.Body) {
				all = append(all, of(o, s)...)
			}
		}
	}
	return all
}

// bodied returns a probe of an operation with another body.
func bodied(o contract.Operation, name string, body []byte, want ...int) probe {
	c := base(o).without("Content-Type").with("Content-Type", "application/json")
	c.body = body
	return probe{name, c, want}
}

func bodyOf(o contract.Operation) []byte {
	if takesBody(o) {
		return o.Body
	}
	return []byte(`{}`)
}
