package sns

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	inbox "carechat/local/sns"
	"carechat/shared/chat"
	shared "carechat/shared/sns"
	"carechat/tests/support/localaws"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

func optOut(t *testing.T, address, phone string) {
	t.Helper()
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodPut, address+"/opted-out/"+phone, nil)
	response, err := http.DefaultClient.Do(request)
	if err != nil || response.StatusCode != http.StatusNoContent {
		t.Fatal(response, err)
	}
	response.Body.Close()
}

func client(address string) *shared.Client {
	return shared.New(localaws.Config(address))
}

func TestMail(t *testing.T) {
	address := startOurs(t)
	isAsked := func(subject string) bool { return strings.Contains(subject, "Subscription Confirmation") }
	last := func(t *testing.T, to, action string) {
		all := messages(t, address, to)
		open(t, link(t, all[len(all)-1].Text, action))
	}
	testMail(t, client(address).Mail("member-"), Mailboxes{
		Confirm: func(t *testing.T, to string) { last(t, to, "ConfirmSubscription") },
		End:     func(t *testing.T, to string) { last(t, to, "Unsubscribe") },
		Got: func(t *testing.T, to string) (list []string) {
			for _, m := range messages(t, address, to) {
				if !isAsked(m.Subject) {
					list = append(list, m.Subject+"\n"+m.Text)
				}
			}
			return list
		},
		Asked: func(t *testing.T, to string) (n int) {
			for _, m := range messages(t, address, to) {
				if isAsked(m.Subject) {
					n++
				}
			}
			return n
		},
	})
}

// The client works with both. moto confirms subscriptions by itself, so testMail does not fit it.
func TestTheClientOnEach(t *testing.T) {
	onEach(t, func(t *testing.T, on target) {
		c := client(on.url)
		if _, err := c.Text(t.Context(), "+15550100101", "Harbor Care: a link"); err != nil || len(on.texts(t, "+15550100101")) != 1 {
			t.Error(err)
		}
		m := c.Mail("member-")
		topic, subscription, err := m.Subscribe(t.Context(), "one", "ana@example.org")
		if err != nil || !strings.HasSuffix(topic, ":member-one") {
			t.Fatal(topic, err)
		}
		if is, err := m.Confirmed(t.Context(), subscription); err != nil || is != on.isMoto {
			t.Error(is, err)
		}
		if err := m.Send(t.Context(), topic, "Harbor Care", "a link"); err != nil {
			t.Error(err)
		}
		for range 2 {
			if err := m.Remove(t.Context(), topic); err != nil {
				t.Error(err)
			}
		}
		if is, err := m.Confirmed(t.Context(), subscription); is || err != nil {
			t.Error(is, err)
		}
		if _, err := on.api.Publish(t.Context(), &sns.PublishInput{TopicArn: &topic, Message: aws.String("x")}); code(err) != "NotFound" {
			t.Errorf("its topic: %v", err)
		}
	})
}

// A call can fail in each of these ways on its way to SNS and back.
func TestTheClientTellsHowACallFailed(t *testing.T) {
	const phone = "+15550100101"
	for name, test := range map[string]struct {
		middle func(next http.Handler) http.HandlerFunc
		want   error
		sent   int
	}{
		"refused": {func(http.Handler) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, "<ErrorResponse><Error><Code>OptedOut</Code></Error></ErrorResponse>")
			}
		}, chat.ErrOptedOut, 0},
		"cut before": {func(http.Handler) http.HandlerFunc {
			return func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
		}, chat.ErrUnsure, 0},
		"cut after": {func(next http.Handler) http.HandlerFunc {
			return func(_ http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			}
		}, chat.ErrUnsure, 1},
	} {
		t.Run(name, func(t *testing.T) {
			server := inbox.New(inbox.Config{URL: "http://localhost:3001"})
			failing, working := httptest.NewServer(test.middle(server)), httptest.NewServer(server)
			t.Cleanup(failing.Close)
			t.Cleanup(working.Close)
			_, err := client(failing.URL).Text(t.Context(), phone, "a link")
			if !errors.Is(err, test.want) || len(messages(t, working.URL, phone)) != test.sent {
				t.Error(err)
			}
		})
	}
}
