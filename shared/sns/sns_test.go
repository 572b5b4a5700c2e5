package sns

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/tests/support/localaws"
)

const phone = "+15550100199"

// open opens a server that plays SNS.
func open(t *testing.T, server *httptest.Server) *Client {
	t.Cleanup(server.Close)
	return New(localaws.Through(server.URL, server.Client()))
}

func TestTextIsTransactional(t *testing.T) {
	var form url.Values
	c := open(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		form = r.PostForm
		fmt.Fprint(w, `<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`)
	})))
	if id, err := c.Text(t.Context(), phone, "Harbor Care: a link"); err != nil || id != "1" {
		t.Fatal(id, err)
	}
	want := url.Values{
		"Action": {"Publish"}, "Version": {"2010-03-31"}, "PhoneNumber": {phone}, "Message": {"Harbor Care: a link"},
		"MessageAttributes.entry.1.Name":              {"AWS.SNS.SMS.SMSType"},
		"MessageAttributes.entry.1.Value.DataType":    {"String"},
		"MessageAttributes.entry.1.Value.StringValue": {"Transactional"},
	}
	if diff := cmp.Diff(want, form); diff != "" {
		t.Error(diff)
	}
}

// By their attributes subscriptions filter the messages of a topic (N8).
func TestAMessageOfATopicHasItsAttributes(t *testing.T) {
	var form url.Values
	c := open(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		form = r.PostForm
		fmt.Fprint(w, `<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`)
	})))
	const topic = "arn:aws:sns:us-east-1:123456789012:ChatEvents"
	if err := c.Topic(topic).Publish(t.Context(), "{}", map[string]string{"type": "message.sent"}); err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"Action": {"Publish"}, "Version": {"2010-03-31"}, "TopicArn": {topic}, "Message": {"{}"},
		"MessageAttributes.entry.1.Name":              {"type"},
		"MessageAttributes.entry.1.Value.DataType":    {"String"},
		"MessageAttributes.entry.1.Value.StringValue": {"message.sent"},
	}
	if diff := cmp.Diff(want, form); diff != "" {
		t.Error(diff)
	}
}

// answering is a server that plays one answer of SNS, and counts the calls.
func answering(status int, body string, calls *atomic.Int64) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
}

// kind is what a caller branches on.
func kind(err error) string {
	for name, each := range map[string]error{"opted out": chat.ErrOptedOut, "invalid": chat.ErrInvalid, "unsure": chat.ErrUnsure} {
		if errors.Is(err, each) {
			return name
		}
	}
	if err == nil {
		return "sent"
	}
	return "later"
}

func TestErrorsSayWhetherToTryAgain(t *testing.T) {
	refusal := func(code, message string) string {
		return "<ErrorResponse><Error><Code>" + code + "</Code><Message>" + message + " " + phone + "</Message></Error></ErrorResponse>"
	}
	for name, test := range map[string]struct {
		status     int
		body, want string
	}{
		"opted out":              {400, refusal("OptedOut", ""), "opted out"},
		"opted out, older":       {400, refusal("OptedOutException", ""), "opted out"},
		"opted out, in words":    {400, refusal("InvalidParameter", "Invalid parameter: Phone number is opted out"), "opted out"},
		"no number":              {400, refusal("InvalidParameter", "Invalid parameter: PhoneNumber"), "invalid"},
		"no value":               {400, refusal("ParameterValueInvalid", ""), "invalid"},
		"throttled":              {400, refusal("Throttled", ""), "later"},
		"throttled by the front": {400, refusal("Throttling", "Rate exceeded"), "later"},
		"internal":               {500, refusal("InternalError", ""), "later"},
		"not allowed":            {403, refusal("AuthorizationError", ""), "later"},
		"key":                    {400, refusal("KMSDisabled", ""), "later"},
		"no answer of SNS":       {502, "<html><body>Bad gateway</body></html>", "unsure"},
		"an empty one":           {503, "", "unsure"},
		"sent, says nobody":      {200, "", "unsure"},
		"sent, cut":              {200, "<PublishResponse><PublishResult>", "unsure"},
		"sent":                   {200, "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>", "sent"},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int64
			c := open(t, answering(test.status, test.body, &calls))
			_, err := c.Text(t.Context(), phone, "text")
			if got := kind(err); got != test.want {
				t.Errorf("%s: %v", got, err)
			}
			if strings.Contains(fmt.Sprint(err), phone) {
				t.Errorf("%v holds the phone number", err)
			}
			if calls.Load() != 1 {
				t.Errorf("%d calls: a repeat may be a second text", calls.Load())
			}
		})
	}
}

// What never reached SNS may be sent again without a second text; what may have, may not.
func TestSilenceIsUnsureUnlessNothingWasSent(t *testing.T) {
	for name, test := range map[string]struct {
		server func(giveUp func()) *httptest.Server
		want   string
	}{
		"cut": {func(func()) *httptest.Server {
			return httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
		}, "unsure"},
		"silent": {func(giveUp func()) *httptest.Server {
			return httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				giveUp() // as whoever calls does when nothing comes
				<-r.Context().Done()
			}))
		}, "unsure"},
		"nobody listens": {func(func()) *httptest.Server {
			s := httptest.NewServer(http.NotFoundHandler())
			s.Close()
			return s
		}, "later"},
		"another protocol": {func(func()) *httptest.Server {
			s := httptest.NewTLSServer(http.NotFoundHandler())
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			return s
		}, "later"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, giveUp := context.WithCancel(t.Context())
			defer giveUp()
			server := test.server(giveUp)
			c := open(t, server)
			if name == "another protocol" { // the handshake fails: this client trusts nobody
				c = New(localaws.Config(server.URL))
			}
			_, err := c.Text(ctx, phone, "text")
			if kind(err) != test.want || strings.Contains(err.Error(), phone) {
				t.Errorf("%s: %v", kind(err), err)
			}
		})
	}
}

// A connection that was kept and has ended meanwhile is no attempt.
func TestADeadConnectionIsNoAttempt(t *testing.T) {
	var calls atomic.Int64
	server := answering(200, "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>", &calls)
	c := open(t, server)
	if _, err := c.Text(t.Context(), phone, "text"); err != nil {
		t.Fatal(err)
	}
	server.Close()
	if _, err := c.Text(t.Context(), phone, "text"); kind(err) != "later" {
		t.Errorf("%s: %v", kind(err), err)
	}
}

func TestMailTellsNobodysAddress(t *testing.T) {
	const address = "ana@example.org"
	c := open(t, answering(400, "<ErrorResponse><Error><Code>InvalidParameter</Code><Message>"+address+"</Message></Error></ErrorResponse>", new(atomic.Int64)))
	m := c.Mail("member-")
	_, _, subscribing := m.Subscribe(t.Context(), "x", address)
	_, asking := m.Confirmed(t.Context(), "arn")
	for _, err := range []error{subscribing, asking, m.Send(t.Context(), "arn", "subject", "text"), m.Remove(t.Context(), "arn")} {
		if !errors.Is(err, chat.ErrInvalid) || strings.Contains(err.Error(), address) {
			t.Errorf("%v", err)
		}
	}
}
