package machine

import (
	"encoding/json"
	"net/http"
	"os"
	"sync"
	"time"
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

// inbox plays the part of AWS behind the functions: SNS, whose messages it
// keeps and shows, and the direct invocation of functions.
type inbox struct {
	url    string // its own
	file   string // keeps it all, if there is one
	invoke http.HandlerFunc
	sns    func(http.Handler) http.Handler // in front of SNS, or nil
	// call has a function work on an event, and returns when it has or has given up.
	call func(function string, event []byte)
	// background does work that nobody waits for.
	background func(work func())

	mu sync.Mutex
	kept
}

// kept is what an inbox knows.
type kept struct {
	Messages      []Message
	Texts         []textBack
	Topics        map[string]*topic // by ARN
	Subscriptions []*subscription
	OptedOut      map[string]bool // phones
}

// textBack is a text that a member sent.
type textBack struct {
	From, Text string
	At         time.Time
}

// Inbox is SNS and the inbox alone, as it is at url, for tests of what speaks to
// SNS: no function listens.
func Inbox(url string) http.Handler {
	b := &inbox{url: url, invoke: http.NotFound}
	b.restore()
	return b.handler()
}

func (b *inbox) handler() http.Handler {
	var sns http.Handler = http.HandlerFunc(b.serveSNS)
	if b.sns != nil {
		sns = b.sns(sns)
	}
	mux := http.NewServeMux()
	mux.Handle("POST /{$}", sns)
	mux.HandleFunc("GET /{$}", b.page)
	mux.Handle("GET /web/", http.FileServerFS(web))
	mux.HandleFunc("GET /messages", func(w http.ResponseWriter, _ *http.Request) { sendJSON(w, http.StatusOK, b.all()) })
	mux.HandleFunc("DELETE /messages", b.clear)
	mux.HandleFunc("POST /sms", b.textBack)
	mux.HandleFunc("PUT /opted-out/{phone}", b.optOut)
	mux.HandleFunc("POST /2015-03-31/functions/{function}/invocations", b.invoke)
	return mux
}

func (b *inbox) all() []Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Messages[:len(b.Messages):len(b.Messages)]
}

// add is called with the lock held, as keep is.
func (b *inbox) add(m Message) string {
	m.ID, m.At = uuid(), now()
	b.Messages = append(b.Messages, m)
	return m.ID
}

func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

func (b *inbox) clear(w http.ResponseWriter, _ *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Messages, b.Texts = []Message{}, nil
	b.keep()
	w.WriteHeader(http.StatusNoContent)
}

func (b *inbox) restore() {
	b.kept = kept{Messages: []Message{}, Topics: map[string]*topic{}, OptedOut: map[string]bool{}}
	if source, err := os.ReadFile(b.file); err == nil {
		_ = json.Unmarshal(source, &b.kept)
	}
}

func (b *inbox) keep() {
	if b.file != "" {
		_ = writeFile(b.file, b.kept)
	}
}

// optOut puts a phone on SNS's own list of those that want no texts, on which
// AWS puts whoever answers STOP where opt-outs are not managed by ourselves.
func (b *inbox) optOut(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.OptedOut[r.PathValue("phone")] = true
	b.keep()
	w.WriteHeader(http.StatusNoContent)
}

// textBack plays a member who sends a text. It answers when the function that
// hears it has done so.
func (b *inbox) textBack(w http.ResponseWriter, r *http.Request) {
	var sent textBack
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&sent); err != nil || sent.From == "" {
		sendJSON(w, http.StatusBadRequest, map[string]string{"error": `a text is {"from": "+1555010…", "text": "…"}`})
		return
	}
	b.mu.Lock()
	sent.At = now()
	deliveries := b.hear(sent)
	b.Texts = append(b.Texts, sent)
	b.keep()
	b.mu.Unlock()
	for _, deliver := range deliveries {
		deliver()
	}
	w.WriteHeader(http.StatusAccepted)
}
