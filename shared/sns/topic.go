package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
)

// Topic is a topic that other systems subscribe to.
type Topic struct {
	client *Client
	arn    string
}

// Topic returns the topic with an ARN.
func (c *Client) Topic(arn string) *Topic { return &Topic{c, arn} }

// Publish sends a message to the topic's subscribers. By its attributes, which have a
// value each, a subscription filters. Publish returns a transport's errors of package chat.
func (t *Topic) Publish(ctx context.Context, message string, attributes map[string]string) error {
	in := &sns.PublishInput{TopicArn: &t.arn, Message: &message, MessageAttributes: map[string]types.MessageAttributeValue{}}
	for name, value := range attributes {
		in.MessageAttributes[name] = types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
	}
	_, err := t.client.publish(ctx, in)
	return err
}
