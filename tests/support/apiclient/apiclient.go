// Package apiclient calls the API over HTTP for the tests. A Client checks each
// answer against the contract and retries while the service is busy.
package apiclient

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"carechat/local/machine"
	"carechat/tests/support/contract"
)

// Client calls a machine's API as one caller.
type Client struct {
	T      testing.TB   // nil before the first test: a failure panics then
	API    string       // the API's address
	Issuer string       // the identity provider's address
	Token  string       // the bearer token; "" sends none
	HTTP   *http.Client // nil is http.DefaultClient, which checks no contract
}

// New returns a Client of a machine that sends no token and checks every answer
// against the contract.
func New(t testing.TB, m *machine.Machine) Client {
	return Client{T: t, API: m.URL, Issuer: m.IssuerURL, HTTP: &http.Client{Transport: contract.Transport(t, nil)}}
}

// WithToken returns a Client that sends this token.
func (c Client) WithToken(token string) Client {
	c.Token = token
	return c
}

// As returns a Client that calls with an access token of an organization's
// identity provider. The role is member, careManager or platform.
func (c Client) As(role, organization, subject string) Client {
	c.TB().Helper()
	token, err := AccessToken(c.Issuer, role, organization, subject)
	if err != nil {
		c.TB().Fatal(err)
	}
	return c.WithToken(token)
}

// AccessToken returns an access token of the machine's identity provider.
func AccessToken(issuer, role, organization, subject string) (string, error) {
	query := url.Values{"role": {role}, "organization": {organization}, "subject": {subject}}
	a, err := Client{API: issuer}.Try("GET", "/token?"+query.Encode(), nil)
	if err == nil && a.Text("access_token") == "" {
		err = fmt.Errorf("no token for %v: %d %s", query, a.Status, a.Raw)
	}
	return a.Text("access_token"), err
}

// Try makes one call. A string body is sent as it is, any other as JSON; headers
// are name, value, name, value. It returns an error if no whole answer came.
func (c Client) Try(method, path string, body any, headers ...string) (Answer, error) {
	client, sent := cmp.Or(c.HTTP, http.DefaultClient), text(body)
	r, err := http.NewRequestWithContext(c.TB().Context(), method, c.API+path, strings.NewReader(sent))
	if err != nil {
		return Answer{}, err
	}
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if sent != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := client.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	return NewAnswer(resp.StatusCode, resp.Header, raw), err
}

// Call makes one call and returns whatever the answer is.
func (c Client) Call(method, path string, body any, headers ...string) Answer {
	c.TB().Helper()
	a, err := c.Try(method, path, body, headers...)
	if err != nil {
		c.TB().Fatal(err)
	}
	return a
}

// maxRetries bounds the calls after a 503: on a loaded machine the emulator may
// be slow for a while.
const maxRetries = 5

// Retry makes a call, and makes it again while the answer is 503.
func (c Client) Retry(method, path string, body any, headers ...string) Answer {
	c.TB().Helper()
	a := c.Call(method, path, body, headers...)
	for n := 0; a.Status == http.StatusServiceUnavailable && n < maxRetries; n++ {
		a = c.Call(method, path, body, headers...)
	}
	return a
}

// Want makes a call as Retry does and fails the test if the answer has another status.
func (c Client) Want(status int, method, path string, body any, headers ...string) Answer {
	c.TB().Helper()
	a := c.Retry(method, path, body, headers...)
	if a.Status != status {
		c.TB().Fatalf("%s %s: got %d %s, want %d", method, path, a.Status, a.Raw, status)
	}
	return a
}

// TB returns the test that failures are reported to.
func (c Client) TB() testing.TB {
	if c.T == nil {
		return panicking{}
	}
	return c.T
}

// panicking stands in for a test where there is none yet.
type panicking struct{ testing.TB }

func (panicking) Helper()                      {}
func (panicking) Context() context.Context     { return context.Background() }
func (panicking) Fatal(args ...any)            { panic(fmt.Sprint(args...)) }
func (panicking) Fatalf(f string, args ...any) { panic(fmt.Sprintf(f, args...)) }

// JSON returns a value as it is sent.
func JSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func text(body any) string {
	switch body := body.(type) {
	case nil:
		return ""
	case string:
		return body
	}
	return JSON(body)
}

// Answer is a response.
type Answer struct {
	Status int
	Header http.Header
	Raw    string
	Body   map[string]any // Raw, decoded; nil if it is not a JSON object
}

// NewAnswer returns an Answer with this body.
func NewAnswer(status int, header http.Header, raw []byte) Answer {
	a := Answer{Status: status, Header: header, Raw: string(raw)}
	_ = json.Unmarshal(raw, &a.Body)
	return a
}

// At returns the value at a path such as "items.0.seq", or nil if there is none.
func (a Answer) At(path string) any {
	var v any = a.Body
	for step := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

// Text returns the value at a path as text, or "" if there is none.
func (a Answer) Text(path string) string {
	if v := a.At(path); v != nil {
		return fmt.Sprint(v)
	}
	return ""
}
