package table

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"carechat/shared/chat"
	"carechat/shared/env"
	"carechat/shared/sdk"
)

// Table is the DynamoDB table. It is safe for concurrent use.
type Table struct {
	client     *dynamodb.Client
	name       string
	now        func() time.Time
	settings   *cache[chat.Catalog]
	colleagues *cache[map[string]chat.CareManagerRow]
}

// Settings say which table a Table is of and how to reach it.
type Settings struct {
	Name      string
	CacheTime time.Duration // how long settings are kept in memory (T7)
	Now       func() time.Time
	Config    aws.Config
}

// callTimeout is how long one call may take before it is repeated.
const callTimeout = 2 * time.Second

// Open opens the table that the environment names: TABLE_NAME, AWS_ENDPOINT_URL_DYNAMODB and SETTINGS_SECONDS. It makes one signed
// call, so that the first request finds a connection.
func Open() *Table {
	config := sdk.Config(env.Endpoint("AWS_ENDPOINT_URL_DYNAMODB"), callTimeout)
	config.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = 300 * time.Millisecond })
	}
	t := New(Settings{Name: env.Required("TABLE_NAME"), CacheTime: env.CacheTime(), Now: chat.Clock, Config: config})
	t.prime()
	return t
}

// New opens a table with explicit settings.
func New(s Settings) *Table {
	return &Table{
		client: dynamodb.NewFromConfig(s.Config), name: s.Name, now: s.Now, settings: newCache[chat.Catalog](s.CacheTime, s.Now),
		colleagues: newCache[map[string]chat.CareManagerRow](s.CacheTime, s.Now),
	}
}

// prime makes one signed call during start-up, when Lambda gives full speed. If it fails, the first request will say why.
func (t *Table) prime() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, _ = t.get(ctx, orgKey("-"), settingsSort)
}
