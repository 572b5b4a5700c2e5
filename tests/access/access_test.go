// Package access tests who may do what, and who sees what: every caller on every
// route, every kind of secret in every place that takes one, and a story whose every
// word is looked for where it must not be (G8, G9).
package access

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"carechat/local/machine"
	"carechat/shared/chat"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/town"
	"carechat/tests/support/watch"
)

var (
	update = flag.Bool("update", false, "write testdata/matrix.txt as the answers are; read every change")

	// here is the machine of all tests: each has people and, if needed, an
	// organization of its own.
	here *watch.Machine
	sns  = &recorder{} // what SNS was asked to send
	ddb  = &faults{}   // failures of the functions' calls of DynamoDB
)

var config = machine.Config{DynamoDBMiddleware: ddb.middleware, SNSMiddleware: sns.middleware}

func TestMain(m *testing.M) {
	watch.Main(m, config, func(w *watch.Machine) error {
		here = w
		here.SetTriggers(false) // links are sent when a test says so
		return nil
	})
}

var begun = map[string]bool{}

// begin is called by every test that makes people. If the test runs a second time
// (-count) they are there already, and it gets another machine.
func begin(t *testing.T) {
	t.Helper()
	if begun[t.Name()] {
		clear(begun)
		here.Restart(t)
		here.SetTriggers(false)
	}
	begun[t.Name()] = true
}

// recorder records the calls of SNS, and refuses a phone if a test says so.
type recorder struct {
	mu      sync.Mutex
	forms   []url.Values
	refused string // a phone; the refusal repeats it, as AWS's does
}

func (s *recorder) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		form, _ := url.ParseQuery(string(body))
		s.mu.Lock()
		s.forms = append(s.forms, form)
		refuse := err != nil || s.refused != "" && form.Get("PhoneNumber") == s.refused
		s.mu.Unlock()
		if !refuse {
			next.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>Invalid parameter: %s %s</Message></Error></ErrorResponse>",
			form.Get("PhoneNumber"), form.Get("Message"))
	})
}

func (s *recorder) refuse(phone string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = phone
}

// to returns the calls that sent something to a phone.
func (s *recorder) to(phone string) (all []url.Values) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, form := range s.forms {
		if form.Get("PhoneNumber") == phone {
			all = append(all, form)
		}
	}
	return all
}

// faults makes calls of DynamoDB fail as AWS's do at their worst: the message repeats
// the whole request.
type faults struct {
	mu         sync.Mutex
	status     int
	code       string
	operations []string
}

func (f *faults) set(status int, code string, operations ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status, f.code, f.operations = status, code, operations
}

func (f *faults) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		f.mu.Lock()
		status, code, fails := f.status, f.code, slices.Contains(f.operations, operation)
		f.mu.Unlock()
		if !fails {
			next.ServeHTTP(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		fmt.Fprint(w, form("__type", "com.amazonaws.dynamodb.v20120810#"+code, "message", "Canarywords: failed to satisfy constraint: "+string(body)))
	})
}

// client calls the API with any token. Every answer is checked against the contract.
type client struct {
	apiclient.Client
	seen func(answer) // called with every answer, if set
}

type answer = apiclient.Answer

func newClient(t testing.TB) *client { return &client{Client: here.Client(t)} }

// call makes one call; headers are name, value, name, value.
func (c *client) call(token, method, path string, body any, headers ...string) answer {
	c.T.Helper()
	return c.saw(c.WithToken(token).Call(method, path, body, headers...))
}

// want makes a call that must have this status.
func (c *client) want(status int, token, method, path string, body any, headers ...string) answer {
	c.T.Helper()
	return c.saw(c.WithToken(token).Want(status, method, path, body, headers...))
}

func (c *client) saw(a answer) answer {
	if c.seen != nil {
		c.seen(a)
	}
	return a
}

// token returns an access token of the machine's identity provider.
func (c *client) token(role, organization, subject string) string {
	c.T.Helper()
	return c.As(role, organization, subject).Token
}

// platform returns an organization's platform.
func (c *client) platform(organization string) town.Provisioner {
	c.T.Helper()
	return town.Provisioner{Client: c.As("platform", organization, "platform")}
}

var linkPattern = regexp.MustCompile(`https?://\S+/#/l/([\w-]{27})`)

// link asks for a link and takes it from the phone's text. The machine's own schedule
// may be the one that sends it: then the text is still on its way after the run here.
func (c *client) link(phone string) string {
	c.T.Helper()
	before := len(sns.to(phone))
	c.want(202, "", "POST", "/v1/links", form("contact", phone))
	here.RunSchedule(c.T)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if forms := sns.to(phone); len(forms) == before+1 {
			return linkPattern.FindStringSubmatch(forms[before].Get("Message"))[1]
		}
		if time.Now().After(deadline) {
			c.T.Fatalf("no text reached %s", phone)
		}
	}
}

func (c *client) logIn(link, birthDate string) string {
	c.T.Helper()
	return c.want(201, "", "POST", "/v1/sessions", form("link", link, "birthDate", birthDate)).Text("token")
}

// putOrganization makes an organization as the operator does.
func putOrganization(t testing.TB, o chat.Organization) {
	t.Helper()
	if made := here.PutOrganization(t, o); made.Status != http.StatusOK {
		t.Fatalf("operator: %s", made.Raw)
	}
}

// form returns a JSON object of strings: name, value, name, value.
func form(pairs ...string) string {
	all := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		all[pairs[i]] = pairs[i+1]
	}
	return apiclient.JSON(all)
}
