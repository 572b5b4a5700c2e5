package machine

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"carechat/local/sns"
	"carechat/local/template"
	"carechat/tests/support/fetch"

	"github.com/aws/aws-lambda-go/events"
)

// snsCalls records the calls of functions with events of SNS.
type snsCalls struct {
	mu        sync.Mutex
	functions []string
	last      events.SNSEventRecord
	came      chan struct{} // gets a value for each call
}

func (c *snsCalls) invoked(function string, payload, _ []byte) {
	var event events.SNSEvent
	if json.Unmarshal(payload, &event) != nil || len(event.Records) == 0 || event.Records[0].EventSource != "aws:sns" {
		return
	}
	c.mu.Lock()
	c.last = event.Records[0]
	c.functions = append(c.functions, function)
	c.mu.Unlock()
	c.came <- struct{}{}
}

func (c *snsCalls) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.functions)
}

func startRecording(t *testing.T) (*Machine, *snsCalls) {
	calls := &snsCalls{came: make(chan struct{}, 99)}
	c := testConfig(io.Discard)
	c.Invoked = calls.invoked
	return start(t, c), calls
}

func textBackTo(t *testing.T, m *Machine, text string) int {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"from": "+15550100101", "text": text})
	response, err := fetch.Client(t).Post(m.InboxURL+"/sms", "application/json", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// The function gets the text in AWS End User Messaging's form, before the answer comes.
func TestATextBackReachesItsFunction(t *testing.T) {
	m, calls := startRecording(t)
	callSNS(t, m, url.Values{"Action": {"Publish"}, "PhoneNumber": {"+15550100101"}, "Message": {"a link"}})
	if status := textBackTo(t, m, " stop "); status != http.StatusAccepted || !slices.Equal(calls.all(), []string{"echo"}) {
		t.Fatal(status, calls.all())
	}
	var got map[string]string
	if err := json.Unmarshal([]byte(calls.last.SNS.Message), &got); err != nil {
		t.Fatal(err)
	}
	if got["originationNumber"] != "+15550100101" || got["messageBody"] != " stop " || got["messageKeyword"] != "STOP" || got["inboundMessageId"] == "" ||
		got["previousPublishedMessageId"] != messages(t, m)[0].ID || calls.last.SNS.TopicArn != template.TopicARN("InboundTexts") || calls.last.SNS.Timestamp.IsZero() {
		t.Errorf("%+v", calls.last)
	}
	if all := messages(t, m); len(all) != 1 {
		t.Errorf("the member's own text is in the inbox: %+v", all)
	}
	if status := textBackTo(t, m, ""); status != http.StatusAccepted {
		t.Error(status)
	}
}

// An asynchronous call that fails is repeated, and a dead letter in the end.
func TestATextThatFailsForGoodIsADeadLetter(t *testing.T) {
	m, calls := startRecording(t)
	textBackTo(t, m, "/error")
	if letters := m.DeadLetters(); len(calls.all()) != 2 || len(letters) != 1 || letters[0].Function != "echo" || !strings.Contains(string(letters[0].Event), "/error") {
		t.Errorf("%q, %+v", calls.all(), letters)
	}
}

func TestPublishedEventsReachTheirFunctions(t *testing.T) {
	m, calls := startRecording(t)
	const event = `{"type": "message.sent"}`
	callSNS(t, m, url.Values{"Action": {"Publish"}, "TopicArn": {template.TopicARN("ChatEvents")}, "Message": {event}})
	<-calls.came
	if all := messages(t, m); len(all) != 1 || all[0].Channel != "event" || all[0].To != "ChatEvents" || all[0].Text != event {
		t.Errorf("%+v", all)
	}
	m.Close() // which waits for the calls
	if !slices.Equal(calls.all(), []string{"read-things"}) || calls.last.SNS.Message != event {
		t.Errorf("%q, %+v", calls.all(), calls.last)
	}
}

func messages(t *testing.T, m *Machine) (all []sns.Message) {
	t.Helper()
	if err := json.Unmarshal([]byte(fetch.Get(t, fetch.Client(t), m.InboxURL+"/messages")), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// callSNS makes a call and returns the answer. A refusal fails the test.
func callSNS(t *testing.T, m *Machine, form url.Values) string {
	t.Helper()
	response, err := fetch.Client(t).PostForm(m.InboxURL, form)
	return fetch.OK(t, response, err)
}
