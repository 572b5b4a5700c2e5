// Package sns sends texts and emails through Amazon SNS. Its errors hold no phone
// number, no address and no text: SNS's own messages repeat what they refuse.
package sns

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
)

// Client sends through SNS. It is safe for concurrent use.
type Client struct{ api *sns.Client }

// Open opens SNS as the environment says: AWS_ENDPOINT_URL_SNS and what Lambda
// sets. It ends the process where that would let a local run reach a phone. The
// calls go through the HTTP client that is given, net/http's in the end: its
// trace tells whether a call that failed may have gone out.
func Open(through aws.HTTPClient) *Client {
	endpoint := os.Getenv("AWS_ENDPOINT_URL_SNS")
	if endpoint == "" && os.Getenv("AWS_SAM_LOCAL") == "true" {
		slog.Error("AWS_ENDPOINT_URL_SNS is not set: a local run never reaches a phone")
		os.Exit(1)
	}
	return New(endpoint, aws.Config{
		Region: os.Getenv("AWS_REGION"),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{
				AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
				SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
				SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
			}, nil
		}),
		HTTPClient: through,
	})
}

// New opens SNS with explicit settings; endpoint "" is AWS's own. A call is not
// repeated here: whoever owes a text knows how often it may be tried, and a
// repeat after a lost answer would be a second text.
func New(endpoint string, config aws.Config) *Client {
	return &Client{sns.NewFromConfig(config, func(o *sns.Options) {
		o.Retryer = aws.NopRetryer{}
		if endpoint != "" {
			o.BaseEndpoint = &endpoint
		}
	})}
}

// Text sends a text to a phone number (E.164), with the priority of something
// that somebody waits for (N4). Its errors are those of this package.
func (c *Client) Text(ctx context.Context, phone, text string) error {
	return c.publish(ctx, &sns.PublishInput{
		PhoneNumber: &phone, Message: &text,
		MessageAttributes: map[string]types.MessageAttributeValue{
			"AWS.SNS.SMS.SMSType": {DataType: aws.String("String"), StringValue: aws.String("Transactional")},
		},
	})
}

// publish takes an answer without a message's id, which the SDK lets through, for none.
func (c *Client) publish(ctx context.Context, in *sns.PublishInput) error {
	var a attempt
	out, err := c.api.Publish(a.watch(ctx), in)
	if err == nil && aws.ToString(out.MessageId) == "" {
		return ErrUnsure
	}
	return a.failed(err)
}
