package machine

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"
)

var webAddress = regexp.MustCompile(`https?://[^\s<>"]+[^\s<>".,;:!?)]`)

// part is a piece of a message's text: words, or an address to follow.
type part struct{ Text, Link string }

func parts(text string) []part {
	var all []part
	for {
		at := webAddress.FindStringIndex(text)
		if at == nil {
			return append(all, part{Text: text})
		}
		address := text[at[0]:at[1]]
		all = append(all, part{Text: text[:at[0]]}, part{Text: address, Link: address})
		text = text[at[1]:]
	}
}

// owner is somebody's phone or mailbox, or a topic, with all that it got and sent.
type owner struct {
	Name, Channel string
	Entries       []entry
}

// Kind is what the owner is, in words.
func (o owner) Kind() string {
	return map[string]string{"sms": "phone", "email": "mailbox", "event": "topic"}[o.Channel]
}

type entry struct {
	Subject, Text string
	Sent          bool   // by the owner
	Confirm       string // the address that confirms a subscription, until somebody did
	At            time.Time
}

// owners are in the order in which they first got or sent something.
func (b *inbox) owners() []*owner {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []*owner
	add := func(name, channel string, e entry) {
		at := slices.IndexFunc(all, func(o *owner) bool { return o.Name == name && o.Channel == channel })
		if at < 0 {
			at, all = len(all), append(all, &owner{Name: name, Channel: channel})
		}
		all[at].Entries = append(all[at].Entries, e)
	}
	for _, m := range b.Messages {
		add(m.To, m.Channel, entry{Subject: m.Subject, Text: m.Text, Confirm: b.toConfirm(m), At: m.At})
	}
	for _, t := range b.Texts {
		add(t.From, "sms", entry{Text: t.Text, Sent: true, At: t.At})
	}
	for _, o := range all {
		slices.SortStableFunc(o.Entries, func(x, y entry) int { return x.At.Compare(y.At) })
	}
	slices.SortStableFunc(all, func(x, y *owner) int { return x.Entries[0].At.Compare(y.Entries[0].At) })
	return all
}

// toConfirm is the address in an email that asks for a confirmation still to come.
func (b *inbox) toConfirm(m Message) string {
	if m.Channel != "email" {
		return ""
	}
	address, err := url.Parse(webAddress.FindString(m.Text))
	if err != nil || address.Query().Get("Action") != "ConfirmSubscription" {
		return ""
	}
	if s := b.byToken(address.Query().Get("Token")); s == nil || !s.Pending {
		return ""
	}
	return address.String()
}

// page shows the inbox; with an Action, it is a link in an email that was opened.
func (b *inbox) page(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("Action") {
		b.serveSNS(w, r)
		return
	}
	sendPage(w, "inbox.html", b.owners())
}
