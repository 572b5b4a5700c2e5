package sdk

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// sent plays the network.
type sent func(r *http.Request) (*http.Response, error)

func (s sent) RoundTrip(r *http.Request) (*http.Response, error) { return s(r) }

// A body is read whole before the request goes out, and goes out whole.
func TestBodiesAreInMemory(t *testing.T) {
	for _, given := range []string{"some words", ""} {
		body, unread, got := strings.NewReader(given), -1, ""
		client := InMemoryBodies(&http.Client{Transport: sent(func(r *http.Request) (*http.Response, error) {
			unread = body.Len()
			if r.Body != nil {
				all, _ := io.ReadAll(r.Body)
				got = string(all)
			}
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
		})})
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1", io.NopCloser(body))
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = int64(len(given))
		a, err := client.Do(r)
		if err != nil || a.Body.Close() != nil || unread != 0 || got != given {
			t.Errorf("%q: %v, %d bytes unread, sent %q", given, err, unread, got)
		}
	}
}

// Without an endpoint the SDK finds AWS's own.
func TestAnEndpointIsAWSsOrGiven(t *testing.T) {
	if e := New("us-east-1", "", aws.Credentials{}, http.DefaultClient).BaseEndpoint; e != nil {
		t.Errorf("%q for AWS", *e)
	}
	if e := New("us-east-1", "http://127.0.0.1:1", aws.Credentials{}, http.DefaultClient).BaseEndpoint; e == nil || *e != "http://127.0.0.1:1" {
		t.Error("the endpoint is not the one given")
	}
}
