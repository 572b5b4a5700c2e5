package sns

import (
	"encoding/json"
	"errors"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"carechat/local/data"
	"carechat/local/template"
	"carechat/tests/support/fetch"
	"carechat/tests/support/localaws"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

func TestTextsReachTheInbox(t *testing.T) {
	server := httptest.NewServer(New(Config{URL: "http://localhost:3001"}))
	t.Cleanup(server.Close)
	c := fetch.Client(t)
	client := sns.NewFromConfig(localaws.Through(server.URL, c), func(o *sns.Options) { o.RetryMaxAttempts = 1 })
	text := "Harbor Care: you have a message: http://localhost:3000/#/l/abc. <b> & ñ"
	out, err := client.Publish(t.Context(), &sns.PublishInput{PhoneNumber: aws.String("+15550100101"), Message: aws.String(text)})
	if err != nil || aws.ToString(out.MessageId) == "" {
		t.Fatal(out, err)
	}
	var got []Message
	if err := json.Unmarshal([]byte(fetch.Get(t, c, server.URL+"/messages")), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Channel != "sms" || got[0].To != "+15550100101" || got[0].Text != text || got[0].At.IsZero() {
		t.Errorf("%+v", got)
	}
	for to, want := range map[string]bool{"%2B15550100101": true, "%2B15550100102": false} {
		if only := fetch.Get(t, c, server.URL+"/messages?to="+to); strings.Contains(only, "sms") != want {
			t.Errorf("to %s went %s", to, only)
		}
	}
	if page := fetch.Get(t, c, server.URL); !strings.Contains(page, `<a href="http://localhost:3000/#/l/abc" `) || strings.Contains(page, "<b>") {
		t.Errorf("the page shows no working link: %s", page)
	}
	for _, bad := range []*sns.PublishInput{
		{PhoneNumber: aws.String("555"), Message: aws.String("x")},
		{TopicArn: aws.String("topic"), Message: aws.String("x")},
	} {
		_, err := client.Publish(t.Context(), bad)
		if refused := smithy.APIError(nil); !errors.As(err, &refused) || refused.ErrorCode() != "InvalidParameter" {
			t.Errorf("%v", err)
		}
	}
	request, _ := http.NewRequest(http.MethodDelete, server.URL+"/messages", nil)
	response, err := c.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if left := fetch.Get(t, c, server.URL+"/messages"); left != "[]\n" {
		t.Errorf("left: %s", left)
	}
}

// callSNS makes a call and returns the answer. A refusal fails the test.
func callSNS(t *testing.T, b *Inbox, form url.Values) string {
	t.Helper()
	w := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.ServeHTTP(w, request)
	if w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body)
	}
	return w.Body.String()
}

// openPage returns what a browser gets from an address of the inbox.
func openPage(b *Inbox, address string) string {
	w := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodGet, address, nil)
	request.Header.Set("Accept", "text/html")
	b.ServeHTTP(w, request)
	return w.Body.String()
}

func openInbox(file data.File) *Inbox {
	return New(Config{URL: "http://localhost:3001", File: file})
}

func TestTheNewestComesFirstWithTheNamesThatAreKnown(t *testing.T) {
	b := New(Config{URL: "http://localhost:3001", Names: map[string]string{"+15550100101": "Ana Reyes"}})
	at := now()
	for i, m := range []Message{{To: "+15550100101", Text: "first"}, {To: "+15550100102", Text: "second"}, {To: "+15550100101", Text: "third"}} {
		m.Channel, m.At = "sms", at.Add(time.Duration(i)*time.Second)
		b.Messages = append(b.Messages, m)
	}
	page := html.UnescapeString(openPage(b, "/"))
	for _, want := range []string{`<h2>Ana Reyes <small>phone +15550100101</small>`, ">third<", ">first<", `<h2><small>phone +15550100102</small>`, ">second<"} {
		_, rest, found := strings.Cut(page, want)
		if !found {
			t.Fatalf("%s is not there, or not in its place: %s", want, openPage(b, "/"))
		}
		page = rest
	}
}

func TestTheInboxIsKept(t *testing.T) {
	file := data.File(t.TempDir() + "/inbox.json")
	b := openInbox(file)
	arn := template.TopicARN("member-1")
	callSNS(t, b, url.Values{"Action": {"CreateTopic"}, "Name": {"member-1"}})
	callSNS(t, b, url.Values{"Action": {"Subscribe"}, "TopicArn": {arn}, "Protocol": {"email"}, "Endpoint": {"ana@example.org"}})
	b.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPut, "/opted-out/+15550100199", nil))
	b.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/sms", strings.NewReader(`{"from": "+15550100101", "text": "STOP"}`)))
	if diff := cmp.Diff(b.state, openInbox(file).state); diff != "" || len(b.Messages) != 1 || len(b.Texts) != 1 || len(b.Subscriptions) != 1 || !b.OptedOut["+15550100199"] {
		t.Error(diff, b.state)
	}
}

func TestThePageConfirmsAndAnswers(t *testing.T) {
	b := openInbox("")
	arn := template.TopicARN("member-1")
	callSNS(t, b, url.Values{"Action": {"CreateTopic"}, "Name": {"member-1"}})
	callSNS(t, b, url.Values{"Action": {"Subscribe"}, "TopicArn": {arn}, "Protocol": {"email"}, "Endpoint": {"ana@example.org"}})
	callSNS(t, b, url.Values{"Action": {"Publish"}, "PhoneNumber": {"+15550100101"}, "Message": {"<b>hello</b>"}})
	page := html.UnescapeString(openPage(b, "/"))
	confirm := b.confirmLink(b.Messages[0])
	for _, want := range []string{`value="` + confirm + `"`, `data-from="+15550100101"`, "<b>hello"} {
		if confirm == "" || !strings.Contains(page, want) {
			t.Errorf("%s is not in %s", want, page)
		}
	}
	if body := openPage(b, strings.TrimPrefix(confirm, b.URL)); !strings.Contains(body, "The subscription is confirmed.") || strings.Contains(openPage(b, "/"), "<button value=\"http") {
		t.Errorf("confirmed: %s", body)
	}
	callSNS(t, b, url.Values{"Action": {"DeleteTopic"}, "TopicArn": {arn}})
	if body := openPage(b, strings.TrimPrefix(confirm, b.URL)); !strings.Contains(body, "no longer good") {
		t.Errorf("its topic is gone: %s", body)
	}
	for _, not := range []string{"Publish", "DeleteTopic", "none"} { // a link may not do these
		if body := openPage(b, "/?Action="+not); !strings.Contains(body, "InvalidAction") {
			t.Errorf("%s: %s", not, body)
		}
	}
}
