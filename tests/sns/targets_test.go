package sns

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	inbox "carechat/local/sns"
	"carechat/tests/support/fetch"
	"carechat/tests/support/localaws"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

// target is a stand-in for SNS.
type target struct {
	url    string
	isMoto bool
	api    *sns.Client
	// texts returns what a phone got.
	texts func(t *testing.T, phone string) []string
	// listen subscribes somebody to a topic; got returns what has reached them.
	listen func(t *testing.T, topic string) (subscription string, got func() []string)
}

// onEach runs a test on this machine's SNS and, if run.sh has started it, on moto's.
func onEach(t *testing.T, test func(t *testing.T, on target)) {
	t.Run("this machine's", func(t *testing.T) { test(t, ours(t)) })
	if address := os.Getenv("MOTO"); address != "" {
		t.Run("moto's", func(t *testing.T) { test(t, motos(t, address)) })
	}
}

func newTarget(address string) target {
	return target{url: address, api: sns.NewFromConfig(localaws.Config(address), func(o *sns.Options) { o.Retryer = aws.NopRetryer{} })}
}

func startOurs(t *testing.T) string {
	server := httptest.NewUnstartedServer(nil)
	address := "http://" + server.Listener.Addr().String()
	server.Config.Handler = inbox.New(inbox.Config{URL: address})
	server.Start()
	t.Cleanup(server.Close)
	return address
}

var people atomic.Int64

func ours(t *testing.T) target {
	on := newTarget(startOurs(t))
	on.texts = func(t *testing.T, phone string) []string { return texts(messages(t, on.url, phone)) }
	on.listen = func(t *testing.T, topic string) (string, func() []string) {
		address := fmt.Sprintf("listener-%d@example.org", people.Add(1))
		subscription := subscribe(t, on, topic, "email", address)
		asked := messages(t, on.url, address)
		open(t, link(t, asked[len(asked)-1].Text, "ConfirmSubscription"))
		return subscription, func() []string { return texts(messages(t, on.url, address))[1:] }
	}
	return on
}

func subscribe(t *testing.T, on target, topic, protocol, endpoint string) string {
	t.Helper()
	out, err := on.api.Subscribe(t.Context(), &sns.SubscribeInput{
		TopicArn: &topic, Protocol: &protocol, Endpoint: &endpoint, ReturnSubscriptionArn: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return *out.SubscriptionArn
}

// texts returns the texts of messages, without what SNS appends to emails.
func texts(all []inbox.Message) (list []string) {
	for _, m := range all {
		text, _, _ := strings.Cut(m.Text, "\n\n--\n")
		list = append(list, text)
	}
	return list
}

func messages(t *testing.T, address, to string) (own []inbox.Message) {
	t.Helper()
	var all []inbox.Message
	if err := json.Unmarshal(open(t, address+"/messages"), &all); err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.To == to {
			own = append(own, m)
		}
	}
	return own
}

var address = regexp.MustCompile(`http://\S+`)

// link returns the link to an action in an email.
func link(t *testing.T, text, action string) string {
	t.Helper()
	for _, each := range address.FindAllString(text, -1) {
		if u, err := url.Parse(each); err == nil && u.Query().Get("Action") == action {
			return each
		}
	}
	t.Fatalf("no link to %s in %q", action, text)
	return ""
}

// open returns what is at an address.
func open(t *testing.T, address string) []byte {
	t.Helper()
	response, err := http.Get(address)
	return []byte(fetch.OK(t, response, err))
}

// motos returns moto's SNS. It listens through queues, for moto keeps no emails.
func motos(t *testing.T, address string) target {
	response, err := http.Post(address+"/moto-api/reset", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	on := newTarget(address)
	on.isMoto = true
	on.texts = func(t *testing.T, phone string) (list []string) {
		var data struct {
			SNS struct {
				SMS []struct {
					PhoneNumber string `json:"phone_number"`
					Message     string `json:"message"`
				}
			} `json:"sns"`
		}
		if err := json.Unmarshal(open(t, address+"/moto-api/data.json"), &data); err != nil {
			t.Fatal(err)
		}
		for _, m := range data.SNS.SMS {
			if m.PhoneNumber == phone {
				list = append(list, m.Message)
			}
		}
		return list
	}
	on.listen = func(t *testing.T, topic string) (string, func() []string) {
		name := fmt.Sprintf("listener-%d", people.Add(1))
		var queue struct{ QueueUrl string }
		sqs(t, address, "CreateQueue", map[string]any{"QueueName": name}, &queue)
		subscription := subscribe(t, on, topic, "sqs", "arn:aws:sqs:us-east-1:123456789012:"+name)
		return subscription, func() []string { return received(t, address, queue.QueueUrl) }
	}
	return on
}

// received returns the messages in a queue, at most ten, and leaves them there.
func received(t *testing.T, address, queue string) (list []string) {
	var page struct{ Messages []struct{ Body string } }
	sqs(t, address, "ReceiveMessage", map[string]any{"QueueUrl": queue, "MaxNumberOfMessages": 10, "VisibilityTimeout": 0}, &page)
	for _, m := range page.Messages {
		var envelope struct{ Message string }
		if err := json.Unmarshal([]byte(m.Body), &envelope); err != nil {
			t.Fatal(err)
		}
		list = append(list, envelope.Message)
	}
	return list
}

func sqs(t *testing.T, address, operation string, in, out any) {
	t.Helper()
	body, _ := json.Marshal(in)
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	request.Header.Set("X-Amz-Target", "AmazonSQS."+operation)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(operation, err, string(answer))
	}
	if err := json.Unmarshal(answer, out); err != nil {
		t.Fatal(err)
	}
}
