package machine

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

const maxNotification = 256 << 10 // bytes; SNS's own

var phoneNumber = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

// notification is what is published: its text per protocol, or the default one.
type notification struct {
	texts      map[string]string
	subject    string
	attributes map[string]attribute
}

type attribute struct{ Type, Value string }

func (n notification) text(protocol string) string {
	if text, ok := n.texts[protocol]; ok {
		return text
	}
	return n.texts["default"]
}

func newNotification(form url.Values) (n notification, err error) {
	message := form.Get("Message")
	n = notification{texts: map[string]string{"default": message}, subject: form.Get("Subject"), attributes: map[string]attribute{}}
	types := entries(form, "MessageAttributes.entry", "Name", "Value.DataType")
	for name, text := range entries(form, "MessageAttributes.entry", "Name", "Value.StringValue") {
		n.attributes[name] = attribute{types[name], text}
	}
	switch {
	case message == "":
		return n, invalid("Empty message")
	case len(message) > maxNotification:
		return n, invalid("Message too long")
	case form.Has("Subject") && (n.subject == "" || len([]rune(n.subject)) > 99 || strings.ContainsFunc(n.subject, func(r rune) bool { return r < ' ' })):
		return n, invalid("Subject")
	case form.Get("MessageStructure") == "":
		return n, nil
	}
	n.texts = nil
	if json.Unmarshal([]byte(message), &n.texts) != nil {
		return n, invalid("Message Structure - JSON message body failed to parse")
	}
	if _, ok := n.texts["default"]; !ok {
		return n, invalid("Message Structure - No default entry in JSON message body")
	}
	return n, nil
}

func (b *inbox) publish(form url.Values) (string, error) {
	n, err := newNotification(form)
	if err != nil {
		return "", err
	}
	if form.Has("PhoneNumber") {
		return b.text(form.Get("PhoneNumber"), n)
	}
	t, err := b.topicOf(form)
	if err != nil {
		return "", err
	}
	id := uuid()
	if t.Declared || !t.Mailing {
		id = b.add(Message{Channel: "event", To: t.name(), Subject: n.subject, Text: n.text("default")})
	}
	for _, deliver := range b.spread(t, id, n) {
		b.background(deliver)
	}
	return value("MessageId", id), nil
}

func (b *inbox) text(phone string, n notification) (string, error) {
	switch {
	case !phoneNumber.MatchString(phone):
		return "", invalid("PhoneNumber Reason: %s is not valid to publish to", phone)
	case b.OptedOut[phone]:
		return "", &snsError{"OptedOut", "Phone number is opted out"}
	}
	return value("MessageId", b.add(Message{Channel: "sms", To: phone, Text: n.text("sms")})), nil
}

// spread gives what is published to a topic to its subscribers: to mailboxes at
// once, to functions by what it returns.
func (b *inbox) spread(t *topic, id string, n notification) (deliveries []func()) {
	for _, s := range b.Subscriptions {
		if s.Topic != t.ARN || s.Pending || !wanted(s.Attributes["FilterPolicy"], n.attributes) {
			continue
		}
		if s.Protocol == "lambda" {
			event := lambdaEvent(id, s, n)
			deliveries = append(deliveries, func() { b.call(s.Endpoint, event) })
			continue
		}
		b.add(Message{Channel: "email", To: s.Endpoint, Subject: cmp.Or(n.subject, "AWS Notification Message"), Text: n.text("email") +
			"\n\n--\nTo stop receiving notifications from this topic, open this link to unsubscribe:\n" + b.unsubscribeLink(s)})
	}
	return deliveries
}

func (b *inbox) unsubscribeLink(s *subscription) string {
	return b.url + "/?" + url.Values{"Action": {"Unsubscribe"}, "SubscriptionArn": {s.ARN}}.Encode()
}

