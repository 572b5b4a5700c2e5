// Package contract checks answers of the API against shared/api/openapi.yaml: Transport
// for a Go client, Proxy for a shell script or a browser, Check for one exchange. It
// records which operations and statuses were seen, so that a test can ask for those
// that were not.
package contract

import (
	"carechat/tests/support/module"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// Operation is one method of one path.
type Operation struct {
	ID      string
	Summary string
	Method  string
	Path    string   // as in the contract: /v1/members/{memberId}
	Callers []string // kinds of callers that may call it; empty if it needs no token
	// Statuses lists the statuses that the contract declares, ascending.
	Statuses []int
	// Body is the example of a request's body, or nil if it has none.
	Body []byte
}

var load = sync.OnceValues(func() (*openapi3.T, error) {
	document, err := openapi3.NewLoader().LoadFromFile(module.Path("shared/api/openapi.yaml"))
	if err != nil {
		return nil, err
	}
	for _, schema := range document.Components.Schemas {
		closeObject(schema.Value)
	}
	return document, nil
})

// closeObject refuses fields that the contract does not list. The contract
// leaves answers open, so that generated clients take a later release's; the
// tests hold this release to what it lists.
func closeObject(schema *openapi3.Schema) {
	more := &schema.AdditionalProperties
	if len(schema.Properties) > 0 && more.Has == nil && more.Schema == nil {
		more.Has = new(bool)
	}
}

// Document returns the contract, which is loaded once. It panics if the file cannot be
// read. That it is valid is a test of this package.
func Document() *openapi3.T {
	document, err := load()
	if err != nil {
		panic(fmt.Errorf("contract: %w", err))
	}
	return document
}

// checked is the document as the library checks exchanges against it. It says 3.0, because the library compiles each
// schema of a 3.1 document again at every check, and the contract has nothing that 3.1 adds
// (TestGeneratorsCanReadEverySchema).
var checked = sync.OnceValue(func() *openapi3.T {
	document := *Document()
	document.OpenAPI = "3.0.3"
	return &document
})

// Operations returns the operations of the contract, by path and method.
func Operations() []Operation {
	var all []Operation
	for _, path := range Document().Paths.InMatchingOrder() {
		item := Document().Paths.Value(path)
		for method, declared := range item.Operations() {
			all = append(all, Operation{
				ID: declared.OperationID, Summary: declared.Summary, Method: method, Path: path,
				Callers: callers(declared), Statuses: statuses(declared), Body: body(declared),
			})
		}
	}
	slices.SortFunc(all, func(a, b Operation) int {
		return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method)
	})
	return all
}

func callers(declared *openapi3.Operation) []string { return listed(declared.Extensions["x-callers"]) }

// listed reads an extension that is a list of strings; nil if it is none.
func listed(extension any) []string {
	raw, err := json.Marshal(extension)
	if err != nil {
		return nil
	}
	var all []string
	_ = json.Unmarshal(raw, &all) // its form is a test's business
	return all
}

func statuses(declared *openapi3.Operation) []int {
	var all []int
	for text := range declared.Responses.Map() {
		if status, err := strconv.Atoi(text); err == nil {
			all = append(all, status)
		}
	}
	slices.Sort(all)
	return all
}

func body(declared *openapi3.Operation) []byte {
	if declared.RequestBody == nil {
		return nil
	}
	media := declared.RequestBody.Value.Content.Get("application/json")
	value := media.Example
	for _, example := range media.Examples {
		value = example.Value.Value
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	return raw
}

// route returns the operation of a request with its path parameters, or nil if there is
// none. A fixed segment wins over a parameter.
func route(method, path string) (*routers.Route, map[string]string) {
	var found *routers.Route
	var params map[string]string
	for _, pattern := range Document().Paths.InMatchingOrder() {
		item := Document().Paths.Value(pattern)
		declared := item.GetOperation(method)
		values, ok := match(pattern, path)
		if declared == nil || !ok || (found != nil && len(values) >= len(params)) {
			continue
		}
		found, params = &routers.Route{
			Spec: checked(), Path: pattern, PathItem: item, Method: method, Operation: declared,
		}, values
	}
	return found, params
}

// match compares an escaped path with a pattern segment by segment. A parameter matches any
// segment that is not empty.
func match(pattern, path string) (map[string]string, bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	values := map[string]string{}
	for i := range want {
		name, isParam := strings.CutPrefix(want[i], "{")
		switch {
		case isParam && got[i] != "":
			value, err := url.PathUnescape(got[i])
			if err != nil {
				return nil, false
			}
			values[strings.TrimSuffix(name, "}")] = value
		case want[i] != got[i]:
			return nil, false
		}
	}
	return values, true
}

// documented reports whether a request is to the API, and not to the pages.
func documented(r *http.Request) bool {
	path := r.URL.EscapedPath()
	underBase := path == "/v1" || strings.HasPrefix(path, "/v1/")
	return underBase && r.Method != http.MethodOptions // API Gateway answers a preflight
}
