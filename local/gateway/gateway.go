// Package gateway plays API Gateway: an HTTP API with payload format 2.0.
package gateway

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"carechat/local/lambda"
	"carechat/local/template"

	"github.com/aws/aws-lambda-go/events"
)

const (
	maxBody = 10 << 20 // API Gateway's limit
	// MaxHeaderBytes is API Gateway's limit for the request line and the headers together.
	MaxHeaderBytes = 10240
)

// Gateway is an HTTP API.
type Gateway struct {
	routes []route
	cors   template.CORS
	invoke func(ctx context.Context, function string, payload []byte) ([]byte, error)
}

// New returns an HTTP API whose requests invoke, such as lambda.Service.Invoke, answers.
func New(routes []template.Route, cors template.CORS, invoke func(ctx context.Context, function string, payload []byte) ([]byte, error)) Gateway {
	return Gateway{sorted(routes), cors, invoke}
}

func (g Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Apigw-Requestid", rand.Text())
	if allow(g.cors, w, r) && isPreflight(r) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	found, parameters := match(g.routes, r.Method, r.URL.EscapedPath())
	if found == nil {
		say(w, http.StatusNotFound, "Not Found")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		say(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	} else if err != nil {
		say(w, http.StatusBadRequest, "Bad Request")
		return
	}
	payload, err := json.Marshal(event(r, body, found, parameters))
	if err != nil {
		say(w, http.StatusInternalServerError, "Internal Server Error")
		return
	}
	g.answer(w, r, found.Function, payload)
}

// say writes an answer of API Gateway's own.
func say(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
}

func (g Gateway) answer(w http.ResponseWriter, r *http.Request, function string, payload []byte) {
	answer, err := g.invoke(r.Context(), function, payload)
	if errors.Is(err, lambda.ErrBusy) {
		say(w, http.StatusServiceUnavailable, "Service Unavailable")
		return
	}
	if err == nil {
		err = g.write(w, answer)
	}
	if err != nil {
		say(w, http.StatusInternalServerError, "Internal Server Error")
	}
}

// write writes a function's answer. It returns an error if the answer has no valid
// status or its body is not base64 where it should be.
func (g Gateway) write(w http.ResponseWriter, answer []byte) error {
	var a struct {
		StatusCode *int `json:"statusCode"`
		events.APIGatewayV2HTTPResponse
	}
	if err := json.Unmarshal(answer, &a); err != nil || a.StatusCode == nil {
		status := http.StatusOK // an answer in any other form is a body
		a.StatusCode, a.Body, a.Headers = &status, string(answer), map[string]string{"Content-Type": "application/json"}
	}
	if *a.StatusCode < 200 || *a.StatusCode > 599 {
		return errors.New("no such status")
	}
	body := []byte(a.Body)
	if a.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(a.Body); err != nil {
			return err
		}
	}
	g.writeHeaders(w.Header(), a.Headers, a.Cookies, *a.StatusCode)
	w.WriteHeader(*a.StatusCode)
	if *a.StatusCode != http.StatusNoContent && *a.StatusCode != http.StatusNotModified {
		_, _ = w.Write(body)
	}
	return nil
}

// writeHeaders adds a function's headers, but for those of CORS if the gateway sets them.
func (g Gateway) writeHeaders(h http.Header, headers map[string]string, cookies []string, status int) {
	for name, value := range headers {
		if isOff(g.cors) || !strings.HasPrefix(strings.ToLower(name), "access-control-") {
			h.Add(name, value)
		}
	}
	for _, cookie := range cookies {
		h.Add("Set-Cookie", cookie)
	}
	if h.Get("Content-Type") == "" && status != http.StatusNoContent && status != http.StatusNotModified {
		h.Set("Content-Type", "text/plain;charset=UTF-8")
	}
}

// event returns the event that a function gets for a request.
func event(r *http.Request, body []byte, found *route, parameters map[string]string) events.APIGatewayV2HTTPRequest {
	now := time.Now().UTC()
	host, address := r.Host, remoteIP(r)
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: found.key(), RawPath: r.URL.Path, RawQueryString: r.URL.RawQuery,
		Headers: headers(r, address), QueryStringParameters: query(r.URL.RawQuery), PathParameters: parameters,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey: found.key(), AccountID: "000000000000", APIID: "local", Stage: "$default", RequestID: rand.Text(),
			DomainName: host, DomainPrefix: strings.Split(host, ".")[0],
			Time: now.Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: now.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: r.Method, Path: r.URL.Path, Protocol: r.Proto, SourceIP: address, UserAgent: r.UserAgent(),
			},
		},
		Body: string(body),
	}
	for _, line := range r.Header.Values("Cookie") {
		for cookie := range strings.SplitSeq(line, ";") {
			e.Cookies = append(e.Cookies, strings.TrimSpace(cookie))
		}
	}
	if !utf8.Valid(body) {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return e
}

func remoteIP(r *http.Request) string {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	return host
}

// headers returns the request's headers, their names in lower case, repeated ones joined.
func headers(r *http.Request, address string) map[string]string {
	all := map[string]string{"host": r.Host}
	for name, values := range r.Header {
		if name != "Cookie" {
			all[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	if r.ContentLength >= 0 && r.Body != http.NoBody {
		all["content-length"] = strconv.FormatInt(r.ContentLength, 10)
	}
	all["x-forwarded-for"] = strings.TrimPrefix(all["x-forwarded-for"]+", "+address, ", ")
	all["x-forwarded-proto"] = "http"
	return all
}

func query(raw string) map[string]string {
	values, _ := url.ParseQuery(raw)
	if len(values) == 0 {
		return nil
	}
	all := map[string]string{}
	for name := range maps.Keys(values) {
		all[name] = strings.Join(values[name], ",")
	}
	return all
}
