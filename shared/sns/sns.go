// Package sns sends texts and emails through Amazon SNS. Its errors hold no phone number, no address and no text: SNS's own messages
// repeat what they refuse.
package sns

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"carechat/shared/chat"
	"carechat/shared/env"
	"carechat/shared/sdk"
)

// Client sends through SNS. It is safe for concurrent use.
type Client struct{ api *sns.Client }

// Open opens SNS as the environment says: AWS_ENDPOINT_URL_SNS and what Lambda sets. A call may take timeout.
func Open(timeout time.Duration) *Client {
	return New(sdk.Config(env.Endpoint("AWS_ENDPOINT_URL_SNS"), timeout))
}

// New opens SNS with explicit settings. Its HTTP client must be net/http's in the end, whose trace tells whether a call that failed may
// have reached SNS. A call is not repeated here: whoever owes a text knows how often it may be tried, and a repeat after a lost
// response would be a second text.
func New(config aws.Config) *Client {
	return &Client{sns.NewFromConfig(config, func(o *sns.Options) { o.Retryer = aws.NopRetryer{} })}
}

// Text sends a text to a phone number (E.164) with the priority of something that a person waits for (N4). It returns the id that SNS
// gave it, which SNS's delivery log has too, and a transport's errors of package chat.
func (c *Client) Text(ctx context.Context, phone, text string) (id string, err error) {
	return c.publish(ctx, &sns.PublishInput{
		PhoneNumber: &phone, Message: &text,
		MessageAttributes: map[string]types.MessageAttributeValue{
			"AWS.SNS.SMS.SMSType": {DataType: aws.String("String"), StringValue: aws.String("Transactional")},
		},
	})
}

// publish returns the message's id. It returns chat.ErrUnsure for a response without one, which the SDK lets through.
func (c *Client) publish(ctx context.Context, in *sns.PublishInput) (id string, err error) {
	var a attempt
	out, err := c.api.Publish(a.watch(ctx), in)
	if err != nil {
		return "", a.failed(err)
	}
	if id = aws.ToString(out.MessageId); id == "" {
		return "", chat.ErrUnsure
	}
	return id, nil
}
