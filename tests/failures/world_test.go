// Package failures fails every write of every use case in every way, at the
// DynamoDB endpoint in front of the compiled functions, and lets the client try
// again: the effect is there once and the answer is the same (G1, A2).
package failures

import (
	"flag"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"carechat/local/machine"
	"carechat/shared/chat"
	"carechat/shared/table"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/localaws"
	"carechat/tests/support/watch"
)

var (
	endpoint = &tap{scripts: map[*script]bool{}}
	shared   *machine.Machine
	direct   *table.Table // past the tap
)

func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "16") // the cases wait for the functions' patience more than they work
	watch.Main(m, machine.Config{DynamoDBMiddleware: endpoint.middleware}, func(w *watch.Machine) error {
		shared = w.Machine
		shared.SetTriggers(false) // a link is sent when a scene says so
		direct = localaws.Table(shared.DynamoDB, machine.TableName, chat.Clock)
		return atOnce()
	})
}

// atOnce makes notices due as soon as there is something to tell, and lets one
// that is repeated go out then.
func atOnce() error {
	platform := apiclient.Client{API: shared.URL, Token: platforms()}
	settings, err := platform.Try("GET", "/v1/organization", nil)
	if err != nil || settings.Status != http.StatusOK {
		return fmt.Errorf("no settings: %s %w", settings.Raw, err)
	}
	notices := settings.Body["notices"].(body)
	notices["delaySeconds"], notices["minutesBetweenTexts"] = 0, 0
	changed, err := platform.Try("PUT", "/v1/organization", settings.Body)
	if err != nil || changed.Status != http.StatusOK {
		return fmt.Errorf("settings are not taken: %s %w", changed.Raw, err)
	}
	return nil
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
	acted     bool // what comes before is over
	checked   bool // answers are held against the contract
	untold    bool // the write is lost that says what was sent
}

var scenes atomic.Int64

func newScene(t *testing.T) *scene {
	n := scenes.Add(1)
	return &scene{t: t, id: fmt.Sprintf("case-%012d", n), phone: fmt.Sprintf("+1555010%04d", 1000+n)}
}

// caller calls the API as somebody.
type caller struct {
	apiclient.Client
	s *scene
}

type answer = apiclient.Answer

// as is a caller whose calls are held against the contract if they matter: the
// others are other tests' business, and checking takes time.
func (s *scene) as(token string) caller {
	c := apiclient.New(s.t, shared).WithToken(token)
	if !s.checked {
		c.HTTP = nil
	}
	return caller{c, s}
}

func (s *scene) anybody() caller  { return s.as("") }
func (s *scene) member() caller   { return s.own("member", "harbor", s.id) }
func (s *scene) rivera() caller   { return s.as(riveras()) }
func (s *scene) platform() caller { return s.as(platforms()) }

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

func accessToken(role, organization, subject string) string {
	token, err := apiclient.AccessToken(shared.IssuerURL, role, organization, subject)
	if err != nil {
		panic(err)
	}
	return token
}

var (
	names = regexp.MustCompile(`(req|msg)_[0-9A-Z]{26}|"requestId":"[^"]*"|"token":"[^"]*"`)
	times = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`)
	whole = regexp.MustCompile(`^"\d+"$`) // an ETag that is a version
)

// plain is a text without what differs from one scene to the next: names and times.
func (s *scene) plain(text string) string {
	text = strings.NewReplacer(s.id, "CASE", s.phone, "PHONE", "•••"+s.phone[len(s.phone)-4:], "MASKED").Replace(text)
	return times.ReplaceAllString(names.ReplaceAllString(text, "NAME"), "TIME")
}

// shown is all of an answer that a repeat must give again.
func (s *scene) shown(a answer) string {
	version := a.Header.Get("ETag")
	if !whole.MatchString(version) {
		version = ""
	}
	return s.plain(version + a.Raw)
}

// see is what somebody is shown at some paths, one a line.
func (c caller) see(paths ...string) string {
	c.s.t.Helper()
	var all strings.Builder
	for _, path := range paths {
		a := c.Call("GET", path, nil)
		fmt.Fprintf(&all, "%s: %d %s\n", c.s.plain(path), a.Status, c.s.shown(a))
	}
	return all.String()
}

func (s *scene) key() chat.MemberKey {
	return chat.MemberKey{Organization: "harbor", Member: s.id}
}

// links are what the phone was sent by now: the tokens in its texts.
func (s *scene) links() []string {
	s.t.Helper()
	for range 2 { // the second finds nothing that is owed
		s.sendLink()
	}
	var all []string
	for _, text := range s.texts() {
		all = append(all, text[strings.LastIndex(text, "/")+1:])
	}
	return all
}
