package sns

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"
)

// code returns the code of an error of SNS.
func code(err error) string {
	if api := smithy.APIError(nil); errors.As(err, &api) {
		return api.ErrorCode()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func newTopic(t *testing.T, on target, name string) string {
	t.Helper()
	out, err := on.api.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	return *out.TopicArn
}

func attributes(t *testing.T, on target, subscription string) map[string]string {
	t.Helper()
	out, err := on.api.GetSubscriptionAttributes(t.Context(), &sns.GetSubscriptionAttributesInput{SubscriptionArn: &subscription})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes
}

func TestATopicIsMadeOnceByItsName(t *testing.T) {
	onEach(t, func(t *testing.T, on target) {
		arn := newTopic(t, on, "member-1")
		if arn != "arn:aws:sns:us-east-1:123456789012:member-1" || newTopic(t, on, "member-1") != arn {
			t.Error(arn)
		}
		if another := newTopic(t, on, "member-2"); another == arn {
			t.Error(another)
		}
		for _, name := range []string{"member 1", "member#1", "", strings.Repeat("m", 257)} {
			if _, err := on.api.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: &name}); code(err) != "InvalidParameter" {
				t.Errorf("%q: %v", name, err)
			}
		}
	})
}

func TestATopicTakesItsSubscriptionsAlong(t *testing.T) {
	onEach(t, func(t *testing.T, on target) {
		topic := newTopic(t, on, "member-1")
		subscription := subscribe(t, on, topic, "email", "ana@example.org")
		for range 2 { // the second time it is gone
			if _, err := on.api.DeleteTopic(t.Context(), &sns.DeleteTopicInput{TopicArn: &topic}); err != nil {
				t.Fatal(err)
			}
		}
		_, err := on.api.GetSubscriptionAttributes(t.Context(), &sns.GetSubscriptionAttributesInput{SubscriptionArn: &subscription})
		if code(err) != "NotFound" {
			t.Errorf("its subscription: %v", err)
		}
		if _, err := on.api.Publish(t.Context(), &sns.PublishInput{TopicArn: &topic, Message: aws.String("x")}); code(err) != "NotFound" {
			t.Errorf("publish: %v", err)
		}
		_, err = on.api.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: &topic, Protocol: aws.String("email"), Endpoint: aws.String("ana@example.org")})
		if code(err) != "NotFound" {
			t.Errorf("subscribe: %v", err)
		}
	})
}

func TestAnAddressSubscribesOnceToATopic(t *testing.T) {
	onEach(t, func(t *testing.T, on target) {
		topic := newTopic(t, on, "member-1")
		subscription := subscribe(t, on, topic, "email", "ana@example.org")
		if !strings.HasPrefix(subscription, topic+":") || subscribe(t, on, topic, "email", "ana@example.org") != subscription {
			t.Error(subscription)
		}
		got := attributes(t, on, subscription)
		if got["Endpoint"] != "ana@example.org" || got["Protocol"] != "email" || got["TopicArn"] != topic || got["SubscriptionArn"] != subscription {
			t.Error(got)
		}
		if on.isMoto { // unlike AWS it neither checks addresses nor waits for a confirmation
			return
		}
		if got["PendingConfirmation"] != "true" {
			t.Error(got)
		}
		for _, bad := range []string{"", "ana", "Ana <ana@example.org>", "ana@example.org,ben@example.org"} {
			_, err := on.api.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: &topic, Protocol: aws.String("email"), Endpoint: &bad})
			if code(err) != "InvalidParameter" {
				t.Errorf("%q: %v", bad, err)
			}
		}
		out, err := on.api.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: &topic, Protocol: aws.String("email"), Endpoint: aws.String("ben@example.org")})
		if err != nil || *out.SubscriptionArn != "pending confirmation" {
			t.Errorf("not asked for its ARN: %v, %v", out, err)
		}
	})
}

// Only this machine waits for the owner of an address, as AWS's documentation says of SNS.
func TestAnAddressConfirms(t *testing.T) {
	on := ours(t)
	topic := newTopic(t, on, "member-1")
	subscription := subscribe(t, on, topic, "email", "ana@example.org")
	confirm := link(t, messages(t, on.url, "ana@example.org")[0].Text, "ConfirmSubscription")
	if _, err := on.api.Unsubscribe(t.Context(), &sns.UnsubscribeInput{SubscriptionArn: &subscription}); code(err) != "InvalidParameter" {
		t.Errorf("what is pending cannot be ended: %v", err)
	}
	_, err := on.api.ConfirmSubscription(t.Context(), &sns.ConfirmSubscriptionInput{TopicArn: &topic, Token: aws.String("none")})
	if code(err) != "InvalidParameter" {
		t.Errorf("a token that is none: %v", err)
	}
	for range 2 { // the link may be opened twice
		if body := string(open(t, confirm)); !strings.Contains(body, "<SubscriptionArn>"+subscription+"</SubscriptionArn>") {
			t.Error(body)
		}
	}
	if got := attributes(t, on, subscription); got["PendingConfirmation"] != "false" {
		t.Error(got)
	}
}

func TestASubscriptionEnds(t *testing.T) {
	onEach(t, func(t *testing.T, on target) {
		topic := newTopic(t, on, "events")
		subscription, got := on.listen(t, topic)
		publish(t, on, &sns.PublishInput{TopicArn: &topic, Message: aws.String("one")})
		for range 2 {
			if _, err := on.api.Unsubscribe(t.Context(), &sns.UnsubscribeInput{SubscriptionArn: &subscription}); err != nil {
				t.Fatal(err)
			}
		}
		publish(t, on, &sns.PublishInput{TopicArn: &topic, Message: aws.String("two")})
		if all := got(); !slices.Equal(all, []string{"one"}) {
			t.Errorf("%q", all)
		}
		_, err := on.api.GetSubscriptionAttributes(t.Context(), &sns.GetSubscriptionAttributesInput{SubscriptionArn: &subscription})
		if code(err) != "NotFound" {
			t.Error(err)
		}
	})
}
