package town

import (
	"context"
	"fmt"
	"strings"
	"time"

	"carechat/shared/chat"
	"carechat/shared/notice"
)

// SNS is an SNS in memory. It takes every message and confirms every address at once,
// unless a test makes it fail.
type SNS struct {
	Sent   []Sent
	Topics map[string]string        // confirmed addresses, by topic
	Refuse func(chat.Channel) error // the error for a message that is not taken
	After  func(chat.Channel)       // called when a message was taken, before the sender knows
	now    func() time.Time
}

// Sent is a text or an email that somebody got.
type Sent struct {
	Channel chat.Channel
	To      string // the phone, or the address
	Text    string
	At      time.Time
}

// NewSNS returns an SNS with the town's clock.
func (w *Town) NewSNS() *SNS {
	s := &SNS{Topics: map[string]string{}, now: func() time.Time { return w.Now }}
	s.TakeAll()
	return s
}

// NewSender returns a sender of notices through an SNS.
func (w *Town) NewSender(store notice.Store, s *SNS) *notice.Sender {
	return &notice.Sender{
		Store: store, Now: s.now, NewID: w.Chat.NewID, PublicURL: "https://care.example.org",
		Text: s.SendText, Mail: s, MaxTopics: 100,
	}
}

// TakeAll lets SNS take every message.
func (s *SNS) TakeAll() {
	s.Refuse = func(chat.Channel) error { return nil }
	s.After = func(chat.Channel) {}
}

// SendText sends a text to a phone.
func (s *SNS) SendText(_ context.Context, phone, text string) (id string, err error) {
	if err := s.Take(Sent{chat.SMS, phone, text, s.now()}); err != nil {
		return "", err
	}
	return fmt.Sprintf("text-%d", len(s.Sent)), nil
}

// Take takes a message or refuses it.
func (s *SNS) Take(m Sent) error {
	if err := s.Refuse(m.Channel); err != nil {
		return err
	}
	s.Sent = append(s.Sent, m)
	s.After(m.Channel)
	return nil
}

// Subscribe is notice.Mail.
func (s *SNS) Subscribe(_ context.Context, name, address string) (topic, subscription string, err error) {
	s.Topics["topic-"+name] = address
	return "topic-" + name, "subscription-" + name, nil
}

// Confirmed is notice.Mail.
func (s *SNS) Confirmed(_ context.Context, subscription string) (bool, error) {
	return s.Topics["topic-"+strings.TrimPrefix(subscription, "subscription-")] != "", nil
}

// Send is notice.Mail.
func (s *SNS) Send(_ context.Context, topic, subject, text string) error {
	return s.Take(Sent{chat.Email, s.Topics[topic], subject + "\n" + text, s.now()})
}

// Remove is notice.Mail.
func (s *SNS) Remove(_ context.Context, topic string) error {
	delete(s.Topics, topic)
	return nil
}
