package sns

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"carechat/local/web"
)

var (
	//go:embed page
	files embed.FS
	pages = template.Must(template.New("").Funcs(template.FuncMap{"parts": parts}).ParseFS(files, "page/*.html"))

	webAddress = regexp.MustCompile(`https?://[^\s<>"]+[^\s<>".,;:!?)]`)
)

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
	Address, Channel string
	Name             string // of whom the machine was seeded with, else ""
	Entries          []entry
}

// Kind returns what the owner is, in words.
func (o owner) Kind() string {
	return map[string]string{"sms": "phone", "email": "mailbox", "event": "topic"}[o.Channel]
}

type entry struct {
	Subject, Text string
	Sent          bool   // by the owner
	Confirm       string // the address that confirms a pending subscription
	At            time.Time
}

// owners returns all owners and what each got and sent, the newest first.
func (b *Inbox) owners() []*owner {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []*owner
	add := func(address, channel string, e entry) {
		at := slices.IndexFunc(all, func(o *owner) bool { return o.Address == address && o.Channel == channel })
		if at < 0 {
			at, all = len(all), append(all, &owner{Address: address, Channel: channel, Name: b.Names[address]})
		}
		all[at].Entries = append(all[at].Entries, e)
	}
	for _, m := range slices.Backward(b.Messages) {
		add(m.To, m.Channel, entry{Subject: m.Subject, Text: m.Text, Confirm: b.confirmLink(m), At: m.At})
	}
	for _, t := range slices.Backward(b.Texts) {
		add(t.From, "sms", entry{Text: t.Text, Sent: true, At: t.At})
	}
	for _, o := range all {
		slices.SortStableFunc(o.Entries, func(x, y entry) int { return y.At.Compare(x.At) })
	}
	slices.SortStableFunc(all, func(x, y *owner) int { return y.Entries[0].At.Compare(x.Entries[0].At) })
	return all
}

// confirmLink returns the address in an email that confirms a pending
// subscription, or "".
func (b *Inbox) confirmLink(m Message) string {
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

// page shows the inbox, or follows a link in an email, which has an Action.
func (b *Inbox) page(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("Action") {
		b.serveSNS(w, r)
		return
	}
	web.Page(w, pages, "inbox.html", b.owners())
}
