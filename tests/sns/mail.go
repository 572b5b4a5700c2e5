// Package sns holds what speaks to SNS, and what plays it, to one contract each:
// transports of emails, of which SNS is one, and SNS on this machine beside
// another stand-in for it.
package sns

import (
	"slices"
	"strings"
	"testing"

	"carechat/shared/notice"
)

// Mailboxes are those that a transport of emails sends to, as a test sees them.
type Mailboxes struct {
	// Confirm does what the last request for a confirmation to an address asks for.
	Confirm func(t *testing.T, address string)
	// End does what an email offers its reader who wants no more.
	End func(t *testing.T, address string)
	// Got are the subjects and texts of what an address got, but for requests to confirm.
	Got func(t *testing.T, address string) []string
	// Asked is how often an address was asked to confirm.
	Asked func(t *testing.T, address string) int
}

// Mail holds a transport of emails to what notices expect of one (N5).
func Mail(t *testing.T, m notice.Mail, at Mailboxes) {
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
	another(t, m, at, topic)
	ending(t, m, at, topic, subscription, address)
}

// another address has a topic of its own.
func another(t *testing.T, m notice.Mail, at Mailboxes, topic string) {
	const address = "ben@example.org"
	own, subscription, err := m.Subscribe(t.Context(), "two", address)
	if err != nil || own == topic {
		t.Fatal(own, err)
	}
	at.Confirm(t, address)
	if err := m.Send(t.Context(), own, "", "to ben alone"); err != nil { // without a subject too
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

func ending(t *testing.T, m notice.Mail, at Mailboxes, topic, subscription, address string) {
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
	for range 2 { // and a topic that is gone is fine
		if err := m.Remove(t.Context(), topic); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := m.Subscribe(t.Context(), "three", "no address"); err == nil {
		t.Error("no address subscribes")
	}
}
