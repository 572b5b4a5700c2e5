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

	"github.com/aws/aws-lambda-go/events"
)

// heard are the events of SNS that functions were called with.
type heard struct {
	mu    sync.Mutex
	calls []string
	last  events.SNSEventRecord
	came  chan struct{} // one for each
}

func (h *heard) invoked(function string, payload, _ []byte) {
	var event events.SNSEvent
	if json.Unmarshal(payload, &event) != nil || len(event.Records) == 0 || event.Records[0].EventSource != "aws:sns" {
		return
	}
	h.mu.Lock()
	h.last = event.Records[0]
	h.calls = append(h.calls, function)
	h.mu.Unlock()
	h.came <- struct{}{}
}

func (h *heard) all() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.calls)
}

func startListening(t *testing.T) (*Machine, *heard) {
	h := &heard{came: make(chan struct{}, 99)}
	c := testConfig(io.Discard)
	c.Invoked = h.invoked
	return start(t, c), h
}

func textBackTo(t *testing.T, m *Machine, text string) int {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"from": "+15550100101", "text": text})
	response, err := testClient(t).Post(m.InboxURL+"/sms", "application/json", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// As AWS End User Messaging says it; and the answer waits for the function.
func TestATextBackReachesItsFunction(t *testing.T) {
	m, h := startListening(t)
	callSNS(t, m, url.Values{"Action": {"Publish"}, "PhoneNumber": {"+15550100101"}, "Message": {"a link"}})
	if status := textBackTo(t, m, " stop "); status != http.StatusAccepted || !slices.Equal(h.all(), []string{"echo"}) {
		t.Fatal(status, h.all())
	}
	var got map[string]string
	if err := json.Unmarshal([]byte(h.last.SNS.Message), &got); err != nil {
		t.Fatal(err)
	}
	if got["originationNumber"] != "+15550100101" || got["messageBody"] != " stop " || got["messageKeyword"] != "STOP" || got["inboundMessageId"] == "" ||
		got["previousPublishedMessageId"] != messages(t, m)[0].ID || h.last.SNS.TopicArn != template.TopicARN("InboundTexts") || h.last.SNS.Timestamp.IsZero() {
		t.Errorf("%+v", h.last)
	}
	if all := messages(t, m); len(all) != 1 {
		t.Errorf("what a member sends is nobody's message: %+v", all)
	}
	if status := textBackTo(t, m, ""); status != http.StatusAccepted {
		t.Error(status)
	}
}

// Lambda's asynchronous calls: repeated, then a dead letter.
func TestATextThatCannotBeHeardIsADeadLetter(t *testing.T) {
	m, h := startListening(t)
	textBackTo(t, m, "/error")
	if letters := m.DeadLetters(); len(h.all()) != 2 || len(letters) != 1 || letters[0].Function != "echo" || !strings.Contains(string(letters[0].Event), "/error") {
		t.Errorf("%q, %+v", h.all(), letters)
	}
}

func TestPublishedEventsReachTheirFunctions(t *testing.T) {
	m, h := startListening(t)
	const event = `{"type": "message.sent"}`
	callSNS(t, m, url.Values{"Action": {"Publish"}, "TopicArn": {template.TopicARN("ChatEvents")}, "Message": {event}})
	<-h.came
	if all := messages(t, m); len(all) != 1 || all[0].Channel != "event" || all[0].To != "ChatEvents" || all[0].Text != event {
		t.Errorf("%+v", all)
	}
	m.Close() // which waits for the calls
	if !slices.Equal(h.all(), []string{"read-things"}) || h.last.SNS.Message != event {
		t.Errorf("%q, %+v", h.all(), h.last)
	}
}

func messages(t *testing.T, m *Machine) (all []sns.Message) {
	t.Helper()
	if err := json.Unmarshal([]byte(get(t, testClient(t), m.InboxURL+"/messages")), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// callSNS is a call by form, whose answer must be no refusal.
func callSNS(t *testing.T, m *Machine, form url.Values) string {
	t.Helper()
	response, err := testClient(t).PostForm(m.InboxURL, form)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(response.Status, err, string(body))
	}
	return string(body)
}
