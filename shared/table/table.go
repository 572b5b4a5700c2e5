package table

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"carechat/shared/chat"
)

// Table is the one DynamoDB table. It is safe for concurrent use.
type Table struct {
	client   *dynamodb.Client
	name     string
	now      func() time.Time
	settings *kept[chat.Catalog]
}

// Settings say which table and how to reach it; Open reads them from the environment.
type Settings struct {
	Name     string
	Endpoint string        // "" for AWS's own
	Keep     time.Duration // how long settings are kept in memory (T7)
	Now      func() time.Time
	Config   aws.Config
}

// Open opens the table that the environment names: TABLE_NAME,
// AWS_ENDPOINT_URL_DYNAMODB and SETTINGS_SECONDS (60 when unset). It ends the
// process when they make no sense: better at the start than at a member's
// request. It primes one signed call, so that the first request finds a
// connection.
func Open() *Table {
	s := Settings{
		Name:     os.Getenv("TABLE_NAME"),
		Endpoint: os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"),
		Now:      chat.Clock,
		Config:   awsConfig(),
	}
	seconds, err := strconv.Atoi(cmp.Or(os.Getenv("SETTINGS_SECONDS"), "60"))
	s.Keep = time.Duration(seconds) * time.Second
	switch {
	case s.Name == "":
		fatal("TABLE_NAME is not set")
	case err != nil || seconds < 0:
		fatal("SETTINGS_SECONDS is not a number of seconds")
	case s.Endpoint == "" && os.Getenv("AWS_SAM_LOCAL") == "true":
		fatal("AWS_ENDPOINT_URL_DYNAMODB is not set: a local run never reaches an AWS account")
	}
	t := New(s)
	t.prime()
	return t
}

// New opens a table with explicit settings.
func New(s Settings) *Table {
	client := dynamodb.NewFromConfig(s.Config, func(o *dynamodb.Options) {
		if s.Endpoint != "" {
			o.BaseEndpoint = aws.String(s.Endpoint)
		}
	})
	return &Table{client: client, name: s.Name, now: s.Now, settings: keep[chat.Catalog](s.Keep, s.Now)}
}

func fatal(message string) {
	slog.Error(message)
	os.Exit(1)
}

// awsConfig is built by hand from what Lambda sets: the SDK's own loader costs
// start-up time for sources that a function does not have.
func awsConfig() aws.Config {
	return aws.Config{
		Region: os.Getenv("AWS_REGION"),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{
				AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
				SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
				SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
			}, nil
		}),
		HTTPClient: InMemoryBodies(&http.Client{Timeout: 2 * time.Second}),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = 300 * time.Millisecond })
		},
	}
}

type inMemoryBodies struct{ client *http.Client }

// InMemoryBodies gives net/http request bodies that it knows. With the SDK's
// own wrapper a reply that comes before the body's last read closes the
// connection in the middle of it, and the SDK retries after seconds.
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

// prime makes one signed call during start-up, when Lambda gives full speed. It
// may fail: the first request will say why.
func (t *Table) prime() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, _ = t.get(ctx, orgKey("-"), settingsSort)
}
