package machine

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

const (
	maxBody   = 10 << 20 // API Gateway's own
	maxHeader = 10240    // request line and headers together; API Gateway's own
)

// gateway is API Gateway's HTTP API with payload format 2.0.
type gateway struct {
	routes []route
	cors   cors
	invoke func(ctx context.Context, function string, payload []byte) ([]byte, error)
}

func (g gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Apigw-Requestid", uuid())
	allowed := g.cors.allow(w, r)
	if allowed && isPreflight(r) {
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
	g.answer(w, r, found.function, payload)
}

// say answers in API Gateway's own name.
func say(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
}

func (g gateway) answer(w http.ResponseWriter, r *http.Request, function string, payload []byte) {
	answer, err := g.invoke(r.Context(), function, payload)
	if errors.Is(err, errBusy) {
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

// write sends a function's answer; one that is no answer is an error.
func (g gateway) write(w http.ResponseWriter, answer []byte) error {
	var a struct {
		StatusCode *int `json:"statusCode"`
		events.APIGatewayV2HTTPResponse
	}
	if err := json.Unmarshal(answer, &a); err != nil || a.StatusCode == nil {
		status := http.StatusOK // what is no answer of this form is a body
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

// writeHeaders adds a function's headers; those of CORS are the gateway's alone.
func (g gateway) writeHeaders(h http.Header, headers map[string]string, cookies []string, status int) {
	for name, value := range headers {
		if g.cors.isOff() || !strings.HasPrefix(strings.ToLower(name), "access-control-") {
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

// event is the request as a function sees it.
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
			RouteKey: found.key(), AccountID: "000000000000", APIID: "local", Stage: "$default", RequestID: uuid(),
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

// headers are the request's, in lower case, those that came twice joined.
func headers(r *http.Request, address string) map[string]string {
	all := map[string]string{"host": r.Host, "x-amzn-trace-id": traceID()}
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

// cors is what the template says of other origins.
type cors struct {
	AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders []string
	MaxAge                                                  int
}

func (c cors) isOff() bool { return len(c.AllowOrigins) == 0 }

func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
}

// allow sets the headers for the request's origin. It says whether there is
// CORS at all: then preflights are answered here and not by a function.
func (c cors) allow(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if c.isOff() || origin == "" {
		return !c.isOff()
	}
	h := w.Header()
	h.Add("Vary", "Origin")
	if !slices.ContainsFunc(c.AllowOrigins, func(pattern string) bool { return isOrigin(pattern, origin) }) {
		return true
	}
	h.Set("Access-Control-Allow-Origin", origin)
	if !isPreflight(r) {
		h.Set("Access-Control-Expose-Headers", strings.Join(c.ExposeHeaders, ","))
		return true
	}
	h.Set("Access-Control-Allow-Methods", strings.Join(c.AllowMethods, ","))
	h.Set("Access-Control-Allow-Headers", strings.Join(c.AllowHeaders, ","))
	h.Set("Access-Control-Max-Age", strconv.Itoa(c.MaxAge))
	return true
}

// isOrigin knows one pattern more than API Gateway: any port of a host.
func isOrigin(pattern, origin string) bool {
	host, anyPort := strings.CutSuffix(pattern, ":*")
	port, same := strings.CutPrefix(origin, host+":")
	return pattern == origin || pattern == "*" ||
		anyPort && (origin == host || same && strings.Trim(port, "0123456789") == "")
}
