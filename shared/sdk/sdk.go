// Package sdk configures the AWS SDK.
package sdk

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"carechat/shared/env"
)

// connections are those of all clients of a process. A function makes a few calls side by side, and net/http would keep the
// connections of two: the others' TLS handshakes cost more than the calls.
var connections = func() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 16
	return t
}()

// Config returns the configuration of a function's client. Its endpoint is "" for AWS's own, and a call may take timeout. It is built
// by hand from what Lambda sets: the SDK's own loader costs start-up time for sources that a function does not have.
func Config(endpoint string, timeout time.Duration) aws.Config {
	credentials := aws.Credentials{
		AccessKeyID: env.Text("AWS_ACCESS_KEY_ID"), SecretAccessKey: env.Text("AWS_SECRET_ACCESS_KEY"), SessionToken: env.Text("AWS_SESSION_TOKEN"),
	}
	return New(env.Text("AWS_REGION"), endpoint, credentials, &http.Client{Timeout: timeout, Transport: connections})
}

// New returns a configuration with explicit settings.
func New(region, endpoint string, credentials aws.Credentials, through *http.Client) aws.Config {
	config := aws.Config{
		Region: region, HTTPClient: InMemoryBodies(through),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return credentials, nil }),
	}
	if endpoint != "" {
		config.BaseEndpoint = &endpoint
	}
	return config
}

type inMemoryBodies struct{ client *http.Client }

// InMemoryBodies returns a client that gives net/http request bodies of a type that it knows. With the SDK's own wrapper a response
// that comes before the body's last read closes the connection in the middle of it, and the SDK retries after seconds.
func InMemoryBodies(c *http.Client) aws.HTTPClient { return inMemoryBodies{c} }

func (m inMemoryBodies) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.ContentLength > 0 {
		body := make([]byte, r.ContentLength)
		if _, err := io.ReadFull(r.Body, body); err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	return m.client.Do(r)
}
