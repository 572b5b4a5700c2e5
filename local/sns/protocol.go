package sns

import (
	"crypto/rand"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"carechat/local/web"
)

// refusal is an error of SNS, with its code.
type refusal struct{ code, message string }

func (e *refusal) Error() string { return e.code + ": " + e.message }

func invalid(format string, args ...any) error {
	return &refusal{"InvalidParameter", "Invalid parameter: " + fmt.Sprintf(format, args...)}
}

func notFound(what string) error { return &refusal{"NotFound", what + " does not exist"} }

// actions are the actions of SNS that the product uses. They are called with the
// lock held and return the inner XML of their result.
var actions = map[string]func(*Inbox, url.Values) (string, error){
	"CreateTopic": (*Inbox).createTopic, "DeleteTopic": (*Inbox).deleteTopic, "Publish": (*Inbox).publish,
	"Subscribe": (*Inbox).subscribe, "ConfirmSubscription": (*Inbox).confirmSubscription, "Unsubscribe": (*Inbox).unsubscribe,
	"GetSubscriptionAttributes": (*Inbox).getSubscriptionAttributes,
}

// byLink are the actions that a link in an email may ask for, which is not signed.
var byLink = map[string]string{
	"ConfirmSubscription": "The subscription is confirmed.", "Unsubscribe": "The subscription has ended.",
}

// serveSNS speaks AWS's query protocol: a form in, XML out. A browser that opens
// a link gets a page instead.
func (b *Inbox) serveSNS(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	err := r.ParseForm()
	name := r.Form.Get("Action")
	action := actions[name]
	if err != nil || action == nil || r.Method == http.MethodGet && byLink[name] == "" {
		sendRefusal(w, &refusal{"InvalidAction", "there is no such action on this machine"})
		return
	}
	b.mu.Lock()
	result, err := action(b, r.Form)
	b.save()
	b.mu.Unlock()
	switch browser := r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html"); {
	case browser && err != nil:
		web.Page(w, pages, "link.html", "This link is no longer good.")
	case browser:
		web.Page(w, pages, "link.html", byLink[name])
	case err != nil:
		sendRefusal(w, err.(*refusal))
	default:
		sendXML(w, http.StatusOK, name+"Response", tag(name+"Result", result), tag("ResponseMetadata", requestID()))
	}
}

func sendRefusal(w http.ResponseWriter, err *refusal) {
	status := http.StatusBadRequest
	if err.code == "NotFound" {
		status = http.StatusNotFound
	}
	sendXML(w, status, "ErrorResponse", tag("Error", tag("Type", "Sender"), value("Code", err.code), value("Message", err.message)), requestID())
}

func requestID() string { return tag("RequestId", rand.Text()) }

func sendXML(w http.ResponseWriter, status int, root string, inner ...string) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<"+root+` xmlns="http://sns.amazonaws.com/doc/2010-03-31/">`+strings.Join(inner, "")+"</"+root+">")
}

func tag(name string, inner ...string) string {
	return "<" + name + ">" + strings.Join(inner, "") + "</" + name + ">"
}

func value(name, text string) string {
	var escaped strings.Builder
	_ = xml.EscapeText(&escaped, []byte(text))
	return tag(name, escaped.String())
}
