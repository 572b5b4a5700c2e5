package machine

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// snsError is a refusal of SNS, with its code.
type snsError struct{ code, message string }

func (e *snsError) Error() string { return e.code + ": " + e.message }

// invalid is how SNS refuses a parameter.
func invalid(format string, args ...any) error {
	return &snsError{"InvalidParameter", "Invalid parameter: " + fmt.Sprintf(format, args...)}
}

func notFound(what string) error { return &snsError{"NotFound", what + " does not exist"} }

// snsActions are what SNS can do here. They are called with the lock held.
var snsActions = map[string]func(*inbox, url.Values) (string, error){
	"CreateTopic": (*inbox).createTopic, "DeleteTopic": (*inbox).deleteTopic, "ListTopics": (*inbox).listTopics,
	"Subscribe": (*inbox).subscribe, "ConfirmSubscription": (*inbox).confirmSubscription, "Unsubscribe": (*inbox).unsubscribe,
	"GetSubscriptionAttributes": (*inbox).getSubscriptionAttributes, "SetSubscriptionAttributes": (*inbox).setSubscriptionAttributes,
	"ListSubscriptionsByTopic": (*inbox).listSubscriptionsByTopic, "Publish": (*inbox).publish,
	"CheckIfPhoneNumberIsOptedOut": (*inbox).checkIfPhoneNumberIsOptedOut,
	"ListPhoneNumbersOptedOut":     (*inbox).listPhoneNumbersOptedOut, "OptInPhoneNumber": (*inbox).optInPhoneNumber,
}

// byLink are those that a link in an email may ask for, which is not signed.
var byLink = map[string]string{
	"ConfirmSubscription": "The subscription is confirmed.", "Unsubscribe": "The subscription has ended.",
}

// serveSNS speaks AWS's query protocol: a form in, XML out. Of a person who opens
// a link it knows by what their browser accepts.
func (b *inbox) serveSNS(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	err := r.ParseForm()
	name := r.Form.Get("Action")
	action := snsActions[name]
	if err != nil || action == nil || r.Method == http.MethodGet && byLink[name] == "" {
		sendRefusal(w, &snsError{"InvalidAction", "there is no such action on this machine"})
		return
	}
	b.mu.Lock()
	result, err := action(b, r.Form)
	b.keep()
	b.mu.Unlock()
	switch person := r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html"); {
	case person && err != nil:
		sendPage(w, "link.html", "This link is no longer good.")
	case person:
		sendPage(w, "link.html", byLink[name])
	case err != nil:
		sendRefusal(w, err.(*snsError))
	default:
		sendXML(w, http.StatusOK, name+"Response", tag(name+"Result", result), tag("ResponseMetadata", requestID()))
	}
}

func sendRefusal(w http.ResponseWriter, err *snsError) {
	status := http.StatusBadRequest
	switch err.code {
	case "NotFound":
		status = http.StatusNotFound
	case "AuthorizationError":
		status = http.StatusForbidden
	}
	sendXML(w, status, "ErrorResponse", tag("Error", tag("Type", "Sender"), value("Code", err.code), value("Message", err.message)), requestID())
}

func requestID() string { return tag("RequestId", uuid()) }

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

// entries reads a map from a form: prefix.1.key, prefix.1.value, prefix.2.key …
func entries(form url.Values, prefix, key, value string) map[string]string {
	all := map[string]string{}
	for n := 1; form.Has(fmt.Sprintf("%s.%d.%s", prefix, n, key)); n++ {
		all[form.Get(fmt.Sprintf("%s.%d.%s", prefix, n, key))] = form.Get(fmt.Sprintf("%s.%d.%s", prefix, n, value))
	}
	return all
}
