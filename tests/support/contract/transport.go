package contract

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
)

// Transport returns a transport that checks every exchange under /v1 and reports
// violations to t. The client gets the answer in any case. A nil next is
// http.DefaultTransport.
func Transport(t testing.TB, next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return &checker{t: t, next: next}
}

// Proxy starts a server in front of target (http://host:port) that does the same for
// curl and browsers. It ends with t.
func Proxy(t testing.TB, target string) *httptest.Server {
	t.Helper()
	address, err := url.Parse(target)
	if err != nil {
		t.Fatalf("contract: proxy: %v", err)
	}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Transport: Transport(t, nil),
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(address) },
	})
	t.Cleanup(server.Close)
	return server
}

type checker struct {
	t    testing.TB
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (c *checker) RoundTrip(r *http.Request) (*http.Response, error) {
	if !documented(r) {
		return c.next.RoundTrip(r)
	}
	sent, answer, err := c.forward(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	answer.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if r.Method != http.MethodHead { // its answer has no body
		c.report(Exchange{
			Method: r.Method, URL: r.URL, RequestHeader: r.Header, RequestBody: sent,
			Status: answer.StatusCode, Header: answer.Header, Body: body,
		})
	}
	return answer, nil
}

// forward sends the request on unchanged and returns a copy of its body.
func (c *checker) forward(r *http.Request) ([]byte, *http.Response, error) {
	if r.Body == nil || r.Body == http.NoBody {
		answer, err := c.next.RoundTrip(r)
		return nil, answer, err
	}
	sent, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(sent))
	answer, err := c.next.RoundTrip(r)
	return sent, answer, err
}

func (c *checker) report(e Exchange) {
	if err := Check(e); err != nil {
		c.t.Errorf("%v", err)
	}
}
