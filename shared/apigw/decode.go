package apigw

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"maps"
	"mime"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"carechat/shared/problem"
)

// The limits of a body (A5).
const (
	maxBody  = 64 * 1024
	maxDepth = 16
)

func malformed(detail string) error {
	return &problem.Problem{Code: problem.MalformedJSON, Detail: detail}
}

// decode fills the struct that in points to: fields tagged path, query or header from the request, the others, which have json tags,
// from the body. Whatever is invalid, in all of them, is one problem (A4).
func decode(r *Request, in any) error {
	if err := checkTags(r); err != nil {
		return err
	}
	v := reflect.ValueOf(in).Elem()
	takesBody := false
	known := map[string]bool{}
	var fields problem.Fields
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		switch {
		case tag.Get("path") != "":
			setPath(v.Field(i), r.Path, tag.Get("path"), &fields)
		case tag.Get("header") != "":
			v.Field(i).SetString(r.Header(tag.Get("header")))
		case tag.Get("query") != "":
			known[tag.Get("query")] = true
			setQuery(v.Field(i), r.Query, tag.Get("query"), &fields)
		default:
			takesBody = true
		}
	}
	checkQuery(r.Query, known, &fields)
	err := decodeBody(r, in, takesBody)
	var p *problem.Problem
	if errors.As(err, &p) && p.Code == problem.ValidationFailed {
		return append(fields, p.Fields...).Err()
	}
	return cmp.Or(err, fields.Err())
}

