package apigw

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"reflect"
	"strconv"
	"strings"
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
// from the body.
func decode(r *Request, in any) error {
	v := reflect.ValueOf(in).Elem()
	takesBody := false
	var fields problem.Fields
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		switch {
		case tag.Get("path") != "":
			v.Field(i).SetString(r.Path[tag.Get("path")])
		case tag.Get("header") != "":
			v.Field(i).SetString(r.Header(tag.Get("header")))
		case tag.Get("query") != "":
			setQuery(v.Field(i), r.Query, tag.Get("query"), &fields)
		default:
			takesBody = true
		}
	}
	if err := decodeBody(r, in, takesBody); err != nil {
		return err
	}
	return fields.Err()
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
	if err := checkTokens(r.Body); err != nil {
		return err
	}
	if !takesBody {
		in = &struct{}{}
	}
	err := json.Unmarshal(r.Body, in, json.RejectUnknownMembers(true))
	if err != nil {
		return decodeError(err, reflect.TypeOf(in))
	}
	return nil
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

// checkTokens refuses what the decoder lets through: a null anywhere, and too much depth.
func checkTokens(body []byte) error {
	if !utf8.Valid(body) {
		return malformed("the body is not valid UTF-8")
	}
	d := jsontext.NewDecoder(bytes.NewReader(body))
	for first := true; ; first = false {
		token, err := d.ReadToken()
		switch {
		case err != nil && !first && d.StackDepth() == 0 && isEnd(err):
			return nil
		case err != nil:
			return decodeError(err, nil)
		case token.Kind() == 'n':
			return malformed("null is not allowed; leave the member out")
		case d.StackDepth() > maxDepth:
			return malformed("the body is nested too deeply")
		}
	}
}

// decodeError returns the problem for a mistake in the body, without what was sent. t is the type that was decoded into.
func decodeError(err error, t reflect.Type) error {
	var semantic *json.SemanticError
	switch {
	case errors.Is(err, json.ErrUnknownName):
		return malformed("the body has a member that this route does not take")
	case errors.Is(err, jsontext.ErrDuplicateName):
		return malformed("the body has a member twice")
	case errors.As(err, &semantic):
		if at := ours(semantic.JSONPointer, t); at != "" {
			return malformed("a value has the wrong type: " + at)
		}
		return malformed("a value has the wrong type")
	}
	return malformed("the body is not one valid JSON value")
}

// ours cuts a pointer where it leaves the names of the type: a map's keys are the sender's and are not repeated (A8).
func ours(pointer jsontext.Pointer, t reflect.Type) string {
	var at strings.Builder
	for token := range pointer.Tokens() {
		for t != nil && t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t = inside(t, token); t == nil {
			break
		}
		at.WriteString("/" + token)
	}
	return at.String()
}

// inside returns the type of a struct's member or of a list's item, nil for any other.
func inside(t reflect.Type, token string) reflect.Type {
	switch {
	case t == nil:
	case t.Kind() == reflect.Slice:
		return t.Elem()
	case t.Kind() == reflect.Struct:
		for _, field := range reflect.VisibleFields(t) {
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name == token {
				return field.Type
			}
		}
	}
	return nil
}

// isEnd reports whether the error says that the body ended where it may.
func isEnd(err error) bool { return errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) }
