// Package apitest calls the API over HTTP for the tests, as a good client does:
// every answer is held against the contract, and a busy service is asked again.
package apitest

import (
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

// Caller calls a machine's API as somebody.
type Caller struct {
	T      testing.TB   // nil where there is none yet: then only Try
	API    string       // where it is
	Issuer string       // where access tokens are to be had
	Token  string       // who calls; nobody without one
	HTTP   *http.Client // nil is http.DefaultClient, which holds nothing against the contract
}

// At is nobody yet, at a machine, with every answer held against the contract.
func At(t testing.TB, m *machine.Machine) Caller {
	return Caller{T: t, API: m.URL, Issuer: m.IssuerURL, HTTP: &http.Client{Transport: contract.Transport(t, nil)}}
}

// As is whom a token is for.
func (c Caller) As(token string) Caller {
	c.Token = token
	return c
}

// Who is somebody of an organization, by an access token.
func (c Caller) Who(role, organization, subject string) Caller {
	c.T.Helper()
	token, err := AccessToken(c.Issuer, role, organization, subject)
	if err != nil {
		c.T.Fatal(err)
	}
	return c.As(token)
}

// AccessToken is one of the machine's identity provider.
func AccessToken(issuer, role, organization, subject string) (string, error) {
	query := url.Values{"role": {role}, "organization": {organization}, "subject": {subject}}
	a, err := Caller{API: issuer}.Try("GET", "/token?"+query.Encode(), nil)
	if err == nil && a.Text("access_token") == "" {
		err = fmt.Errorf("no token for %v: %d %s", query, a.Status, a.Raw)
	}
	return a.Text("access_token"), err
}

// Try makes one call. A body that is a string is sent as it is, any other as
// JSON; headers are name, value, name, value. It returns an error when there was
// no whole answer.
func (c Caller) Try(method, path string, body any, headers ...string) (Answer, error) {
	ctx, client, sent := context.Background(), c.HTTP, text(body)
	if c.T != nil {
		ctx = c.T.Context()
	}
	if client == nil {
		client = http.DefaultClient
	}
	r, err := http.NewRequestWithContext(ctx, method, c.API+path, strings.NewReader(sent))
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
	a := Answer{Status: resp.StatusCode, Header: resp.Header, Raw: string(raw)}
	_ = json.Unmarshal(raw, &a.Body)
	return a, err
}

// Call makes one call, which is answered somehow.
func (c Caller) Call(method, path string, body any, headers ...string) Answer {
	c.T.Helper()
	a, err := c.Try(method, path, body, headers...)
	if err != nil {
		c.T.Fatal(err)
	}
	return a
}

// patience is how often a busy service is asked again: on a machine that does
// much else the emulator may be slow, and clients come back after a 503.
const patience = 5

// Patient makes a call, and makes it again while the service is busy.
func (c Caller) Patient(method, path string, body any, headers ...string) Answer {
	c.T.Helper()
	a := c.Call(method, path, body, headers...)
	for n := 0; a.Status == http.StatusServiceUnavailable && n < patience; n++ {
		a = c.Call(method, path, body, headers...)
	}
	return a
}

// Want makes a call that must have this status in the end.
func (c Caller) Want(status int, method, path string, body any, headers ...string) Answer {
	c.T.Helper()
	a := c.Patient(method, path, body, headers...)
	if a.Status != status {
		c.T.Fatalf("%s %s: got %d %s, want %d", method, path, a.Status, a.Raw, status)
	}
	return a
}

// JSON is a value as it is sent.
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

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Raw    string
	Body   map[string]any // Raw, decoded; nil if it is no JSON object
}

// At finds a value by a path such as "items.0.seq"; nil if it is not there.
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

// Text is what At finds, as text; "" if it is not there.
func (a Answer) Text(path string) string {
	if v := a.At(path); v != nil {
		return fmt.Sprint(v)
	}
	return ""
}