// etags is what If-Match and If-None-Match may hold (RFC 9110): an asterisk, or ETags, which are quoted.
var etags = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*(\*|(W/)?"[^"]*"(\s*,\s*(W/)?"[^"]*")*)\s*$`)
})

// checkTags refuses an ETag without its quotes: it would match nothing, and nobody would know why.
func checkTags(r *Request) error {
	for _, name := range []string{"If-Match", "If-None-Match"} {
		if given := r.Header(name); given != "" && !etags().MatchString(given) {
			return &problem.Problem{Code: problem.MalformedHeader, Detail: name + ` holds an ETag in quotes, such as "1", as an answer gave it`}
		}
	}
	return nil
}

// setPath sets a field to an id in the path.
func setPath(field reflect.Value, path map[string]string, name string, fields *problem.Fields) {
	id := path[name]
	if !isID(id) {
		fields.Add("?"+name, "invalid", "must be 1 to 64 letters, digits, - or _")
	}
	field.SetString(id)
}

// checkQuery refuses parameters that the route does not know: a mistyped one would have no effect, and nobody would know.
func checkQuery(query map[string]string, known map[string]bool, fields *problem.Fields) {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !known[name] {
			fields.Add("?"+printable(name), "unknown", "this route does not take this parameter")
		}
	}
}

// printable returns a name that the caller sent, "" if it may not be repeated (A8).
func printable(name string) string {
	if !isPlain(name, idCharacters+".") {
		return ""
	}
	return name
}

// setQuery sets a field to a parameter's value: a string, or a pointer to an int that stays nil if the parameter is absent.
func setQuery(field reflect.Value, query map[string]string, name string, fields *problem.Fields) {
	text, given := query[name]
	switch {
	case field.Kind() == reflect.String:
		field.SetString(text)
	case given:
		n, err := strconv.Atoi(text)
		if err != nil || strconv.Itoa(n) != text {
			fields.Add("?"+name, "not-a-number", "must be a whole number")
			return
		}
		field.Set(reflect.ValueOf(&n))
	}
}

// decodeBody decodes strictly (A5). If the route takes no body, the request may have none or {}.
func decodeBody(r *Request, in any, takesBody bool) error {
	if err := checkMedia(r); err != nil {
		return err
	}
	if len(r.Body) == 0 && !takesBody {
		return nil
	}
	if !takesBody {
		in = &struct{}{}
	}
	if err := checkTokens(r.Body, reflect.TypeOf(in)); err != nil {
		return err
	}
	return decodeError(json.Unmarshal(r.Body, in))
}

// checkMedia refuses a body that is not plain JSON or is too large.
func checkMedia(r *Request) error {
	if r.Header("content-encoding") != "" {
		return problem.New(problem.UnsupportedMediaType)
	}
	if len(r.Body) > maxBody {
		return problem.New(problem.BodyTooLarge)
	}
	given := r.Header("content-type")
	if given == "" && len(r.Body) == 0 {
		return nil
	}
	media, params, err := mime.ParseMediaType(given)
	charset, hasCharset := params["charset"]
	if err != nil || media != "application/json" || hasCharset && !isUTF8(charset) {
		if len(r.Body) == 0 {
			return nil
		}
		return problem.New(problem.UnsupportedMediaType)
	}
	return nil
}

func isUTF8(charset string) bool {
	return strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}

// checkTokens refuses what the decoder lets through: each unknown field, each null, each optional text that is empty, and too much
// depth. It does not look inside unknown fields.
func checkTokens(body []byte, t reflect.Type) error {
	if !utf8.Valid(body) {
		return malformed("the body is not valid UTF-8")
	}
	d := jsontext.NewDecoder(bytes.NewReader(body))
	var wrong problem.Fields
	for first := true; ; first = false {
		token, err := d.ReadToken()
		switch {
		case err != nil && !first && d.StackDepth() == 0 && isEnd(err):
			return wrong.Err()
		case err != nil:
			return decodeError(err)
		case d.StackDepth() > maxDepth:
			return malformed("the body is nested too deeply")
		case isName(d):
			if at := d.StackPointer(); !isKnown(at, t) && isKnown(at.Parent(), t) {
				wrong.Add(pointer(at), "unknown", "this route does not take this field")
			}
		case token.Kind() == 'n' && isKnown(d.StackPointer(), t):
			wrong.Add(pointer(d.StackPointer()), "null", "null is not allowed; leave the field out")
		case token.Kind() == '"' && token.String() == "" && isOptional(d.StackPointer(), t):
			wrong.Add(pointer(d.StackPointer()), "empty", "must not be empty; leave the field out")
		}
	}
}

// isName reports whether the decoder has just read a field's name.
func isName(d *jsontext.Decoder) bool {
	kind, tokens := d.StackIndex(d.StackDepth())
	return kind == '{' && tokens%2 == 1
}

// decodeError returns the problem for a mistake in the body (A4); nil for none.
func decodeError(err error) error {
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntactic) && errors.Is(err, jsontext.ErrDuplicateName):
		return problem.WithField(pointer(syntactic.JSONPointer), "duplicate", "is given twice")
	case errors.As(err, &semantic):
		return problem.WithField(pointer(semantic.JSONPointer), "wrong-type", "must be "+inWords(semantic.GoType))
	}
	return malformed("the body is not one valid JSON value")
}

// inWords says what a field of the type takes.
func inWords(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number, without quotes or a point"
	case reflect.Slice:
		return "an array"
	default:
		return "an object"
	}
}

// pointer cuts a JSON pointer where a name may not be repeated to its sender (A8).
func pointer(p jsontext.Pointer) string {
	var at strings.Builder
	for token := range p.Tokens() {
		if printable(token) == "" {
			break
		}
		at.WriteString("/" + token)
	}
	return at.String()
}

// isKnown reports whether the type may have something at a place.
func isKnown(at jsontext.Pointer, t reflect.Type) bool {
	known, _ := find(at, t)
	return known
}

// isOptional reports whether the type has a field at a place that may be left out.
func isOptional(at jsontext.Pointer, t reflect.Type) bool {
	_, optional := find(at, t)
	return optional
}

// find reports whether the type may have something at a place, and whether that is a field that may be left out.
func find(at jsontext.Pointer, t reflect.Type) (known, optional bool) {
	for token := range at.Tokens() {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch t.Kind() {
		case reflect.Slice, reflect.Map:
			t, optional = t.Elem(), false
		case reflect.Struct:
			field, ok := jsonField(t, token)
			if !ok {
				return false, false
			}
			t, optional = field.Type, strings.HasSuffix(field.Tag.Get("json"), ",omitempty")
		default:
			return true, false
		}
	}
	return true, optional
}

// jsonField finds a struct's field, or one of a struct that it embeds, by its name in JSON. What comes from the path, the query or a
// header has none.
func jsonField(t reflect.Type, name string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		field := t.Field(i)
		if given, _, _ := strings.Cut(field.Tag.Get("json"), ","); given == name && given != "-" && given != "" {
			return field, true
		}
		if field.Anonymous && field.Type.Kind() == reflect.Struct {
			if inner, ok := jsonField(field.Type, name); ok {
				return inner, true
			}
		}
	}
	return reflect.StructField{}, false
}

// isEnd reports whether the error says that the body ended where it may.
func isEnd(err error) bool { return errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) }
