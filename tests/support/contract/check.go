package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// Exchange is a request and its answer as they were sent.
type Exchange struct {
	Method        string
	URL           *url.URL
	RequestHeader http.Header
	RequestBody   []byte
	Status        int
	Header        http.Header
	Body          []byte
}

// Check checks an exchange against the contract and records it as seen. The request is
// checked only if it was accepted (2xx), because a test may send anything. The error
// names the operation and the status.
func Check(e Exchange) error {
	found, params := route(e.Method, e.URL.EscapedPath())
	if found == nil {
		return e.name("no operation", e.checkUnknown())
	}
	see(found.Operation.OperationID, e.Status)
	if e.fromGateway() {
		return nil
	}
	err := e.checkAnswer(found, params)
	if e.Status/100 == 2 {
		err = errors.Join(err, e.checkRequest(found, params))
	}
	return e.name(found.Operation.OperationID, err)
}

func (e Exchange) name(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("contract: %s (%s %s) answered %d: %w", operation, e.Method, e.URL.Path, e.Status, err)
}

// fromGateway reports whether API Gateway answered instead of a function, in its own
// form.
func (e Exchange) fromGateway() bool {
	var own struct{ Message *string }
	return slices.Contains([]int{413, 429, 500, 503}, e.Status) &&
		e.Header.Get("X-Request-Id") == "" &&
		json.Unmarshal(e.Body, &own) == nil && own.Message != nil
}

func (e Exchange) checkAnswer(found *routers.Route, params map[string]string) error {
	declared := found.Operation.Responses.Status(e.Status)
	if declared == nil {
		return errors.New("the status is not declared")
	}
	if declared.Value.Content == nil && len(e.Body) > 0 {
		return errors.New("this status has no body")
	}
	return e.checkAs(declared, e.input(found, params))
}

// checkUnknown checks the answer to a path or method that no operation has: a problem 404
// or 405.
func (e Exchange) checkUnknown() error {
	name, ok := map[int]string{404: "NotFound", 405: "MethodNotAllowed"}[e.Status]
	if !ok {
		return errors.New("only 404 and 405 may be answered here")
	}
	declared := Document().Components.Responses[name]
	return e.checkAs(declared, e.input(&routers.Route{Spec: checked()}, nil))
}

// checkAs holds the answer against one response: its schema and headers, the
// headers of every answer (A9) and, for a problem, the codes of this response.
func (e Exchange) checkAs(declared *openapi3.ResponseRef, request *openapi3filter.RequestValidationInput) error {
	return errors.Join(e.validateAs(declared, request), e.checkHeaders(), e.checkProblem(codes(declared)))
}

// everywhere are the headers of every answer (A9) and what each begins with.
var everywhere = map[string]string{
	"Cache-Control":             "no-store",
	"Strict-Transport-Security": "max-age=",
	"X-Content-Type-Options":    "nosniff",
	"Content-Security-Policy":   "default-src 'none'",
	"Referrer-Policy":           "no-referrer",
}

func (e Exchange) checkHeaders() error {
	for name, want := range everywhere {
		if !strings.HasPrefix(e.Header.Get(name), want) {
			return fmt.Errorf("%s is %q, want %q", name, e.Header.Get(name), want)
		}
	}
	return nil
}

// codes are a response's problem codes, its x-codes.
func codes(declared *openapi3.ResponseRef) []string {
	return listed(declared.Value.Extensions["x-codes"])
}

func (e Exchange) checkProblem(codes []string) error {
	if codes == nil {
		return nil
	}
	var problem struct {
		Status int
		Code   string
	}
	if err := json.Unmarshal(e.Body, &problem); err != nil {
		return err
	}
	if problem.Status != e.Status || !slices.Contains(codes, problem.Code) {
		return fmt.Errorf("a problem %d %s, want %d and one of %v", problem.Status, problem.Code, e.Status, codes)
	}
	return nil
}

// validateAs checks the answer against one response. It uses another status, because the
// library accepts every 304.
func (e Exchange) validateAs(declared *openapi3.ResponseRef, request *openapi3filter.RequestValidationInput) error {
	only := openapi3.NewResponses(openapi3.WithStatus(http.StatusOK, declared))
	request.Route = &routers.Route{Spec: checked(), Operation: &openapi3.Operation{Responses: only}}
	return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request,
		Status:                 http.StatusOK,
		Header:                 e.Header,
		Body:                   io.NopCloser(bytes.NewReader(e.Body)),
		Options:                options(),
	})
}

func (e Exchange) checkRequest(found *routers.Route, params map[string]string) error {
	return openapi3filter.ValidateRequest(context.Background(), e.input(found, params))
}

func (e Exchange) input(found *routers.Route, params map[string]string) *openapi3filter.RequestValidationInput {
	request := &http.Request{
		Method: e.Method, URL: e.URL, Header: e.RequestHeader.Clone(),
		Body: io.NopCloser(bytes.NewReader(e.RequestBody)), ContentLength: int64(len(e.RequestBody)),
	}
	if request.Header == nil {
		request.Header = http.Header{}
	}
	return &openapi3filter.RequestValidationInput{
		Request: request, PathParams: params, Route: found, Options: options(),
	}
}

func options() *openapi3filter.Options {
	o := &openapi3filter.Options{
		IncludeResponseStatus: true,
		MultiError:            true,
		SkipSettingDefaults:   true,
		AuthenticationFunc:    carriesToken,
	}
	o.WithCustomSchemaErrorFunc(func(err *openapi3.SchemaError) string {
		return "at /" + strings.Join(err.JSONPointer(), "/") + ": " + err.Reason
	})
	return o
}

// carriesToken returns an error if an operation that needs a token was called without one.
func carriesToken(_ context.Context, input *openapi3filter.AuthenticationInput) error {
	token, ok := strings.CutPrefix(input.RequestValidationInput.Request.Header.Get("Authorization"), "Bearer ")
	if !ok || token == "" {
		return errors.New("called without a bearer token")
	}
	return nil
}
