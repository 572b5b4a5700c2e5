package apigw

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"carechat/shared/problem"
)

// Answer is what a handler returns.
type Answer struct {
	Status   int
	Body     any           // nil for none
	Version  int           // the ETag of the one thing in the body (A3); 0 for none
	Location string        // the URL of what was made
	Replayed bool          // the answer repeats an earlier one (A2)
	Poll     time.Duration // when a polling client should look again (A7); 0 if the route is not polled
}

// securityHeaders are on every response (A9).
var securityHeaders = map[string]string{
	"Cache-Control":             "no-store",
	"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
	"X-Content-Type-Options":    "nosniff",
	"Content-Security-Policy":   "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
	"Referrer-Policy":           "no-referrer",
}

func headers(requestID string) map[string]string {
	all := map[string]string{"X-Request-Id": requestID}
	for name, value := range securityHeaders {
		all[name] = value
	}
	return all
}

// encode turns an answer into a response, 304 if the caller has it already.
func encode(r *Request, a Answer) (response, error) {
	out := response{StatusCode: a.Status, Headers: headers(r.ID)}
	if a.Body != nil {
		body, err := json.Marshal(a.Body, json.Deterministic(true))
		if err != nil {
			return out, fmt.Errorf("encode %s: %w", r.Route, err)
		}
		out.Body = string(body)
		out.Headers["Content-Type"] = "application/json"
	}
	if a.Location != "" {
		out.Headers["Location"] = a.Location
	}
	if a.Replayed {
		out.Headers["Idempotent-Replayed"] = "true"
	}
	if a.Version > 0 {
		out.Headers["ETag"] = `"` + strconv.Itoa(a.Version) + `"`
	}
	if a.Poll > 0 {
		out.Headers["Poll-After"] = seconds(a.Poll)
		out.Headers["ETag"] = bodyTag(out.Body)
	}
	if r.Method == "GET" && hasTag(r.Header("if-none-match"), out.Headers["ETag"]) {
		out.StatusCode, out.Body = 304, ""
		delete(out.Headers, "Content-Type")
	}
	return out, nil
}

func seconds(d time.Duration) string { return strconv.Itoa(int((d + time.Second - 1) / time.Second)) }

func bodyTag(body string) string {
	sum := sha256.Sum256([]byte(body))
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// hasTag reports whether a list of ETags has this one. It compares weakly, as If-None-Match does.
func hasTag(list, tag string) bool {
	return tag != "" && slices.ContainsFunc(strings.Split(list, ","), func(each string) bool {
		each = strings.TrimSpace(each)
		return each == "*" || strings.TrimPrefix(each, "W/") == tag
	})
}

// statuses gives each kind of problem its status.
var statuses = map[problem.Kind]int{
	problem.Malformed:       400,
	problem.Unauthenticated: 401,
	problem.Refused:         403,
	problem.Absent:          404,
	problem.WrongMethod:     405,
	problem.Conflict:        409,
	problem.Gone:            410,
	problem.Stale:           412,
	problem.TooLarge:        413,
	problem.WrongMediaType:  415,
	problem.Invalid:         422,
	problem.Limited:         429,
	problem.Internal:        500,
	problem.Busy:            503,
}

// problemBody holds RFC 9457's problem details and members of our own (A8).
type problemBody struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Code      problem.Code   `json:"code"`
	Detail    string         `json:"detail,omitempty"`
	Reason    string         `json:"reason,omitempty"`
	RequestID string         `json:"requestId"`
	Errors    []problemField `json:"errors,omitempty"`
	// Organization is whose link it is (S3).
	Organization *problemOrganization `json:"organization,omitempty"`
	Current      any                  `json:"current,omitempty"`
}

type problemOrganization struct {
	Name      string   `json:"name"`
	Languages []string `json:"languages"`
}

type problemField struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}

// challenge says what to authenticate with and, if there was a token, what is wrong with it (RFC 6750).
func challenge(reason string) string {
	if reason == "" {
		return "Bearer"
	}
	return `Bearer error="invalid_token", error_description="` + reason + `"`
}

// refuse turns a problem into a response.
func refuse(requestID string, p *problem.Problem) response {
	body := problemBody{
		Type: "urn:carechats:problem:" + string(p.Code), Title: problem.Meanings[p.Code].Title,
		Status: statuses[p.Kind()], Code: p.Code, Detail: p.Detail, Reason: p.Reason,
		RequestID: requestID, Organization: (*problemOrganization)(p.Organization), Current: p.Current,
	}
	for _, f := range p.Fields {
		body.Errors = append(body.Errors, problemField(f))
	}
	out := response{StatusCode: body.Status, Headers: headers(requestID)}
	out.Headers["Content-Type"] = "application/problem+json"
	if p.RetryAfter > 0 {
		out.Headers["Retry-After"] = seconds(p.RetryAfter)
	}
	if p.Allow != "" {
		out.Headers["Allow"] = p.Allow
	}
	if body.Status == 401 {
		out.Headers["WWW-Authenticate"] = challenge(p.Reason)
	}
	encoded, err := json.Marshal(body, json.Deterministic(true))
	if err != nil {
		return refuse(requestID, problem.New(problem.InternalError))
	}
	out.Body = string(encoded)
	return out
}
