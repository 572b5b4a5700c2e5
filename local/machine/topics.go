package machine

import (
	"maps"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	region  = "us-east-1"
	account = "123456789012"
)

// topic is one of SNS.
type topic struct {
	ARN      string
	Declared bool // by the template
	Mailing  bool // an address subscribed to it, so that what it says is an email and no event
}

func (t *topic) name() string { return t.ARN[strings.LastIndex(t.ARN, ":")+1:] }

func topicARN(name string) string { return "arn:aws:sns:" + region + ":" + account + ":" + name }

// subscription is an address's, or a function's that the template subscribes.
type subscription struct {
	ARN, Topic, Protocol, Endpoint string
	Token                          string // confirms it
	Pending                        bool
	Attributes                     map[string]string
}

// declare makes the template's topics and subscribes its functions.
func (b *inbox) declare(topics []string, functions []subscription) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, arn := range topics {
		b.Topics[arn] = &topic{ARN: arn, Declared: true}
	}
	b.Subscriptions = slices.DeleteFunc(b.Subscriptions, func(s *subscription) bool { return s.Protocol == "lambda" })
	for _, s := range functions {
		s.ARN = s.Topic + ":" + uuid()
		b.Subscriptions = append(b.Subscriptions, &s)
	}
	b.keep()
}

var topicName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (b *inbox) createTopic(form url.Values) (string, error) {
	name := form.Get("Name")
	if !topicName.MatchString(name) {
		return "", invalid("Topic Name")
	}
	arn := topicARN(name)
	if b.Topics[arn] == nil {
		b.Topics[arn] = &topic{ARN: arn}
	}
	return value("TopicArn", arn), nil
}

func (b *inbox) deleteTopic(form url.Values) (string, error) {
	arn := form.Get("TopicArn")
	delete(b.Topics, arn)
	b.Subscriptions = slices.DeleteFunc(b.Subscriptions, func(s *subscription) bool { return s.Topic == arn })
	return "", nil
}

func (b *inbox) listTopics(url.Values) (string, error) {
	var all []string
	for _, arn := range slices.Sorted(maps.Keys(b.Topics)) {
		all = append(all, tag("member", value("TopicArn", arn)))
	}
	return tag("Topics", all...), nil
}

func (b *inbox) topicOf(form url.Values) (*topic, error) {
	arn := form.Get("TopicArn")
	if parts := strings.Split(arn, ":"); len(parts) < 6 {
		return nil, invalid("TopicArn Reason: An ARN must have at least 6 elements, not %d", len(parts))
	}
	if t := b.Topics[arn]; t != nil {
		return t, nil
	}
	return nil, notFound("Topic")
}

// subscribe asks an address to confirm. Whoever did is not asked again.
func (b *inbox) subscribe(form url.Values) (string, error) {
	t, err := b.topicOf(form)
	if err != nil {
		return "", err
	}
	endpoint, attributes := form.Get("Endpoint"), entries(form, "Attributes.entry", "key", "value")
	if form.Get("Protocol") != "email" {
		return "", invalid("Protocol Reason: only addresses subscribe on this machine (email)")
	}
	if at, err := mail.ParseAddress(endpoint); err != nil || at.Address != endpoint {
		return "", invalid("Email address")
	}
	if err := checkAttributes(attributes); err != nil {
		return "", err
	}
	s := b.find(func(s *subscription) bool { return s.Topic == t.ARN && s.Protocol == "email" && s.Endpoint == endpoint })
	switch {
	case s == nil:
		s = &subscription{ARN: t.ARN + ":" + uuid(), Topic: t.ARN, Protocol: "email", Endpoint: endpoint, Token: uuid(), Pending: true, Attributes: attributes}
		b.Subscriptions = append(b.Subscriptions, s)
		t.Mailing = true
	case !maps.Equal(s.Attributes, attributes):
		return "", invalid("Attributes Reason: Subscription already exists with different attributes")
	}
	if s.Pending {
		b.askToConfirm(s)
	}
	if s.Pending && form.Get("ReturnSubscriptionArn") != "true" {
		return value("SubscriptionArn", "pending confirmation"), nil
	}
	return value("SubscriptionArn", s.ARN), nil
}

