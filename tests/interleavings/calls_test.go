package interleavings

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
)

// oneByOne splits a batch read into reads of one row each, because a batch read is not
// a snapshot: each row may be of another moment. It returns nil for any other call.
func oneByOne(r *http.Request, backward bool, do func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".BatchGetItem") {
		return nil, nil
	}
	var asked struct {
		RequestItems map[string]map[string]any
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		return nil, err
	}
	found := map[string][]any{}
	for name, of := range asked.RequestItems {
		keys := of["Keys"].([]any)
		if backward {
			slices.Reverse(keys)
		}
		for _, key := range keys {
			of["Keys"] = []any{key}
			rows, err := readOne(r, asked, do)
			if err != nil {
				return nil, err
			}
			found[name] = append(found[name], rows[name]...)
		}
	}
	body, err := json.Marshal(map[string]any{"Responses": found})
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, err
}

func readOne(r *http.Request, asked any, do func(*http.Request) (*http.Response, error)) (map[string][]any, error) {
	body, err := json.Marshal(asked)
	if err != nil {
		return nil, err
	}
	one := r.Clone(r.Context())
	one.Body, one.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp, err := do(one)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, errors.New(resp.Status)
	}
	var got struct{ Responses map[string][]any }
	err = json.NewDecoder(resp.Body).Decode(&got)
	return got.Responses, err
}

// call is a call to DynamoDB, or to SNS about a topic: whether it only reads, and the
// rows that it names.
type call struct {
	reads bool
	rows  []string // "PK SK"; a Query's "PK " is a prefix of its partition's
}

// callOf reads which call a request is, and leaves the request as it was.
func callOf(r *http.Request) (call, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return call{}, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var said any
	err = json.Unmarshal(body, &said)
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	return call{slices.Contains([]string{"GetItem", "BatchGetItem", "Query"}, operation), rowsIn(said)}, err
}

// rowsIn returns the keys in a request, however deep.
func rowsIn(said any) (rows []string) {
	switch said := said.(type) {
	case []any:
		for _, each := range said {
			rows = append(rows, rowsIn(each)...)
		}
	case map[string]any:
		if pk, ok := said["PK"]; ok {
			rows = append(rows, textOf(pk)+" "+textOf(said["SK"]))
		}
		if pk, ok := said[":pk"]; ok {
			rows = append(rows, textOf(pk)+" ")
		}
		for _, each := range said {
			rows = append(rows, rowsIn(each)...)
		}
	}
	return rows
}

func textOf(value any) string {
	v, _ := value.(map[string]any)
	s, _ := v["S"].(string)
	return s
}

// commutes reports whether two adjacent calls have the same effect in either order:
// both only read, or they have no row in common.
func (c call) commutes(other call) bool {
	return c.reads && other.reads || !slices.ContainsFunc(c.rows, func(a string) bool {
		return slices.ContainsFunc(other.rows, func(b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) })
	})
}
