package sns

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

func publish(t *testing.T, on target, in *sns.PublishInput) {
	t.Helper()
	if out, err := on.api.Publish(t.Context(), in); err != nil || aws.ToString(out.MessageId) == "" {
		t.Fatal(out, err)
	}
}

func TestATextReachesItsPhone(t *testing.T) {
	onEach(t, func(t *testing.T, on target) {
		const phone = "+15550100101"
		publish(t, on, &sns.PublishInput{PhoneNumber: aws.String(phone), Message: aws.String("Harbor Care: <a> & ñ")})
		publish(t, on, &sns.PublishInput{PhoneNumber: aws.String("+15550100102"), Message: aws.String("another's")})
		if got := on.texts(t, phone); !slices.Equal(got, []string{"Harbor Care: <a> & ñ"}) {
			t.Errorf("%q", got)
		}
		_, err := on.api.Publish(t.Context(), &sns.PublishInput{PhoneNumber: aws.String("no phone"), Message: aws.String("x")})
		if code(err) != "InvalidParameter" {
			t.Error(err)
		}
	})
}

// AWS refuses to text an opted-out phone. moto does not.
func TestAnOptedOutPhoneGetsNoText(t *testing.T) {
	on, phone := ours(t), "+15550100199"
	optOut(t, on.url, phone)
	if _, err := on.api.Publish(t.Context(), &sns.PublishInput{PhoneNumber: &phone, Message: aws.String("x")}); code(err) != "OptedOut" || len(on.texts(t, phone)) != 0 {
		t.Error(err)
	}
}

func TestInvalidMessagesAreRefused(t *testing.T) {
	// moto accepts these.
	passes := []string{"nothing", "a subject of two lines", "no ARN"}
	onEach(t, func(t *testing.T, on target) {
		topic := newTopic(t, on, "events")
		for name, in := range map[string]*sns.PublishInput{
			"nothing":                {TopicArn: &topic, Message: aws.String("")},
			"too much":               {TopicArn: &topic, Message: aws.String(strings.Repeat("x", 256<<10+1))},
			"a long subject":         {TopicArn: &topic, Message: aws.String("x"), Subject: aws.String(strings.Repeat("x", 101))},
			"a subject of two lines": {TopicArn: &topic, Message: aws.String("x"), Subject: aws.String("one\ntwo")},
			"no ARN":                 {TopicArn: aws.String("topic"), Message: aws.String("x")},
		} {
			if on.isMoto && slices.Contains(passes, name) {
				continue
			}
			if _, err := on.api.Publish(t.Context(), in); code(err) != "InvalidParameter" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// This machine refuses what it does not play.
func TestUnsupportedParametersAreRefused(t *testing.T) {
	on := ours(t)
	topic := newTopic(t, on, "events")
	_, err := on.api.Publish(t.Context(), &sns.PublishInput{TopicArn: &topic, Message: aws.String(`{"default": "x"}`), MessageStructure: aws.String("json")})
	if code(err) != "InvalidParameter" {
		t.Errorf("a message per protocol: %v", err)
	}
	_, err = on.api.Subscribe(t.Context(), &sns.SubscribeInput{
		TopicArn: &topic, Protocol: aws.String("email"), Endpoint: aws.String("ana@example.org"), Attributes: map[string]string{"FilterPolicy": `{"a": ["b"]}`},
	})
	if code(err) != "InvalidParameter" {
		t.Errorf("a filter policy: %v", err)
	}
	if _, err := on.api.ListTopics(t.Context(), &sns.ListTopicsInput{}); code(err) != "InvalidAction" {
		t.Errorf("an action: %v", err)
	}
}
