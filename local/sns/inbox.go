// Package sns plays Amazon SNS: it keeps what phones and mailboxes would have
// got, shows it on a page, and lets their owners answer.
package sns

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"carechat/local/data"
	"carechat/local/web"
)

// Message is what a phone, a mailbox or a topic's subscribers would have got.
type Message struct {
	ID      string    `json:"id"`
	Channel string    `json:"channel"` // sms, email or event
	To      string    `json:"to"`
	Subject string    `json:"subject,omitempty"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
}

// Config says what an inbox is connected to. Only URL is necessary.
type Config struct {
	// URL is the inbox's own, for the links in emails.
	URL string
	// Names says whose a phone or an address is.
	Names map[string]string
	// File keeps the inbox.
	File data.File
	// Middleware stands in front of SNS.
	Middleware func(http.Handler) http.Handler
	// Call calls a function with an event, and returns when that is done.
	Call func(function string, event []byte)
	// Background runs work that nobody waits for.
	Background func(work func())
}

// Inbox is SNS and the inbox of what it sent.
type Inbox struct {
	Config
	http.Handler

	mu sync.Mutex
	state
}

// state is what an inbox remembers.
type state struct {
	Messages      []Message
	Texts         []reply
	Topics        map[string]*topic // by ARN
	Subscriptions []*subscription
	OptedOut      map[string]bool // phones
}

// reply is a text that a member sent.
type reply struct {
	From, Text string
	At         time.Time
}

// New returns an inbox with what its file holds.
func New(c Config) *Inbox {
	b := &Inbox{Config: c, state: state{Messages: []Message{}, Topics: map[string]*topic{}, OptedOut: map[string]bool{}}}
	b.File.Load(&b.state)
	var sns http.Handler = http.HandlerFunc(b.serveSNS)
	if c.Middleware != nil {
		sns = c.Middleware(sns)
	}
	mux := http.NewServeMux()
	mux.Handle("POST /{$}", sns)
	mux.HandleFunc("GET /{$}", b.page)
	mux.HandleFunc("GET /web/plain.css", web.Style)
	mux.HandleFunc("GET /web/inbox.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, "page/inbox.js") })
	mux.HandleFunc("GET /messages", b.list)
	mux.HandleFunc("DELETE /messages", b.clear)
	mux.HandleFunc("POST /sms", b.reply)
	mux.HandleFunc("PUT /opted-out/{phone}", b.optOut)
	b.Handler = mux
	return b
}

// list answers with all messages, or with those to one phone, address or topic.
func (b *Inbox) list(w http.ResponseWriter, r *http.Request) {
	all, to := b.messages(), r.URL.Query().Get("to")
	if to != "" {
		all = slices.DeleteFunc(slices.Clone(all), func(m Message) bool { return m.To != to })
	}
	web.JSON(w, http.StatusOK, all)
}

func (b *Inbox) messages() []Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Messages[:len(b.Messages):len(b.Messages)]
}

// add adds a message and returns its id. It is called with the lock held, as save is.
func (b *Inbox) add(m Message) string {
	m.ID, m.At = rand.Text(), now()
	b.Messages = append(b.Messages, m)
	return m.ID
}

func (b *Inbox) save() { _ = b.File.Save(b.state) }

func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

func (b *Inbox) clear(w http.ResponseWriter, _ *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Messages, b.Texts = []Message{}, nil
	b.save()
	w.WriteHeader(http.StatusNoContent)
}

// optOut puts a phone on SNS's own list of phones that want no texts. AWS puts
// those on it that answer STOP, unless opt-outs are self-managed.
func (b *Inbox) optOut(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.OptedOut[r.PathValue("phone")] = true
	b.save()
	w.WriteHeader(http.StatusNoContent)
}

// reply plays a member who sends a text. It answers when the functions that
// subscribe to such texts are done.
func (b *Inbox) reply(w http.ResponseWriter, r *http.Request) {
	var sent reply
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&sent); err != nil || sent.From == "" {
		web.JSON(w, http.StatusBadRequest, map[string]string{"error": `a text is {"from": "+1555010…", "text": "…"}`})
		return
	}
	b.mu.Lock()
	sent.At = now()
	deliveries := b.inboundText(sent)
	b.Texts = append(b.Texts, sent)
	b.save()
	b.mu.Unlock()
	for _, deliver := range deliveries {
		deliver()
	}
	w.WriteHeader(http.StatusAccepted)
}
