// Package fetch makes plain HTTP requests for tests.
package fetch

import (
	"io"
	"net/http"
	"testing"
)

// Client returns an HTTP client that keeps no connection when the test is over.
func Client(t testing.TB) *http.Client {
	c := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// Get returns the body at a URL, whatever the status.
func Get(t testing.TB, c *http.Client, url string) string {
	t.Helper()
	response, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	return body(t, response)
}

// OK returns the body of a response, which must have status 200.
func OK(t testing.TB, response *http.Response, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	content := body(t, response)
	if response.StatusCode != http.StatusOK {
		t.Fatal(response.Status, content)
	}
	return content
}

func body(t testing.TB, response *http.Response) string {
	t.Helper()
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
