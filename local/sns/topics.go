package sns

import (
	"crypto/rand"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"carechat/local/template"
)

// topic is a topic of SNS.
type topic struct {
	ARN      string
	Declared bool // by the template
	Mailing  bool // an address subscribed to it: its messages are emails, not events
}

func (t *topic) name() string { return t.ARN[strings.LastIndex(t.ARN, ":")+1:] }

// subscription is an address's, or a function's that the template subscribes.
type subscription struct {
	ARN, Topic, Protocol, Endpoint string
	Token                          string // confirms it
	Pending                        bool
}

// Declare makes the template's topics and subscribes its functions to them.
func (b *Inbox) Declare(topics []string, listeners []template.Listener) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, arn := range topics {
		b.Topics[arn] = &topic{ARN: arn, Declared: true}
	}
	b.Subscriptions = slices.DeleteFunc(b.Subscriptions, func(s *subscription) bool { return s.Protocol == "lambda" })
	for _, l := range listeners {
		b.Subscriptions = append(b.Subscriptions, newSubscription(l.Topic, "lambda", l.Function))
	}
	b.save()
}

func newSubscription(topic, protocol, endpoint string) *subscription {
	return &subscription{ARN: topic + ":" + rand.Text(), Topic: topic, Protocol: protocol, Endpoint: endpoint}
}

var topicName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (b *Inbox) createTopic(form url.Values) (string, error) {
	name := form.Get("Name")
	if !topicName.MatchString(name) {
		return "", invalid("Topic Name")
	}
	arn := template.TopicARN(name)
	if b.Topics[arn] == nil {
		b.Topics[arn] = &topic{ARN: arn}
	}
	return value("TopicArn", arn), nil
}

func (b *Inbox) deleteTopic(form url.Values) (string, error) {
	arn := form.Get("TopicArn")
	delete(b.Topics, arn)
	b.Subscriptions = slices.DeleteFunc(b.Subscriptions, func(s *subscription) bool { return s.Topic == arn })
	return "", nil
}

func (b *Inbox) topicOf(form url.Values) (*topic, error) {
	arn, err := arnOf(form, "TopicArn")
	if t := b.Topics[arn]; t != nil || err != nil {
		return t, err
	}
	return nil, notFound("Topic")
}

func arnOf(form url.Values, name string) (string, error) {
	arn := form.Get(name)
	if parts := strings.Count(arn, ":") + 1; parts < 6 {
		return "", invalid("%s Reason: An ARN must have at least 6 elements, not %d", name, parts)
	}
	return arn, nil
}

// subscribe asks an address to confirm, unless it has confirmed.
func (b *Inbox) subscribe(form url.Values) (string, error) {
	t, err := b.topicOf(form)
	if err != nil {
		return "", err
	}
	endpoint := form.Get("Endpoint")
	at, err := mail.ParseAddress(endpoint)
	switch {
	case form.Get("Protocol") != "email":
		return "", invalid("Protocol Reason: only addresses subscribe on this machine (email)")
	case err != nil || at.Address != endpoint:
		return "", invalid("Email address")
	case form.Has("Attributes.entry.1.key"):
		return "", invalid("Attributes Reason: subscriptions have none on this machine")
	}
	s := b.find(func(s *subscription) bool { return s.Topic == t.ARN && s.Protocol == "email" && s.Endpoint == endpoint })
	if s == nil {
		s = newSubscription(t.ARN, "email", endpoint)
		s.Token, s.Pending, t.Mailing = rand.Text(), true, true
		b.Subscriptions = append(b.Subscriptions, s)
	}
	if s.Pending {
		b.askToConfirm(s)
	}
	if s.Pending && form.Get("ReturnSubscriptionArn") != "true" {
		return value("SubscriptionArn", "pending confirmation"), nil
	}
	return value("SubscriptionArn", s.ARN), nil
}

func (b *Inbox) askToConfirm(s *subscription) {
	link := b.URL + "/?" + url.Values{"Action": {"ConfirmSubscription"}, "TopicArn": {s.Topic}, "Token": {s.Token}}.Encode()
	b.add(Message{Channel: "email", To: s.Endpoint, Subject: "AWS Notification - Subscription Confirmation", Text: "You have chosen to subscribe to the topic:\n" +
		s.Topic + "\n\nTo confirm this subscription, open this link (if this was an error, do nothing):\n" + link})
}

func (b *Inbox) find(is func(*subscription) bool) *subscription {
	if at := slices.IndexFunc(b.Subscriptions, is); at >= 0 {
		return b.Subscriptions[at]
	}
	return nil
}

func (b *Inbox) byToken(token string) *subscription {
	return b.find(func(s *subscription) bool { return s.Token == token && token != "" })
}

func (b *Inbox) subscriptionOf(form url.Values) (*subscription, error) {
	arn, err := arnOf(form, "SubscriptionArn")
	if s := b.find(func(s *subscription) bool { return s.ARN == arn }); s != nil || err != nil {
		return s, err
	}
	return nil, notFound("Subscription")
}

func (b *Inbox) confirmSubscription(form url.Values) (string, error) {
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

// unsubscribe may be repeated. It refuses a pending subscription, which in AWS
// ends by itself or with its topic.
func (b *Inbox) unsubscribe(form url.Values) (string, error) {
	s, err := b.subscriptionOf(form)
	switch {
	case err != nil && err.(*refusal).code == "NotFound":
		return "", nil
	case err != nil:
		return "", err
	case s.Pending:
		return "", invalid("Cannot unsubscribe a subscription that is pending confirmation")
	}
	b.Subscriptions = slices.DeleteFunc(b.Subscriptions, func(each *subscription) bool { return each == s })
	return "", nil
}

func (b *Inbox) getSubscriptionAttributes(form url.Values) (string, error) {
	s, err := b.subscriptionOf(form)
	if err != nil {
		return "", err
	}
	var list []string
	for key, text := range map[string]string{
		"SubscriptionArn": s.ARN, "TopicArn": s.Topic, "Protocol": s.Protocol, "Endpoint": s.Endpoint,
		"PendingConfirmation": strconv.FormatBool(s.Pending),
	} {
		list = append(list, tag("entry", value("key", key), value("value", text)))
	}
	return tag("Attributes", list...), nil
}
