package load

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"carechat/local/machine"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/contract"
	"carechat/tests/support/fixture"
	"carechat/tests/support/town"
	"carechat/tests/support/watch"
)

// newMachine starts a machine on a table without a stream.
func newMachine(t *testing.T) *watch.Machine {
	t.Helper()
	m := watch.New(t, machine.Config{DynamoDBEndpoint: fixture.Open(t).URL, SettingsSeconds: 60})
	m.SetTriggers(false)
	return m
}

// newPlace returns the organization at a machine, with a client that keeps its
// connections.
func newPlace(t *testing.T, m *watch.Machine) town.Place {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	anyone := m.Client(t)
	anyone.HTTP = &http.Client{Transport: contract.Transport(t, transport)}
	return town.At(anyone)
}

// thread is a member's thread with Rivera.
type thread struct {
	town.Person
	path string
}

// newThread is Rivera's first message to a new member.
func newThread(p town.Place, text string) thread {
	member := p.NewMember(town.NewID("member"))
	first := newText(text)
	started := p.Rivera.Want(201, "POST", member.Path()+"/threads", town.FirstMessageBody(town.Program, first.ClientMessageID, first.Text))
	return thread{member, started.Text("thread.url")}
}

// side returns the client of a side.
func (k thread) side(member bool) apiclient.Client {
	if member {
		return k.Self
	}
	return k.Rivera
}

// call makes one call, decodes a good answer into out, and returns the status. It
// returns an error if no whole answer came.
func call(by apiclient.Client, method, path string, in, out any) (int, error) {
	a, err := by.Try(method, path, in)
	if err == nil && a.Status/100 == 2 {
		err = json.Unmarshal([]byte(a.Raw), out)
	}
	return a.Status, err
}

// text is a message's body.
type text struct {
	ClientMessageID string `json:"clientMessageId"`
	Text            string `json:"text"`
}

// newText returns a message whose client's id follows from its words.
func newText(words string) text { return text{fmt.Sprintf("client-message-%s", words), words} }

// page is a page of messages.
type page struct {
	Items []struct {
		Seq  int
		Text string
	}
	HasMore bool
	LastSeq int
	Read    struct{ Member, CareManager int }
	Thread  struct{ UnreadCount int }
}
