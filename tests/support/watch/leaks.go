package watch

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"

	"carechat/shared/invariants"
)

// leaks collects every word that people wrote or are known by, and every secret,
// and finds those that are where they must not be (G6, G9, A8).
type leaks struct {
	mu       sync.Mutex
	words    map[string]kind
	ids      map[string]bool // ids and settings, which may be anywhere
	refusals []string
}

func newLeaks() *leaks { return &leaks{words: map[string]kind{}, ids: map[string]bool{}} }

// kind says what a word is.
type kind string

const (
	token     kind = "token"
	link      kind = "link"
	birthDate kind = "birth date"
	written   kind = "text, name, phone or address"
)

// plain lists the members of a body that hold ids, settings and the contract's
// own words. The value of any other member is looked for.
var plain = []string{
	"id", "programId", "programIds", "reasonId", "departmentId", "departmentIds", "careManagerId", "coverId", "clientMessageId", "outcome",
	"issuer", "subject", "audience", "keysUrl", "audienceClaim", "subjectClaim", "claim", "value",
	"language", "languages", "timeZone", "kind", "state", "countries", "channels", "url",
	"shortName",  // every text begins with it
	"emergency",  // whoever texts us is told
	"holidays",   // the log has the date of the day
	"from", "to", // of a coverage
}

// distinct is the length from which a word does not turn up by chance.
const distinct = 8

var (
	born       = regexp.MustCompile(`^(19\d\d|200\d)-\d\d-\d\d$`)
	linkInText = regexp.MustCompile(`/#/l/([\w-]{27})`)
)

// event is the payload of an API call, or of the operator's.
type event struct {
	RequestContext struct {
		HTTP struct {
			Method string `json:"method"`
			Path   string `json:"path"`
		} `json:"http"`
	} `json:"requestContext"`
	Headers         map[string]string `json:"headers"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
	PutOrganization map[string]any    `json:"putOrganization"`
}

// answer is a function's response to an API call.
type answer struct {
	StatusCode int               `json:"statusCode"`
	Headers    map[string]string `json:"headers"`
	Body       string            `json:"body"`
}

// observe collects the words in a function's call and in its answer. A stream's
// record and the schedule's event hold none.
func (c *leaks) observe(_ string, payload, answered []byte) {
	var in event
	var out answer
	_ = json.Unmarshal(payload, &in)
	_ = json.Unmarshal(answered, &out)
	if in.IsBase64Encoded {
		raw, _ := base64.StdEncoding.DecodeString(in.Body)
		in.Body = string(raw)
	}
	one := newLeaks() // so that no caller waits for another's lock
	one.noteRequest(in, out.StatusCode)
	one.noteAnswer(in, out)
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.Copy(c.words, one.words)
	maps.Copy(c.ids, one.ids)
	c.refusals = append(c.refusals, one.refusals...)
}

// noteRequest collects what was sent. What opened nothing is not a secret: tests
// try ids, dates and hashes.
func (c *leaks) noteRequest(in event, status int) {
	body, taken := decoded(in.Body), status < 300
	c.read("", body, taken)
	c.read("", in.PutOrganization, taken)
	if status != http.StatusUnauthorized {
		c.noteToken(strings.TrimPrefix(in.Headers["authorization"], "Bearer "))
	}
	if used, ok := body["link"].(string); ok && slices.Contains([]int{http.StatusCreated, http.StatusForbidden}, status) {
		c.note(used, link)
	}
}

func (c *leaks) noteAnswer(in event, out answer) {
	body := decoded(out.Body)
	if given, ok := body["token"].(string); ok {
		c.noteToken(given)
	}
	if out.StatusCode >= 400 {
		delete(body, "current") // which the caller may see
		if code := body["code"]; code == "factor-required" || code == "too-many-requests" {
			delete(body, "organization") // whose link it is, for whoever has it (S3)
		}
		c.refusals = append(c.refusals, fmt.Sprintf("%s %s: %v %v", in.RequestContext.HTTP.Method, in.RequestContext.HTTP.Path, body, out.Headers))
	}
}

// decoded returns a body that is an object, and nil for any other.
func decoded(body string) (object map[string]any) {
	_ = json.Unmarshal([]byte(body), &object)
	return object
}

// noteToken collects a token and, of a session's, the secret part by itself.
func (c *leaks) noteToken(given string) {
	c.note(given, token)
	if strings.HasPrefix(given, "m.") {
		c.note(given[strings.LastIndex(given, ".")+1:], token)
	}
}

func (c *leaks) note(word string, k kind) {
	if len(word) >= distinct {
		c.words[word] = k
	}
}

// read collects the words in a body, and its ids if it was accepted.
func (c *leaks) read(name string, v any, taken bool) {
	switch v := v.(type) {
	case map[string]any:
		for inner, value := range v {
			if slices.Contains(plain, name) { // a setting in several languages
				inner = name
			}
			c.read(inner, value, taken)
		}
	case []any:
		for _, inner := range v {
			c.read(name, inner, taken)
		}
	case string:
		switch {
		case name == "link": // noteRequest knows whether it is a real one
		case slices.Contains(plain, name):
			if taken {
				c.ids[v] = true
			}
		case born.MatchString(v):
			c.note(v, birthDate)
		default:
			c.note(v, written)
		}
	}
}

// find describes each word that is in the log, the refusals, the texts sent or the
// table and must not be there, once for each of these.
func (c *leaks) find(log string, texts []string, rows []invariants.Item) (wrong []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.words) == 0 || log == "" {
		return []string{"nothing was collected or logged: the check itself is broken"}
	}
	say := func(where, word, text string) {
		if word != "" {
			wrong = append(wrong, fmt.Sprintf("%s the %s %q: %.600s", where, c.words[word], word, text))
		}
	}
	for _, text := range texts {
		for _, found := range linkInText.FindAllStringSubmatch(text, -1) {
			c.note(found[1], link)
		}
	}
	logged, repeated, sent := c.finder(), c.finder(), c.finder(link)
	for line := range strings.Lines(log) {
		say("the log has", logged.find(line), line)
	}
	for _, refusal := range c.refusals {
		_, body, _ := strings.Cut(refusal, ": ")
		say("a refusal repeats", repeated.find(body), refusal)
	}
	for _, text := range texts {
		say("a text has", sent.find(text), text)
	}
	secrets, dates := c.finder(written, birthDate), c.finder(written, token, link)
	for _, row := range rows {
		raw, _ := json.Marshal(row)
		say(fmt.Sprint(invariants.KeyOf(row), " has"), secrets.find(string(raw)), "")
		if invariants.KeyOf(row).SK != "PROFILE" {
			say(fmt.Sprint(invariants.KeyOf(row), " has"), dates.find(string(raw)), "")
		}
	}
	return wrong
}

// finder returns one for all words except those of some kinds and ids.
func (c *leaks) finder(without ...kind) finder {
	f := finder{}
	for word, k := range c.words {
		if !c.ids[word] && !slices.Contains(without, k) {
			f[word[:distinct]] = append(f[word[:distinct]], word)
		}
	}
	return f
}

// finder finds words in long texts, keyed by their first letters. It finds each
// word once.
type finder map[string][]string

// find returns a word that is in the text, or "".
func (f finder) find(text string) string {
	for i := 0; i+distinct <= len(text); i++ {
		head := text[i : i+distinct]
		for n, word := range f[head] {
			if strings.HasPrefix(text[i:], word) {
				f[head] = slices.Delete(f[head], n, n+1)
				return word
			}
		}
	}
	return ""
}
