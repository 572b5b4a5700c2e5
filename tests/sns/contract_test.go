// Package sns holds the product's client of SNS to what notices expect of it, and
// this machine's SNS to what another stand-in for SNS, moto, does.
package sns

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"carechat/shared/chat"
	"carechat/shared/notice"
)

// Mailboxes is how a test sees the mailboxes that emails are sent to.
type Mailboxes struct {
	// Confirm follows the link in the last email that asks an address to confirm.
	Confirm func(t *testing.T, address string)
	// End follows the link with which an email offers to send no more.
	End func(t *testing.T, address string)
	// Got returns the subjects and texts that an address got, but for requests to confirm.
	Got func(t *testing.T, address string) []string
	// Asked returns how often an address was asked to confirm.
	Asked func(t *testing.T, address string) int
}

// testMail fails the test if sending emails does not do what notices expect (N5).
func testMail(t *testing.T, m notice.Mail, at Mailboxes) {
	const address = "ana@example.org"
	topic, subscription, err := m.Subscribe(t.Context(), "one", address)
	if err != nil || topic == "" || subscription == "" {
		t.Fatal(topic, subscription, err)
	}
	confirmed := func(subscription string, want bool) {
		t.Helper()
		if is, err := m.Confirmed(t.Context(), subscription); err != nil || is != want {
			t.Fatalf("confirmed: %v, %v", is, err)
		}
	}
	send := func(topic, text string) {
		t.Helper()
		if err := m.Send(t.Context(), topic, "Harbor Care", text); err != nil {
			t.Fatal(err)
		}
	}
	confirmed(subscription, false)
	send(topic, "to nobody yet")

	again, same, err := m.Subscribe(t.Context(), "one", address)
	if err != nil || again != topic || same != subscription || at.Asked(t, address) != 2 {
		t.Errorf("a repeat while it is unconfirmed asks again and makes nothing: %s, %s, asked %d times, %v", again, same, at.Asked(t, address), err)
	}
	at.Confirm(t, address)
	confirmed(subscription, true)
	if _, same, err = m.Subscribe(t.Context(), "one", address); err != nil || same != subscription || at.Asked(t, address) != 2 {
		t.Errorf("a repeat after that does nothing: %s, asked %d times, %v", same, at.Asked(t, address), err)
	}

	send(topic, "a link: https://example.org/#/l/x\nÑ")
	if got := at.Got(t, address); len(got) != 1 || !strings.Contains(got[0], "Harbor Care") || !strings.Contains(got[0], "a link: https://example.org/#/l/x\nÑ") {
		t.Errorf("got %q", got)
	}
	testAnotherAddress(t, m, at, topic)
	testEnding(t, m, at, topic, subscription, address)
}

// testAnotherAddress shows that another address has a topic of its own.
func testAnotherAddress(t *testing.T, m notice.Mail, at Mailboxes, topic string) {
	const address = "ben@example.org"
	own, subscription, err := m.Subscribe(t.Context(), "two", address)
	if err != nil || own == topic {
		t.Fatal(own, err)
	}
	at.Confirm(t, address)
	if err := m.Send(t.Context(), own, "", "to ben alone"); err != nil { // without a subject
		t.Fatal(err)
	}
	if got := at.Got(t, "ana@example.org"); slices.ContainsFunc(got, func(mail string) bool { return strings.Contains(mail, "ben") }) {
		t.Errorf("the other address got %q", got)
	}
	if err := m.Remove(t.Context(), own); err != nil {
		t.Fatal(err)
	}
	if is, err := m.Confirmed(t.Context(), subscription); is || err != nil {
		t.Errorf("after its topic was removed: %v, %v", is, err)
	}
	if err := m.Send(t.Context(), own, "", "to nobody"); err == nil {
		t.Error("an email to a topic that is gone counts as sent")
	}
}

func testEnding(t *testing.T, m notice.Mail, at Mailboxes, topic, subscription, address string) {
	at.End(t, address)
	if is, err := m.Confirmed(t.Context(), subscription); is || err != nil {
		t.Errorf("after its reader ended it: %v, %v", is, err)
	}
	before := len(at.Got(t, address))
	if err := m.Send(t.Context(), topic, "", "to nobody any more"); err != nil {
		t.Error(err)
	}
	if got := at.Got(t, address); len(got) != before {
		t.Errorf("got %q all the same", got)
	}
	for range 2 { // a topic that is gone is no error
		if err := m.Remove(t.Context(), topic); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := m.Subscribe(t.Context(), "three", "no address"); err == nil {
		t.Error("what is not an address subscribes")
	}
	if err := m.Send(t.Context(), strings.TrimSuffix(topic, "one")+"three", "", "to nobody"); !errors.Is(err, chat.ErrInvalid) {
		t.Errorf("the topic of what is not an address is left: %v", err)
	}
}
