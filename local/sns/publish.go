package sns

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"carechat/local/template"

	"github.com/aws/aws-lambda-go/events"
)

const maxMessage = 256 << 10 // bytes; SNS's limit

var phoneNumber = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

func (b *Inbox) publish(form url.Values) (string, error) {
	text, subject := form.Get("Message"), form.Get("Subject")
	isControl := func(r rune) bool { return r < ' ' }
	switch {
	case text == "":
		return "", invalid("Empty message")
	case len(text) > maxMessage:
		return "", invalid("Message too long")
	case form.Has("Subject") && (subject == "" || len([]rune(subject)) > 99 || strings.ContainsFunc(subject, isControl)):
		return "", invalid("Subject")
	case form.Has("MessageStructure"):
		return "", invalid("MessageStructure: not on this machine")
	case form.Has("PhoneNumber"):
		return b.text(form.Get("PhoneNumber"), text)
	}
	t, err := b.topicOf(form)
	if err != nil {
		return "", err
	}
	id := rand.Text()
	if t.Declared || !t.Mailing {
		id = b.add(Message{Channel: "event", To: t.name(), Subject: subject, Text: text})
	}
	for _, deliver := range b.distribute(t, id, subject, text) {
		b.Background(deliver)
	}
	return value("MessageId", id), nil
}

func (b *Inbox) text(phone, text string) (string, error) {
	switch {
	case !phoneNumber.MatchString(phone):
		return "", invalid("PhoneNumber Reason: %s is not valid to publish to", phone)
	case b.OptedOut[phone]:
		return "", &refusal{"OptedOut", "Phone number is opted out"}
	}
	return value("MessageId", b.add(Message{Channel: "sms", To: phone, Text: text})), nil
}

// distribute puts a topic's message into the mailboxes that subscribe to it, and
// returns the calls of the functions that subscribe to it.
func (b *Inbox) distribute(t *topic, id, subject, text string) (deliveries []func()) {
	for _, s := range b.Subscriptions {
		switch {
		case s.Topic != t.ARN || s.Pending:
		case s.Protocol == "lambda":
			event := lambdaEvent(s, id, subject, text)
			deliveries = append(deliveries, func() { b.Call(s.Endpoint, event) })
		default:
			b.add(Message{Channel: "email", To: s.Endpoint, Subject: cmp.Or(subject, "AWS Notification Message"), Text: text +
				"\n\n--\nTo stop receiving notifications from this topic, open this link to unsubscribe:\n" + b.unsubscribeLink(s)})
		}
	}
	return deliveries
}

func (b *Inbox) unsubscribeLink(s *subscription) string {
	return b.URL + "/?" + url.Values{"Action": {"Unsubscribe"}, "SubscriptionArn": {s.ARN}}.Encode()
}

// lambdaEvent returns what a function gets from SNS.
func lambdaEvent(s *subscription, id, subject, text string) []byte {
	event, _ := json.Marshal(events.SNSEvent{Records: []events.SNSEventRecord{{
		EventVersion: "1.0", EventSource: "aws:sns", EventSubscriptionArn: s.ARN,
		SNS: events.SNSEntity{
			Type: "Notification", MessageID: id, TopicArn: s.Topic, Subject: subject, Message: text,
			Timestamp: now(), SignatureVersion: "1", MessageAttributes: map[string]any{},
		},
	}}})
	return event
}

const (
	// inboundTexts is the template's topic on which AWS End User Messaging publishes the texts of members.
	inboundTexts = "InboundTexts"
	ourNumber    = "+15550100000"
)

// keywords are the words that AWS End User Messaging knows.
var keywords = []string{"STOP", "START", "HELP"}

// inboundText publishes a member's text in the form of AWS End User Messaging
// with self-managed opt-outs, which STOP does not change. It returns the calls
// of the functions that subscribe to such texts.
func (b *Inbox) inboundText(sent reply) []func() {
	t := b.Topics[template.TopicARN(inboundTexts)]
	if t == nil {
		return nil
	}
	keyword := strings.ToUpper(strings.TrimSpace(sent.Text))
	if !slices.Contains(keywords, keyword) {
		keyword = "KEYWORD_" + template.Account
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
		"messageBody": sent.Text, "inboundMessageId": rand.Text(), "previousPublishedMessageId": previous,
	})
	return b.distribute(t, rand.Text(), "", string(message))
}
