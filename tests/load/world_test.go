package load

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"carechat/local/machine"
	"carechat/tests/contract"
	"carechat/tests/invariants"
	"carechat/tests/load/fixture"
)

// newMachine is a machine on a table without a stream.
func newMachine(t *testing.T) *machine.Machine {
	t.Helper()
	m, err := machine.Start(t.Context(), machine.Config{
		TemplatePath: "../../template.yaml", DynamoDBEndpoint: fixture.Open(t, cache).URL, SettingsSeconds: 60,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	t.Cleanup(func() { invariants.Check(t, m.DynamoDB, machine.TableName) })
	m.SetStream(false)
	return m
}

// newClient keeps its connections.
func newClient(t *testing.T) *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// held holds every answer against the contract.
func held(t *testing.T, client *http.Client) *http.Client {
	return &http.Client{Transport: contract.Transport(t, client.Transport)}
}

// caller calls a machine's API as somebody.
type caller struct {
	client *http.Client
	url    string
	token  string
}

// call answers with the status, and decodes what has it into out. It returns an
// error when there was no whole answer.
func (c caller) call(ctx context.Context, method, path string, in, out any) (int, error) {
	body := ""
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return 0, err
		}
		body = string(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.url+path, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := c.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err == nil && out != nil && answer.StatusCode/100 == 2 {
		err = json.Unmarshal(raw, out)
	}
	return answer.StatusCode, err
}

// must makes a call that has this status.
func (c caller) must(t *testing.T, status int, method, path string, in, out any) {
	t.Helper()
	if got, err := c.call(t.Context(), method, path, in, out); err != nil || got != status {
		t.Fatalf("%s %s: got %d, %v, want %d", method, path, got, err, status)
	}
}

// as is somebody at harbor, by a token of the machine's identity provider.
func as(t *testing.T, m *machine.Machine, client *http.Client, role, subject string) caller {
	t.Helper()
	idp := caller{client: client, url: m.IssuerURL}
	query := url.Values{"role": {role}, "organization": {"harbor"}, "subject": {subject}}
	var body struct {
		AccessToken string `json:"access_token"`
	}
	idp.must(t, 200, "GET", "/token?"+query.Encode(), nil, &body)
	return caller{client, m.URL, body.AccessToken}
}

// world is a machine with who works at it.
type world struct {
	*machine.Machine
	client            *http.Client
	platform, manager caller
	members           int
}

func newWorld(t *testing.T, client *http.Client) *world {
	t.Helper()
	m := newMachine(t)
	return &world{
		Machine: m, client: client,
		platform: as(t, m, client, "platform", "platform"), manager: as(t, m, client, "careManager", "cm-rivera"),
	}
}

// talk is a thread of a member and cm-rivera.
type talk struct {
	member, manager caller
	path            string
}

type text struct {
	ClientMessageID string `json:"clientMessageId"`
	Text            string `json:"text"`
}

// newText is a message; the client's id of one never changes.
func newText(words string) text { return text{fmt.Sprintf("client-message-%s", words), words} }

// newTalk is cm-rivera's first message to a new member.
func (w *world) newTalk(t *testing.T, first string) talk {
	t.Helper()
	w.members++
	id := fmt.Sprintf("member-%d", w.members)
	w.platform.must(t, 201, "PUT", "/v1/members/"+id, map[string]any{
		"displayName": "Dana Test", "birthDate": "1961-05-06", "language": "en", "timeZone": "America/New_York", "active": true,
		"subjects": []any{map[string]any{"issuer": w.IssuerURL + "/harbor", "subject": id}},
	}, nil)
	w.platform.must(t, 201, "PUT", "/v1/members/"+id+"/enrollments/diabetes",
		map[string]any{"state": "active", "careManagerId": "cm-rivera"}, nil)
	hello := newText(first)
	var started struct{ Thread struct{ URL string } }
	w.manager.must(t, 201, "POST", "/v1/members/"+id+"/threads", map[string]any{
		"programId": "diabetes", "clientMessageId": hello.ClientMessageID, "text": hello.Text,
	}, &started)
	return talk{as(t, w.Machine, w.client, "member", id), w.manager, started.Thread.URL}
}

// side is the caller of a side.
func (k talk) side(member bool) caller {
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
