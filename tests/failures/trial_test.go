// Package failures makes every write of every use case fail in every way, at the
// DynamoDB endpoint of the compiled functions, and lets the client retry: the effect
// happens once and the answer is the same (G1, A2).
package failures

import (
	"flag"
	"fmt"
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
	"carechat/tests/support/town"
	"carechat/tests/support/watch"
)

var (
	endpoint = &injector{injections: map[*injection]bool{}}
	shared   *watch.Machine
	direct   *table.Table // past the injector
)

func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "16") // the cases wait for the functions' retries more than they work
	watch.Main(m, machine.Config{DynamoDBMiddleware: endpoint.middleware}, func(w *watch.Machine) error {
		shared = w
		shared.SetTriggers(false) // a link is sent when a trial says so
		direct = localaws.Table(shared.DynamoDB, machine.TableName, chat.Clock)
		town.Provisioner{Client: apiclient.Client{API: shared.URL, Token: platforms()}}.NotifyAtOnce()
		return nil
	})
}

// trial is one run of a use case, with its own member or whatever else it is about.
type trial struct {
	t         *testing.T
	id, phone string // in every write of the trial
	self      string // the access token of its own caller
	link      string // the token in it
	session   string // its token
	thread    string // its path, once there is one
	request   string
	lost      int  // answers of the call that were 503
	acted     bool // the set-up is over
	checked   bool // answers are checked against the contract
	// sentUnrecorded is true if the write fails that records what was sent.
	sentUnrecorded bool
}

var trials atomic.Int64

func newTrial(t *testing.T) *trial {
	n := trials.Add(1)
	return &trial{t: t, id: fmt.Sprintf("case-%012d", n), phone: fmt.Sprintf("+1555010%04d", 1000+n)}
}

// caller is a client with the trial that it belongs to.
type caller struct {
	apiclient.Client
	s *trial
}

type answer = apiclient.Answer

// as returns a caller with a token. Its answers are checked against the contract only
// while the call under test runs, because checking takes time.
func (s *trial) as(token string) caller {
	c := shared.Client(s.t).WithToken(token)
	if !s.checked {
		c.HTTP = nil
	}
	return caller{c, s}
}

func (s *trial) anybody() caller  { return s.as("") }
func (s *trial) member() caller   { return s.own("member", "harbor", s.id) }
func (s *trial) rivera() caller   { return s.as(riveras()) }
func (s *trial) platform() caller { return s.as(platforms()) }

var (
	riveras   = sync.OnceValue(func() string { return accessToken("careManager", "harbor", "cm-rivera") })
	platforms = sync.OnceValue(func() string { return accessToken("platform", "harbor", "platform") })
)

// own returns a caller of this trial alone.
func (s *trial) own(role, organization, subject string) caller {
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
	names = regexp.MustCompile(`(req|msg)_[0-9A-Z]{26}|"(requestId|token|draftKey)":"[^"]*"`)
	times = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`)
	whole = regexp.MustCompile(`^"\d+"$`) // an ETag that is a version
)

// anonymize returns a text without what differs between trials: ids and times.
func (s *trial) anonymize(text string) string {
	text = strings.NewReplacer(s.id, "CASE", s.phone, "PHONE", "•••"+s.phone[len(s.phone)-4:], "MASKED").Replace(text)
	return times.ReplaceAllString(names.ReplaceAllString(text, "NAME"), "TIME")
}

// normalize returns everything of an answer that a repeat must give again.
func (s *trial) normalize(a answer) string {
	version := a.Header.Get("ETag")
	if !whole.MatchString(version) {
		version = ""
	}
	return s.anonymize(version + a.Raw)
}

// show returns what a caller is shown at some paths, one in a line.
func (c caller) show(paths ...string) string {
	c.s.t.Helper()
	var all strings.Builder
	for _, path := range paths {
		a := c.Call("GET", path, nil)
		fmt.Fprintf(&all, "%s: %d %s\n", c.s.anonymize(path), a.Status, c.s.normalize(a))
	}
	return all.String()
}

func (s *trial) key() chat.MemberKey { return town.Key(s.id) }

// links sends what is due to the phone, and returns the tokens in its texts.
func (s *trial) links() []string {
	s.t.Helper()
	for range 2 { // the second finds nothing due
		s.sendLink()
	}
	var all []string
	for _, text := range shared.TextsTo(s.t, s.phone) {
		all = append(all, text[strings.LastIndex(text, "/")+1:])
	}
	return all
}
