package access

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"carechat/shared/chat"
	"carechat/shared/notice"
)

// canary is a story in which everything that a person wrote or is known by, and
// every secret, is a word that occurs nowhere else.
type canary struct {
	*client
	words                    map[string]string // what each is, by itself
	problems                 int
	careManager, provision   string
	link, session            string
	request, thread, another string
	failed                   map[int]int // how often what failed was answered with what
}

const (
	canaryPhone = "+15550109077"
	canaryEmail = "canary-email@example.org"
	canaryBirth = "1913-04-17"
	canaryPlace = "https://chats.canary-place.example.org"
	shortName   = "Fowl House"
)

func newCanary(t *testing.T) *canary {
	begin(t)
	c := &canary{client: newClient(t), words: map[string]string{}, failed: map[int]int{}}
	c.words[canaryPhone[1:]], c.words[canaryEmail], c.words[canaryBirth] = "phone", "email", "birth date"
	c.words["Canarywords"] = "what AWS says"
	c.words[shortName] = "organization's short name"
	c.seen = c.look
	c.provision = c.secret(token(t, "platform", "aviary", "platform"))
	c.careManager = c.secret(token(t, "careManager", "aviary", "av-keeper"))
	return c
}

// word is one of the story's own.
func (c *canary) word(what string) string {
	word := "canary-" + what + "-" + fmt.Sprintf("%06d", made.Add(1))
	c.words[word] = what
	return word
}

func (c *canary) secret(token string) string {
	c.words[token] = "token"
	return token
}

// look holds every refusal: it repeats nothing. What a conflict shows as it
// stands is the caller's own to see.
func (c *canary) look(a answer) {
	if a.Status < 400 {
		return
	}
	c.problems++
	delete(a.Body, "current")
	said := marshal(a.Body) + fmt.Sprint(a.Header)
	for word, what := range c.words {
		if strings.Contains(said, word) {
			c.T.Errorf("a problem repeats the %s %q: %s", what, word, said)
		}
	}
}

// Nothing that a person wrote, and no secret, is in a log or a refusal; no
// secret, and the birth date but in the profile, is in the table; and a text
// holds the organization's short name and the link alone (G6, G9, A8, N6).
func TestNoWordAndNoSecretGoesWhereItMustNot(t *testing.T) {
	c := newCanary(t)
	t.Cleanup(func() { ill.with(0, ""); sent.refuse("") })
	c.provisions()
	c.comesIn()
	c.converses()
	c.isRefused()
	c.breaksDown()
	c.logs()
	c.table()
	c.texts()
	if c.problems < 60 || c.failed[http.StatusInternalServerError] < 10 || c.failed[http.StatusServiceUnavailable] < 2 {
		t.Errorf("only %d refusals, and of what failed %v", c.problems, c.failed)
	}
}

func (c *canary) both(what string) map[string]string {
	return map[string]string{"en": c.word(what), "es": c.word(what)}
}

func (c *canary) provisions() {
	c.T.Helper()
	organize(c.T, "aviary", c.word("organization"), shortName, ownIssuer("aviary"), map[string]any{
		"requestIntro": c.both("intro"), "emergency": c.both("emergency"), "links": map[string]any{"hours": 1, "url": canaryPlace},
		"outcomes": []any{map[string]any{"id": "answered", "labels": c.both("outcome")}},
	})
	for path, body := range map[string]any{
		"departments/av-nest": map[string]any{"name": c.word("department")},
		"reasons/av-song":     map[string]any{"labels": c.both("reason"), "order": 1, "active": true},
		"reasons/av-feather":  map[string]any{"labels": c.both("reason"), "order": 2, "active": true},
	} {
		c.want(201, c.provision, "PUT", "/v1/"+path, marshal(body))
	}
	c.want(201, c.provision, "PUT", "/v1/programs/av-flight", form("name", c.word("program"), "kind", "guided", "departmentId", "av-nest"))
	c.want(201, c.provision, "PUT", "/v1/care-managers/av-keeper",
		marshal(map[string]any{"displayName": c.word("care manager's name"), "departmentIds": []string{"av-nest"}, "active": true}))
	c.want(201, c.provision, "PUT", "/v1/members/av-bird", c.profile(c.word("member's name")))
	c.want(201, c.provision, "PUT", "/v1/members/av-bird/enrollments/av-flight", `{"state": "active", "careManagerId": "av-keeper"}`)
}

func (c *canary) profile(name string) string {
	return marshal(map[string]any{
		"displayName": name, "birthDate": canaryBirth, "phone": canaryPhone, "email": canaryEmail,
		"language": "en", "timeZone": "America/New_York", "active": true,
	})
}

// comesIn is a log-in, with what goes wrong at one.
func (c *canary) comesIn() {
	c.T.Helper()
	c.want(202, "", "POST", "/v1/links", form("contact", canaryEmail))
	c.link = c.secret(c.client.link(canaryPhone))
	c.want(403, "", "POST", "/v1/sessions", form("link", c.link))
	c.want(403, "", "POST", "/v1/sessions", form("link", c.link, "birthDate", "1913-04-18"))
	gone := c.secret(c.logIn(c.link, canaryBirth))
	c.want(204, gone, "DELETE", "/v1/sessions/current", "")
	c.want(401, gone, "GET", "/v1/me", "")
	c.session = c.secret(c.logIn(c.link, canaryBirth))
	for _, session := range []string{gone, c.session} {
		c.secret(session[strings.LastIndex(session, ".")+1:])
	}
}

