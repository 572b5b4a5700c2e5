package access

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"

	"carechat/tests/support/contract"
)

// onceEach checks answers against the contract, a refusal once for each path and
// status: the matrix gets each from a dozen callers, and checks that they are equal.
type onceEach struct {
	t       testing.TB
	checked map[string]bool
}

// RoundTrip implements http.RoundTripper.
func (h onceEach) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	again := r.Clone(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(sent))
	answer, err := http.DefaultTransport.RoundTrip(again)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	answer.Body = io.NopCloser(bytes.NewReader(body))
	key := fmt.Sprint(r.Method, r.URL, answer.StatusCode)
	if refusal := answer.StatusCode/100 == 4; refusal && h.checked[key] {
		return answer, err
	}
	h.checked[key] = true
	if err := contract.Check(contract.Exchange{
		Method: r.Method, URL: r.URL, RequestHeader: r.Header, RequestBody: sent,
		Status: answer.StatusCode, Header: answer.Header, Body: body,
	}); err != nil {
		h.t.Error(err)
	}
	return answer, err
}
