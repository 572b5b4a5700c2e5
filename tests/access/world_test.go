// Package access proves who may do what, and who learns what: every caller
// against every route, every kind of secret against every place that takes one,
// and a story whose every word is looked for where it must not be (G8, G9).
package access

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"carechat/local/machine"
	"carechat/local/stream"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/module"
	"carechat/tests/support/watch"
)

var (
	update = flag.Bool("update", false, "write testdata/matrix.txt as the answers are; read every change")

	// here is the machine of all tests: each has people, and where it matters an
	// organization, of its own.
	here *watch.Machine
	sent = &sends{}  // what SNS was asked to send
	ill  = &faults{} // what befalls the functions' calls of DynamoDB and SNS
)

var config = machine.Config{DynamoDBMiddleware: ill.dynamoDB, SNSMiddleware: sent.record}

func TestMain(m *testing.M) {
	watch.Main(m, config, func(w *watch.Machine) error {
		here = w
		here.SetTriggers(false) // links go out when a test says so
		return nil
	})
}

var begun = map[string]bool{}

// begin is called by every test that makes people: run a second time (-count) it
// would find them there, and gets another machine.
func begin(t *testing.T) {
	t.Helper()
	if begun[t.Name()] {
		clear(begun)
		here.Restart(t)
		here.SetTriggers(false)
	}
	begun[t.Name()] = true
}

// sends keeps the forms that SNS was sent, and refuses a phone if asked to.
type sends struct {
	mu      sync.Mutex
	forms   []url.Values
	refused string // a phone that SNS answers as AWS does: repeating it
}

func (s *sends) record(next http.Handler) http.Handler {
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

func (s *sends) refuse(phone string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = phone
}

// to are the forms of what a phone was sent.
func (s *sends) to(phone string) (all []url.Values) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, form := range s.forms {
		if form.Get("PhoneNumber") == phone {
			all = append(all, form)
		}
	}
	return all
}

// faults make calls of DynamoDB fail in a way that AWS does, at its most
// talkative: the message repeats the whole request.
type faults struct {
	mu         sync.Mutex
	status     int
	code       string
	operations []string
}

func (f *faults) with(status int, code string, operations ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status, f.code, f.operations = status, code, operations
}

func (f *faults) dynamoDB(next http.Handler) http.Handler {
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

// client calls the API with any token; every answer is held against the contract.
type client struct {
	apiclient.Client
	seen func(answer) // looks at every answer, if set
}

type answer = apiclient.Answer

func newClient(t testing.TB) *client { return &client{Client: apiclient.New(t, here.Machine)} }

// call makes one call; headers are name, value, name, value.
func (c *client) call(token, method, path, body string, headers ...string) answer {
	c.T.Helper()
	return c.saw(c.WithToken(token).Call(method, path, body, headers...))
}

// want makes a call that must have this status.
func (c *client) want(status int, token, method, path, body string, headers ...string) answer {
	c.T.Helper()
	return c.saw(c.WithToken(token).Want(status, method, path, body, headers...))
}

func (c *client) saw(a answer) answer {
	if c.seen != nil {
		c.seen(a)
	}
	return a
}

// token is an access token of the machine's identity provider.
func token(t testing.TB, role, organization, subject string) string {
	t.Helper()
	return apiclient.New(t, here.Machine).As(role, organization, subject).Token
}

var linkPattern = regexp.MustCompile(`https?://\S+/#/l/([\w-]{27})`)

// link asks for a link and takes it from the phone. The machine's own schedule
// may be the one that sends it: then the sweep here finds nothing, and the text
// is still on its way.
func (c *client) link(phone string) string {
	c.T.Helper()
	before := len(sent.to(phone))
	c.want(202, "", "POST", "/v1/links", form("contact", phone))
	sweep(c.T)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if forms := sent.to(phone); len(forms) == before+1 {
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

// sweep is the schedule's run: it sends the links that are owed.
func sweep(t testing.TB) {
	t.Helper()
	if _, err := here.Invoke(t.Context(), "notify", stream.ScheduleEvent(time.Now())); err != nil {
		t.Fatal(err)
	}
}

// organize makes an organization as the operator does, with an issuer.
func organize(t testing.TB, id, name, shortName string, issuer map[string]any, more map[string]any) {
	t.Helper()
	raw, err := os.ReadFile(module.Path("docs/examples/organization.json"))
	if err != nil {
		t.Fatal(err)
	}
	var command struct {
		PutOrganization map[string]any `json:"putOrganization"`
	}
	if err := json.Unmarshal(raw, &command); err != nil {
		t.Fatal(err)
	}
	o := command.PutOrganization
	o["id"], o["name"], o["shortName"], o["issuers"] = id, name, shortName, []any{issuer}
	for name, value := range more {
		o[name] = value
	}
	made, err := here.Invoke(t.Context(), "operator", []byte(marshal(command)))
	if err != nil || bytes.Contains(made, []byte(`"problem"`)) {
		t.Fatalf("operator: %s %v", made, err)
	}
}

// ownIssuer is the machine's identity provider under an organization's name.
func ownIssuer(organization string) map[string]any {
	name := here.IssuerURL + "/" + organization
	return map[string]any{"issuer": name, "audience": "care-chats", "keysUrl": name + "/keys"}
}

func marshal(v any) string { return apiclient.JSON(v) }

// form is a JSON object of strings: name, value, name, value.
func form(pairs ...string) string {
	all := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		all[pairs[i]] = pairs[i+1]
	}
	return marshal(all)
}

var made atomic.Int64

// newID is an id that nobody has used, good as an idempotency key too.
func newID(prefix string) string { return fmt.Sprintf("%s-%016d", prefix, made.Add(1)) }
