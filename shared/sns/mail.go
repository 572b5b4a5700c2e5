package sns

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"carechat/shared/chat"
)

// Mail sends emails through SNS, which sends them only to confirmed subscriptions of a topic: each address has a topic of its own (N5).
type Mail struct {
	client *Client
	prefix string
}

// Mail returns the transport of emails whose topics' names begin with prefix, by which a role may be limited to them. Prefix and name
// together are at most 256 letters, digits, hyphens and underscores.
func (c *Client) Mail(prefix string) *Mail { return &Mail{c, prefix} }

// Subscribe makes the topic of an address and has SNS ask its owner to confirm. It may be repeated: the topic and the subscription
// stay the same, but each call asks again until the owner confirms. If the address is
// invalid it leaves no topic and returns chat.ErrInvalid.
func (m *Mail) Subscribe(ctx context.Context, name, address string) (topic, subscription string, err error) {
	var making, subscribing attempt
	made, err := m.client.api.CreateTopic(making.watch(ctx), &sns.CreateTopicInput{Name: aws.String(m.prefix + name)})
	if err != nil {
		return "", "", making.failed(err)
	}
	got, err := m.client.api.Subscribe(subscribing.watch(ctx), &sns.SubscribeInput{
		TopicArn: made.TopicArn, Protocol: aws.String("email"), Endpoint: &address, ReturnSubscriptionArn: true,
	})
	if err != nil {
		err = subscribing.failed(err)
		if errors.Is(err, chat.ErrInvalid) { // nothing names the topic, and it would count against the account's limit
			err = errors.Join(err, m.Remove(ctx, aws.ToString(made.TopicArn)))
		}
		return "", "", err
	}
	topic, subscription = aws.ToString(made.TopicArn), aws.ToString(got.SubscriptionArn)
	if topic == "" || subscription == "" {
		return "", "", chat.ErrUnsure
	}
	return topic, subscription, nil
}

// Confirmed reports whether the owner of the address has confirmed the subscription and not ended it since.
func (m *Mail) Confirmed(ctx context.Context, subscription string) (bool, error) {
	var a attempt
	got, err := m.client.api.GetSubscriptionAttributes(a.watch(ctx), &sns.GetSubscriptionAttributesInput{SubscriptionArn: &subscription})
	switch gone := (*types.NotFoundException)(nil); {
	case errors.As(err, &gone):
		return false, nil
	case err != nil:
		return false, a.failed(err)
	}
	return got.Attributes["PendingConfirmation"] == "false", nil
}

// Send sends an email to the address of a topic, or to nobody while it is unconfirmed. The subject is one line of fewer than 100
// characters; if it is "", SNS writes its own. Send returns a transport's errors of package chat, ErrInvalid if the topic is gone.
func (m *Mail) Send(ctx context.Context, topic, subject, text string) error {
	in := &sns.PublishInput{TopicArn: &topic, Message: &text}
	if subject != "" {
		in.Subject = &subject
	}
	_, err := m.client.publish(ctx, in)
	return err
}

// Remove deletes a topic and its subscription, confirmed or not. It returns nil if the topic is gone.
func (m *Mail) Remove(ctx context.Context, topic string) error {
	var a attempt
	_, err := m.client.api.DeleteTopic(a.watch(ctx), &sns.DeleteTopicInput{TopicArn: &topic})
	if gone := (*types.NotFoundException)(nil); errors.As(err, &gone) {
		return nil
	}
	return a.failed(err)
}