// lambdaEvent is what a function gets from SNS.
func lambdaEvent(id string, s *subscription, n notification) []byte {
	attributes := map[string]any{}
	for name, a := range n.attributes {
		attributes[name] = a
	}
	event, _ := json.Marshal(events.SNSEvent{Records: []events.SNSEventRecord{{
		EventVersion: "1.0", EventSource: "aws:sns", EventSubscriptionArn: s.ARN,
		SNS: events.SNSEntity{
			Type: "Notification", MessageID: id, TopicArn: s.Topic, Subject: n.subject, Message: n.text("lambda"),
			Timestamp: now(), SignatureVersion: "1", MessageAttributes: attributes,
		},
	}}})
	return event
}

// checkAttributes knows one attribute of subscriptions: what they want.
func checkAttributes(all map[string]string) error {
	for name, text := range all {
		switch {
		case name == "FilterPolicyScope" && text == "MessageAttributes", name == "RawMessageDelivery" && text == "false", name == "FilterPolicy" && text == "":
			continue
		case name != "FilterPolicy":
			return invalid("%s: not on this machine", name)
		}
		p, err := newPattern(text)
		if err != nil {
			return invalid("FilterPolicy: %v", err)
		}
		for _, rules := range p {
			if _, nested := rules.(map[string]any); nested {
				return invalid("FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy")
			}
		}
	}
	return nil
}

// wanted is whether a message with these attributes passes a filter policy; none lets everything through.
func wanted(policy string, attributes map[string]attribute) bool {
	if policy == "" {
		return true
	}
	values := map[string]any{}
	for name, a := range attributes {
		values[name] = a.plain()
	}
	p, err := newPattern(policy)
	return err == nil && p.fits(values)
}

// plain is an attribute as JSON would say it.
func (a attribute) plain() any {
	var list []any
	switch {
	case a.Type == "Number":
		n, _ := strconv.ParseFloat(a.Value, 64)
		return n
	case a.Type == "String.Array" && json.Unmarshal([]byte(a.Value), &list) == nil:
		return list
	}
	return a.Value
}

func (b *inbox) checkIfPhoneNumberIsOptedOut(form url.Values) (string, error) {
	phone := form.Get("phoneNumber")
	if !phoneNumber.MatchString(phone) {
		return "", invalid("PhoneNumber Reason: input incorrectly formatted")
	}
	return value("isOptedOut", strconv.FormatBool(b.OptedOut[phone])), nil
}

func (b *inbox) listPhoneNumbersOptedOut(url.Values) (string, error) {
	var all []string
	for _, phone := range slices.Sorted(maps.Keys(b.OptedOut)) {
		all = append(all, value("member", phone))
	}
	return tag("phoneNumbers", all...), nil
}

func (b *inbox) optInPhoneNumber(form url.Values) (string, error) {
	delete(b.OptedOut, form.Get("phoneNumber"))
	return "", nil
}

const (
	// inboundTexts is the template's topic to which AWS End User Messaging hands what members text back.
	inboundTexts = "InboundTexts"
	ourNumber    = "+15550100000"
)

// ownKeywords are what AWS End User Messaging knows by itself.
var ownKeywords = []string{"STOP", "START", "HELP"}

// hear hands on a text that a member sent, in AWS End User Messaging's own words.
// It plays one whose opt-outs are managed by ourselves: it keeps nobody from anything.
func (b *inbox) hear(sent textBack) []func() {
	t := b.Topics[topicARN(inboundTexts)]
	if t == nil {
		return nil
	}
	keyword := strings.ToUpper(strings.TrimSpace(sent.Text))
	if !slices.Contains(ownKeywords, keyword) {
		keyword = "KEYWORD_" + account
	}
	previous := ""
	for _, m := range slices.Backward(b.Messages) {
		if m.Channel == "sms" && m.To == sent.From {
			previous = m.ID
			break
		}
	}
	message, _ := json.Marshal(map[string]string{
		"originationNumber": sent.From, "destinationNumber": ourNumber, "messageKeyword": keyword,
		"messageBody": sent.Text, "inboundMessageId": uuid(), "previousPublishedMessageId": previous,
	})
	return b.spread(t, uuid(), notification{texts: map[string]string{"default": string(message)}})
}
