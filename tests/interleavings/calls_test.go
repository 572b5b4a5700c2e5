package interleavings

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
)

// call is a call to DynamoDB, or to SNS about a topic: the rows that it names, and whether it only reads them.
type call struct {
	reads bool
	rows  []string // "PK SK"; of a Query "PK ", which begins those of its partition
}

// callOf looks into a request, which is as before.
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

// rowsIn are the keys in a request, however deep.
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

// commutes reports whether two calls, one right after the other, come to the
// same in either order: they read, or have no row in common.
func (c call) commutes(other call) bool {
	return c.reads && other.reads || !slices.ContainsFunc(c.rows, func(a string) bool {
		return slices.ContainsFunc(other.rows, func(b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) })
	})
}