func (b *inbox) askToConfirm(s *subscription) {
	link := b.url + "/?" + url.Values{"Action": {"ConfirmSubscription"}, "TopicArn": {s.Topic}, "Token": {s.Token}}.Encode()
	b.add(Message{Channel: "email", To: s.Endpoint, Subject: "AWS Notification - Subscription Confirmation", Text: "You have chosen to subscribe to the topic:\n" +
		s.Topic + "\n\nTo confirm this subscription, open this link (if this was an error, do nothing):\n" + link})
}

func (b *inbox) find(is func(*subscription) bool) *subscription {
	if at := slices.IndexFunc(b.Subscriptions, is); at >= 0 {
		return b.Subscriptions[at]
	}
	return nil
}

func (b *inbox) byToken(token string) *subscription {
	return b.find(func(s *subscription) bool { return s.Token == token && token != "" })
}

func (b *inbox) subscriptionOf(form url.Values) (*subscription, error) {
	arn := form.Get("SubscriptionArn")
	if parts := strings.Split(arn, ":"); len(parts) < 6 {
		return nil, invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not %d", len(parts))
	}
	if s := b.find(func(s *subscription) bool { return s.ARN == arn }); s != nil {
		return s, nil
	}
	return nil, notFound("Subscription")
}

func (b *inbox) confirmSubscription(form url.Values) (string, error) {
	t, err := b.topicOf(form)
	if err != nil {
		return "", err
	}
	s := b.byToken(form.Get("Token"))
	if s == nil || s.Topic != t.ARN {
		return "", invalid("Token")
	}
	s.Pending = false
	return value("SubscriptionArn", s.ARN), nil
}

// unsubscribe is idempotent. What is pending ends by itself in AWS, or with its topic.
func (b *inbox) unsubscribe(form url.Values) (string, error) {
	s, err := b.subscriptionOf(form)
	switch {
	case err != nil && err.(*snsError).code == "NotFound":
		return "", nil
	case err != nil:
		return "", err
	case s.Pending:
		return "", invalid("Cannot unsubscribe a subscription that is pending confirmation")
	}
	b.Subscriptions = slices.DeleteFunc(b.Subscriptions, func(each *subscription) bool { return each == s })
	return "", nil
}

func (b *inbox) getSubscriptionAttributes(form url.Values) (string, error) {
	s, err := b.subscriptionOf(form)
	if err != nil {
		return "", err
	}
	all := map[string]string{
		"SubscriptionArn": s.ARN, "TopicArn": s.Topic, "Protocol": s.Protocol, "Endpoint": s.Endpoint, "Owner": account,
		"PendingConfirmation": strconv.FormatBool(s.Pending), "ConfirmationWasAuthenticated": "false", "RawMessageDelivery": "false",
	}
	maps.Copy(all, s.Attributes)
	var list []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		list = append(list, tag("entry", value("key", key), value("value", all[key])))
	}
	return tag("Attributes", list...), nil
}

func (b *inbox) setSubscriptionAttributes(form url.Values) (string, error) {
	s, err := b.subscriptionOf(form)
	if err != nil {
		return "", err
	}
	next := map[string]string{form.Get("AttributeName"): form.Get("AttributeValue")}
	if err := checkAttributes(next); err != nil {
		return "", err
	}
	if s.Attributes == nil {
		s.Attributes = map[string]string{}
	}
	maps.Copy(s.Attributes, next)
	return "", nil
}

func (b *inbox) listSubscriptionsByTopic(form url.Values) (string, error) {
	t, err := b.topicOf(form)
	if err != nil {
		return "", err
	}
	var all []string
	for _, s := range b.Subscriptions {
		if s.Topic != t.ARN {
			continue
		}
		arn := s.ARN
		if s.Pending {
			arn = "PendingConfirmation"
		}
		all = append(all, tag("member", value("SubscriptionArn", arn), value("TopicArn", s.Topic), value("Protocol", s.Protocol),
			value("Endpoint", s.Endpoint), value("Owner", account)))
	}
	return tag("Subscriptions", all...), nil
}
