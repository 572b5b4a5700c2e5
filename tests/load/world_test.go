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
	"carechat/tests/support/watch"
)

// newMachine is a machine on a table without a stream.
func newMachine(t *testing.T) *machine.Machine {
	t.Helper()
	m := watch.New(t, machine.Config{DynamoDBEndpoint: fixture.Open(t).URL, SettingsSeconds: 60})
	m.SetTriggers(false)
	return m.Machine
}

// call answers with the status, and decodes what has it into out. It returns an
// error when there was no whole answer.
func call(by apiclient.Client, method, path string, in, out any) (int, error) {
	a, err := by.Try(method, path, in)
	if err == nil && a.Status/100 == 2 {
		err = json.Unmarshal([]byte(a.Raw), out)
	}
	return a.Status, err
}

// world is a machine with who works at it.
type world struct {
	*machine.Machine
	nobody, platform, manager apiclient.Client
	members                   int
}

// newWorld has a client that keeps its connections.
func newWorld(t *testing.T) *world {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	m := newMachine(t)
	nobody := apiclient.New(t, m)
	nobody.HTTP = &http.Client{Transport: contract.Transport(t, transport)}
	return &world{
		Machine: m, nobody: nobody,
		platform: nobody.As("platform", "harbor", "platform"), manager: nobody.As("careManager", "harbor", "cm-rivera"),
	}
}

// talk is a thread of a member and cm-rivera.
type talk struct {
	member, manager apiclient.Client
	path            string
}

type text struct {
	ClientMessageID string `json:"clientMessageId"`
	Text            string `json:"text"`
}

// newText is a message; the client's id of one never changes.
func newText(words string) text { return text{fmt.Sprintf("client-message-%s", words), words} }

// newTalk is cm-rivera's first message to a new member.
func (w *world) newTalk(first string) talk {
	w.members++
	id := fmt.Sprintf("member-%d", w.members)
	w.platform.Want(201, "PUT", "/v1/members/"+id, map[string]any{
		"displayName": "Dana Test", "birthDate": "1961-05-06", "language": "en", "timeZone": "America/New_York", "active": true,
		"subjects": []any{map[string]any{"issuer": w.IssuerURL + "/harbor", "subject": id}},
	})
	w.platform.Want(201, "PUT", "/v1/members/"+id+"/enrollments/diabetes", map[string]any{"state": "active", "careManagerId": "cm-rivera"})
	hello := newText(first)
	started := w.manager.Want(201, "POST", "/v1/members/"+id+"/threads", map[string]any{
		"programId": "diabetes", "clientMessageId": hello.ClientMessageID, "text": hello.Text,
	})
	return talk{w.nobody.As("member", "harbor", id), w.manager, started.Text("thread.url")}
}

// side is the caller of a side.
func (k talk) side(member bool) apiclient.Client {
	if member {
		return k.member
	}
	return k.manager
}

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
