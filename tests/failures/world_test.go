// Package failures fails every write of every use case in every way, at the
// DynamoDB endpoint in front of the compiled functions, and lets the client try
// again: the effect is there once and the answer is the same (G1, A2).
package failures

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"carechat/local/machine"
	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/table"
	"carechat/tests/contract"
	"carechat/tests/invariants"

	"github.com/aws/aws-sdk-go-v2/aws"
)

var (
	endpoint = &tap{scripts: map[*script]bool{}}
	shared   *machine.Machine
	direct   *table.Table // past the tap
)

func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "16") // the cases wait for the functions' patience more than they work
	var err error
	shared, err = machine.Start(context.Background(), machine.Config{
		TemplatePath: "../../template.yaml", DynamoDBMiddleware: endpoint.middleware,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	shared.SetStream(false) // a link is sent when a scene says so
	direct = table.New(table.Settings{Name: machine.TableName, Endpoint: shared.DynamoDB, Now: chat.Clock, Config: aws.Config{
		Region: "us-east-1", HTTPClient: table.InMemoryBodies(&http.Client{}),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	}})
	code := m.Run()
	code = max(code, invariants.Report(os.Stderr, shared.DynamoDB, machine.TableName))
	shared.Close()
	os.Exit(code)
}

// scene is one try of a use case: its own member, or whatever else it is about.
type scene struct {
	t         *testing.T
	id, phone string // in every write of the scene
	self      string // the access token of its own caller
	link      string // the token in it
	session   string // its token
	thread    string // its path, once there is one
	request   string
	lost      int  // how many answers of the act were 503
	checked   bool // answers are held against the contract
}

var scenes atomic.Int64

func newScene(t *testing.T) *scene {
	n := scenes.Add(1)
	return &scene{t: t, id: fmt.Sprintf("case-%012d", n), phone: fmt.Sprintf("+1555010%04d", 1000+n)}
}

// caller calls the API as somebody.
type caller struct {
	s     *scene
	token string
}

func (s *scene) as(token string) caller { return caller{s, token} }
func (s *scene) anybody() caller        { return caller{s, ""} }
func (s *scene) member() caller         { return s.own("member", "harbor", s.id) }
func (s *scene) rivera() caller         { return s.as(riveras()) }
func (s *scene) platform() caller       { return s.as(platforms()) }

var (
	riveras   = sync.OnceValue(func() string { return accessToken("careManager", "harbor", "cm-rivera") })
	platforms = sync.OnceValue(func() string { return accessToken("platform", "harbor", "platform") })
)

// own is a caller of this scene alone.
func (s *scene) own(role, organization, subject string) caller {
	if s.self == "" {
		s.self = accessToken(role, organization, subject)
	}
	return s.as(s.self)
}

// accessToken is one of the machine's identity provider.
func accessToken(role, organization, subject string) string {
	query := url.Values{"role": {role}, "organization": {organization}, "subject": {subject}}
	var body struct {
		AccessToken string `json:"access_token"`
	}
	resp, err := http.Get(shared.IssuerURL + "/token?" + query.Encode())
	if err == nil {
		defer resp.Body.Close()
		err = json.NewDecoder(resp.Body).Decode(&body)
	}
	if err != nil {
		panic(err)
	}
	return body.AccessToken
}

// answer is what came back; body is its JSON, decoded.
type answer struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

// call makes a call. Those that matter are held against the contract; the others
// are other tests' business, and checking takes time.
func (c caller) call(method, path string, in any, headers ...string) answer {
	c.s.t.Helper()
	transport := http.DefaultTransport
	if c.s.checked {
		transport = contract.Transport(c.s.t, nil)
	}
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			c.s.t.Fatal(err)
		}
		body = strings.NewReader(string(raw))
		headers = append(headers, "Content-Type", "application/json")
	}
	r, err := http.NewRequestWithContext(c.s.t.Context(), method, shared.URL+path, body)
	if err != nil {
		c.s.t.Fatal(err)
	}
	if c.token != "" {
		headers = append(headers, "Authorization", "Bearer "+c.token)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := transport.RoundTrip(r)
	if err != nil {
		c.s.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		c.s.t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &a.body)
	return a
}

// want is a call that must go well.
func (c caller) want(status int, method, path string, in any, headers ...string) answer {
	c.s.t.Helper()
	a := c.call(method, path, in, headers...)
	if a.status != status {
		c.s.t.Fatalf("%s %s: got %d %s, want %d", method, path, a.status, a.raw, status)
	}
	return a
}

// text finds a value by a path such as "thread.url".
func (a answer) text(path string) string {
	var v any = a.body
	for step := range strings.SplitSeq(path, ".") {
		in, _ := v.(map[string]any)
		v = in[step]
	}
	text, _ := v.(string)
	return text
}

var (
	names = regexp.MustCompile(`(req|msg)_[0-9A-Z]{26}|"requestId":"[^"]*"|"token":"[^"]*"`)
	times = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`)
	whole = regexp.MustCompile(`^"\d+"$`) // an ETag that is a version
)

// plain is a text without what differs from one scene to the next: names and times.
func (s *scene) plain(text string) string {
	text = strings.NewReplacer(s.id, "CASE", s.phone, "PHONE").Replace(text)
	return times.ReplaceAllString(names.ReplaceAllString(text, "NAME"), "TIME")
}

// shown is all of an answer that a repeat must give again.
func (s *scene) shown(a answer) string {
	version := a.header.Get("ETag")
	if !whole.MatchString(version) {
		version = ""
	}
	return s.plain(version + a.raw)
}

// see is what somebody is shown at some paths, one a line.
func (c caller) see(paths ...string) string {
	c.s.t.Helper()
	var all strings.Builder
	for _, path := range paths {
		a := c.call("GET", path, nil)
		fmt.Fprintf(&all, "%s: %d %s\n", c.s.plain(path), a.status, c.s.shown(a))
	}
	return all.String()
}

func (s *scene) key() chat.MemberKey {
	return chat.MemberKey{Organization: "harbor", Member: s.id}
}

// links are what a phone is sent by now: the tokens in the texts. The sender is
// the real one, in this process, and serves this phone alone.
func (s *scene) links() []string {
	s.t.Helper()
	asked, err := direct.AskedWith(s.t.Context(), s.phone)
	if err != nil {
		s.t.Fatal(err)
	}
	var all []string
	sender := auth.Sender{
		Store: direct, Now: chat.Clock,
		Words: func(_, _, link string) string { return link[strings.LastIndex(link, "/")+1:] },
		Text: func(_ context.Context, _, text string) error {
			all = append(all, text)
			return nil
		},
	}
	for range 2 { // the second finds nothing that is owed
		if err := sender.Send(s.t.Context(), asked.Contact); err != nil {
			s.t.Fatal(err)
		}
	}
	return all
}
