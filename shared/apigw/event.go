package apigw

import (
	"encoding/base64"
	"strings"
)

// event is the part of API Gateway's payload 2.0 that we use. The request id is for the log alone, and the clock is no part of it:
// the local gateway freezes both.
type event struct {
	RouteKey        string            `json:"routeKey"`
	RawPath         string            `json:"rawPath"`
	Headers         map[string]string `json:"headers"`
	Query           map[string]string `json:"queryStringParameters"`
	Path            map[string]string `json:"pathParameters"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
	RequestContext  struct {
		RequestID string `json:"requestId"`
		HTTP      struct {
			Method   string `json:"method"`
			SourceIP string `json:"sourceIp"`
		} `json:"http"`
	} `json:"requestContext"`
}

// Request is one call, before its body is decoded.
type Request struct {
	ID       string // our own, on the answer as X-Request-Id
	Route    string // API Gateway's route key
	Method   string
	RawPath  string
	SourceIP string
	Path     map[string]string
	Query    map[string]string
	Body     []byte
	headers  map[string]string // by lower-case name
	apiID    string            // API Gateway's id of the call

	organization string // whose data a public call touched
	members      []string
	said         []any // more for the log line
}

// About records for the log line whose data a public call touched: one member's, or several members' if nothing picked one of them.
func (r *Request) About(organization string, members ...string) {
	r.organization, r.members = organization, members
}

// Say adds a name and its value to the log line: never what a person wrote.
func (r *Request) Say(name string, value any) { r.said = append(r.said, name, value) }

func (e event) request(id string) (*Request, error) {
	r := &Request{
		ID: id, Route: e.RouteKey, Method: e.RequestContext.HTTP.Method, RawPath: e.RawPath,
		SourceIP: e.RequestContext.HTTP.SourceIP, Path: e.Path, Query: e.Query, apiID: e.RequestContext.RequestID,
		Body: []byte(e.Body), headers: e.Headers,
	}
	for name, value := range e.Headers {
		if lower := strings.ToLower(name); lower != name { // API Gateway sends lower case, sam local does not
			delete(r.headers, name)
			r.headers[lower] = value
		}
	}
	if e.IsBase64Encoded {
		body, err := base64.StdEncoding.DecodeString(e.Body)
		if err != nil {
			return r, malformed("the body is not valid base64")
		}
		r.Body = body
	}
	return r, nil
}

// Header returns a header's value, whatever the case of its name.
func (r *Request) Header(name string) string { return r.headers[strings.ToLower(name)] }

// Bearer returns the token of the Authorization header, or "".
func (r *Request) Bearer() string {
	scheme, token, _ := strings.Cut(r.Header("authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// Polls reports whether the client is polling for changes (A7).
func (r *Request) Polls() bool { return r.Method == "GET" && r.Header("if-none-match") != "" }

// response is what API Gateway expects.
type response struct {
	StatusCode int               `json:"statusCode"`
	Headers    map[string]string `json:"headers"`
	Body       string            `json:"body,omitempty"`
}
