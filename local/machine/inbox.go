package machine

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
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
	file   string // keeps the messages, if there is one
	invoke http.HandlerFunc
	sns    func(http.Handler) http.Handler // in front of SNS, or nil

	mu       sync.Mutex
	messages []Message
	received []textBack
}

// textBack is a text that a member sent. Nothing listens to it yet.
type textBack struct{ From, Text string }

func newInbox(file string, invoke http.HandlerFunc, sns func(http.Handler) http.Handler) *inbox {
	b := &inbox{file: file, invoke: invoke, sns: sns, messages: []Message{}}
	if kept, err := os.ReadFile(file); err == nil {
		_ = json.Unmarshal(kept, &b.messages)
	}
	return b
}

func (b *inbox) handler() http.Handler {
	var sns http.Handler = http.HandlerFunc(b.serveSNS)
	if b.sns != nil {
		sns = b.sns(sns)
	}
	mux := http.NewServeMux()
	mux.Handle("POST /{$}", sns)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { sendPage(w, "inbox.html", b.all()) })
	mux.Handle("GET /web/", http.FileServerFS(web))
	mux.HandleFunc("GET /messages", func(w http.ResponseWriter, _ *http.Request) { sendJSON(w, http.StatusOK, b.all()) })
	mux.HandleFunc("DELETE /messages", b.clear)
	mux.HandleFunc("POST /sms", b.textBack)
	mux.HandleFunc("POST /2015-03-31/functions/{function}/invocations", b.invoke)
	return mux
}

func (b *inbox) all() []Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.messages[:len(b.messages):len(b.messages)]
}

func (b *inbox) add(m Message) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	m.ID, m.At = uuid(), time.Now().UTC().Truncate(time.Millisecond)
	b.messages = append(b.messages, m)
	b.keep()
	return m.ID
}

func (b *inbox) clear(w http.ResponseWriter, _ *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = []Message{}
	b.keep()
	w.WriteHeader(http.StatusNoContent)
}

func (b *inbox) keep() {
	if b.file != "" {
		_ = writeFile(b.file, b.messages)
	}
}

func (b *inbox) textBack(w http.ResponseWriter, r *http.Request) {
	var sent textBack
	if err := json.NewDecoder(r.Body).Decode(&sent); err != nil || sent.From == "" {
		sendJSON(w, http.StatusBadRequest, map[string]string{"error": `a text is {"from": "+1555010…", "text": "…"}`})
		return
	}
	b.mu.Lock()
	b.received = append(b.received, sent)
	b.mu.Unlock()
	w.WriteHeader(http.StatusAccepted)
}

// snsError is a refusal of SNS, with its code.
type snsError struct{ code, message string }

// snsActions are what SNS can do here.
var snsActions = map[string]func(*inbox, url.Values) (string, *snsError){"Publish": (*inbox).publish}

// serveSNS speaks AWS's query protocol: a form in, XML out.
func (b *inbox) serveSNS(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	refusal := &snsError{"InvalidAction", "there is no such action on this machine"}
	result := ""
	if err := r.ParseForm(); err == nil && snsActions[r.PostForm.Get("Action")] != nil {
		result, refusal = snsActions[r.PostForm.Get("Action")](b, r.PostForm)
	}
	w.Header().Set("Content-Type", "text/xml")
	const space = ` xmlns="http://sns.amazonaws.com/doc/2010-03-31/"`
	if refusal != nil {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, "<ErrorResponse"+space+"><Error><Type>Sender</Type><Code>"+refusal.code+"</Code><Message>"+
			escaped(refusal.message)+"</Message></Error><RequestId>"+uuid()+"</RequestId></ErrorResponse>")
		return
	}
	action := r.PostForm.Get("Action")
	_, _ = io.WriteString(w, "<"+action+"Response"+space+"><"+action+"Result>"+result+"</"+action+
		"Result><ResponseMetadata><RequestId>"+uuid()+"</RequestId></ResponseMetadata></"+action+"Response>")
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text))
	return b.String()
}

var phoneNumber = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

func (b *inbox) publish(form url.Values) (string, *snsError) {
	switch phone := form.Get("PhoneNumber"); {
	case phone == "":
		return "", &snsError{"InvalidParameter", "Invalid parameter: only texts to a PhoneNumber are sent on this machine"}
	case !phoneNumber.MatchString(phone):
		return "", &snsError{"InvalidParameter", "Invalid parameter: PhoneNumber Reason: " + phone + " is not valid to publish to"}
	case form.Get("Message") == "":
		return "", &snsError{"InvalidParameter", "Invalid parameter: Empty message"}
	default:
		return "<MessageId>" + b.add(Message{Channel: "sms", To: phone, Text: form.Get("Message")}) + "</MessageId>", nil
	}
}

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

// serveInvoke is Lambda's Invoke API: whoever reaches it may call any function.
func (m *Machine) serveInvoke(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAnswer))
	if err != nil {
		sendJSON(w, http.StatusRequestEntityTooLarge, map[string]string{"Type": "User", "message": err.Error()})
		return
	}
	name, _, _ := strings.Cut(r.PathValue("function"), ":")
	if r.Header.Get("X-Amz-Invocation-Type") == "Event" {
		m.background(func() {
			if _, err := m.Invoke(m.ctx, name, payload); err != nil {
				m.log.say("%s | %v", name, err)
			}
		})
		w.WriteHeader(http.StatusAccepted)
		return
	}
	answer, err := m.Invoke(r.Context(), name, payload)
	var failed *FunctionError
	switch {
	case errors.Is(err, errUnknown):
		w.Header().Set("X-Amzn-ErrorType", "ResourceNotFoundException")
		sendJSON(w, http.StatusNotFound, map[string]string{"Type": "User", "Message": "Function not found: " + name})
		return
	case errors.As(err, &failed):
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		answer = failed.Payload
	case err != nil:
		w.Header().Set("X-Amzn-ErrorType", "TooManyRequestsException")
		sendJSON(w, http.StatusTooManyRequests, map[string]string{"Type": "User", "message": err.Error()})
		return
	}
	w.Header().Set("X-Amz-Executed-Version", "$LATEST")
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(answer)
}
