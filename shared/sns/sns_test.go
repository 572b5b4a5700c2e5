package sns

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
)

const phone = "+15550100199"

// open opens a server that plays SNS.
func open(t *testing.T, server *httptest.Server) *Client {
	t.Cleanup(server.Close)
	return New(server.URL, aws.Config{
		Region: "us-east-1", HTTPClient: server.Client(),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
}

func TestTextIsTransactional(t *testing.T) {
	var form url.Values
	c := open(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		form = r.PostForm
		fmt.Fprint(w, `<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`)
	})))
	if err := c.Text(t.Context(), phone, "Harbor Care: a link"); err != nil {
		t.Fatal(err)
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

func TestRefusalsAreTold(t *testing.T) {
	for code, refused := range map[string]bool{
		"InvalidParameter": true, "OptedOut": true, "Throttled": false, "InternalError": false, "AuthorizationError": false,
	} {
		t.Run(code, func(t *testing.T) {
			calls := 0
			c := open(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				calls++
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprintf(w, `<ErrorResponse><Error><Code>%s</Code><Message>%s is opted out</Message></Error></ErrorResponse>`, code, phone)
			})))
			err := c.Text(t.Context(), phone, "text")
			if err == nil || errors.Is(err, ErrRefused) != refused {
				t.Errorf("%v", err)
			}
			if strings.Contains(fmt.Sprint(err), phone) {
				t.Errorf("%v holds the phone number", err)
			}
			if calls != 1 {
				t.Errorf("%d calls: a repeat may be a second text", calls)
			}
		})
	}
}

func TestNoAnswerIsAnError(t *testing.T) {
	c := open(t, httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })))
	err := c.Text(t.Context(), phone, "text")
	if err == nil || errors.Is(err, ErrRefused) || strings.Contains(err.Error(), phone) {
		t.Error(err)
	}
}