func (c *canary) converses() {
	c.T.Helper()
	c.request = c.asks().Text("url")
	c.want(409, c.session, "POST", "/v1/members/me/chat-requests",
		form("programId", "av-flight", "reasonId", "av-song", "comment", c.word("comment")), "Idempotency-Key", c.word("idempotency-key"))
	c.want(200, c.session, "PATCH", c.request, form("reasonId", "av-feather"))
	first := c.want(201, c.careManager, "POST", "/v1/members/av-bird/threads",
		form("programId", "av-flight", "clientMessageId", c.word("client-id"), "text", c.word("message")))
	c.thread = first.Text("thread.url")
	c.want(201, c.session, "POST", c.thread+"/messages", form("clientMessageId", c.word("client-id"), "text", c.word("message")))
	c.want(200, c.session, "PUT", c.thread+"/read", `{"seq": 2}`)
	c.want(200, c.careManager, "PUT", c.thread+"/read", `{"seq": 2}`)
	c.want(200, c.careManager, "POST", c.request+"/close", form("outcome", "answered", "note", c.word("note")))
	c.want(409, c.session, "POST", c.request+"/cancel", "")
	for token, paths := range map[string][]string{
		c.session:     {"/v1/me", "/v1/members/me/chats", "/v1/members/me/request-form", c.thread + "/messages", c.request},
		c.careManager: {"/v1/me", "/v1/members/av-bird/chats", c.thread + "/messages", c.request, "/v1/tasks", "/v1/inbox"},
		c.provision:   {"/v1/me", "/v1/members/av-bird", "/v1/organization", "/v1/tasks?careManagerId=av-keeper"},
	} {
		for _, path := range paths {
			c.want(200, token, "GET", path, "")
		}
	}
	c.another = c.asks().Text("url")
}

func (c *canary) asks() answer {
	return c.want(201, c.session, "POST", "/v1/members/me/chat-requests",
		form("programId", "av-flight", "reasonId", "av-song", "comment", c.word("comment")), "Idempotency-Key", c.word("idempotency-key"))
}

// logs asserts on what every function wrote, and that it did write.
func (c *canary) logs() {
	text := here.Log()
	for _, function := range []string{"session", "list", "request", "send", "mark-read", "task", "cancel", "preferences", "directory", "notify", "fallback"} {
		if !strings.Contains(text, function+" | ") {
			c.T.Errorf("no line of %s is in the log", function)
		}
	}
	for word, what := range c.words {
		for line := range strings.Lines(text) {
			if strings.Contains(line, word) {
				c.T.Errorf("the log has the %s %q: %.600s", what, word, line)
				break
			}
		}
	}
}

// table asserts on every row that the story left.
func (c *canary) table() {
	profiles := 0
	for _, r := range everything(c.T) {
		text, isProfile := marshal(r), textOf(r, "SK") == "PROFILE"
		for word, what := range c.words {
			switch {
			case !strings.Contains(text, word):
			case what == "token":
				c.T.Errorf("%s %s holds a token: %s", textOf(r, "PK"), textOf(r, "SK"), text)
			case isOwed(r) && (word == canaryPhone[1:] || word == canaryEmail): // whoever sends the link needs it
			case textOf(r, "SK") == "EMAIL" && word == canaryEmail: // whoever subscribes it, too
			case word == canaryBirth || word == canaryEmail || word == canaryPhone[1:]:
				if profiles++; !isProfile {
					c.T.Errorf("%s %s holds the %s: %s", textOf(r, "PK"), textOf(r, "SK"), what, text)
				}
			}
		}
	}
	if profiles != 3 {
		c.T.Errorf("birth date, phone and email are %d times in the table: the looking itself is broken", profiles)
	}
}

// isOwed reports whether a row is of a link that was asked for and not sent yet.
func isOwed(r row) bool { return textOf(r, "SK") == "ASKED" && textOf(r, "DUE_PK") != "" }

// wordings are the texts that may carry a link.
func wordings(link string) []string {
	return []string{
		notice.LinkAsked(chat.SMS, "en", shortName, link).Text, notice.News(chat.SMS, "en", shortName, link, true).Text,
		notice.News(chat.SMS, "en", shortName, link, false).Text,
	}
}

// texts asserts on all that SNS was asked to send to the phone.
func (c *canary) texts() {
	forms := sent.to(canaryPhone)
	if len(forms) < 2 {
		c.T.Errorf("%d texts went out", len(forms))
	}
	for _, form := range forms {
		found := linkPattern.FindStringSubmatch(form.Get("Message"))
		if found == nil || !slices.Contains(wordings(canaryPlace+"/#/l/"+found[1]), form.Get("Message")) {
			c.T.Errorf("a text is %q", form.Get("Message"))
		}
		form.Del("PhoneNumber")
		form.Del("Message")
		for word, what := range c.words {
			if strings.Contains(form.Encode(), word) {
				c.T.Errorf("a text holds the %s beside its words: %s", what, form.Encode())
			}
		}
	}
}
