package access

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"carechat/shared/chat"
	"carechat/shared/notice"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/town"
)

// story is a series of calls in which everything that a person wrote or is known by,
// and every secret, is a word that occurs nowhere else.
type story struct {
	*client
	words                           map[string]string // what each word is
	refusals                        int
	careManagerToken, platformToken string
	link, session                   string
	request, thread, openRequest    string
	serverErrors                    map[int]int // answers of 500 and above, by status
}

const (
	canaryPhone = "+15550109077"
	canaryEmail = "canary-email@example.org"
	canaryBirth = "1913-04-17"
	canaryPlace = "https://chats.canary-place.example.org"
	shortName   = "Fowl House"
)

func newStory(t *testing.T) *story {
	begin(t)
	c := &story{client: newClient(t), words: map[string]string{}, serverErrors: map[int]int{}}
	c.words[canaryPhone[1:]], c.words[canaryEmail], c.words[canaryBirth] = "phone", "email", "birth date"
	c.words["Canarywords"] = "AWS's message"
	c.words[shortName] = "organization's short name"
	c.seen = c.checkRefusal
	c.platformToken = c.secret(c.token("platform", "aviary", "platform"))
	c.careManagerToken = c.secret(c.token("careManager", "aviary", "av-keeper"))
	return c
}

// word returns a new word of the story.
func (c *story) word(what string) string {
	word := town.NewID("canary-" + what)
	c.words[word] = what
	return word
}

// secret adds a token to the words.
func (c *story) secret(token string) string {
	c.words[token] = "token"
	return token
}

// checkRefusal fails the test if a refusal repeats a word. The current state in a
// conflict is for the caller to see, and whose link it is for whoever has it (S3).
func (c *story) checkRefusal(a answer) {
	if a.Status < 400 {
		return
	}
	c.refusals++
	delete(a.Body, "current")
	if code := a.Text("code"); code == "factor-required" || code == "too-many-requests" {
		delete(a.Body, "organization")
	}
	said := apiclient.JSON(a.Body) + fmt.Sprint(a.Header)
	for word, what := range c.words {
		if strings.Contains(said, word) {
			c.T.Errorf("a refusal repeats the %s %q: %s", what, word, said)
		}
	}
}

// No log and no refusal has a secret or anything that a person wrote. The table has no
// secret, and the birth date only in the profile. A text has only the organization's
// short name and the link (G6, G9, A8, N6).
func TestNoWordAndNoSecretGoesWhereItMustNot(t *testing.T) {
	c := newStory(t)
	t.Cleanup(func() { ddb.set(0, ""); sns.refuse("") })
	c.provision()
	c.enter()
	c.converse()
	c.sendRefused()
	c.breakDown()
	c.checkLogs()
	c.checkTable()
	c.checkTexts()
	if c.refusals < 60 || c.serverErrors[http.StatusInternalServerError] < 10 || c.serverErrors[http.StatusServiceUnavailable] < 2 {
		t.Errorf("only %d refusals, and errors %v", c.refusals, c.serverErrors)
	}
}

func (c *story) both(what string) chat.Labels {
	return chat.Labels{"en": c.word(what), "es": c.word(what)}
}

func (c *story) provision() {
	c.T.Helper()
	issuer := here.IssuerURL + "/aviary"
	putOrganization(c.T, town.Settings("aviary", issuer, func(o *chat.Organization) {
		o.Name, o.ShortName, o.Languages = c.word("organization"), shortName, []string{"en", "es"}
		o.RequestIntro, o.Emergency, o.LinkHours, o.LinkURL = c.both("intro"), c.both("emergency"), 1, canaryPlace
		o.Outcomes = []chat.Outcome{{ID: "answered", Labels: c.both("outcome")}}
		o.Issuers[0].KeysURL = issuer + "/keys"
	}))
	for path, body := range map[string]any{
		"departments/av-nest": map[string]any{"name": c.word("department")},
		"reasons/av-song":     map[string]any{"labels": c.both("reason"), "order": 1, "active": true},
		"reasons/av-feather":  map[string]any{"labels": c.both("reason"), "order": 2, "active": true},
	} {
		c.want(201, c.platformToken, "PUT", "/v1/"+path, apiclient.JSON(body))
	}
	c.want(201, c.platformToken, "PUT", "/v1/programs/av-flight", form("name", c.word("program"), "kind", "guided", "departmentId", "av-nest"))
	c.want(201, c.platformToken, "PUT", "/v1/care-managers/av-keeper",
		apiclient.JSON(map[string]any{"displayName": c.word("care manager's name"), "departmentIds": []string{"av-nest"}, "active": true}))
	c.want(201, c.platformToken, "PUT", "/v1/members/av-bird", c.profile(c.word("member's name")))
	c.want(201, c.platformToken, "PUT", "/v1/members/av-bird/enrollments/av-flight", `{"state": "active", "careManagerId": "av-keeper"}`)
}

func (c *story) profile(name string) string {
	return apiclient.JSON(map[string]any{
		"displayName": name, "birthDate": canaryBirth, "phone": canaryPhone, "email": canaryEmail,
		"language": "en", "timeZone": "America/New_York", "active": true,
	})
}

// enter logs in, with the mistakes that people make.
func (c *story) enter() {
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

func (c *story) converse() {
	c.T.Helper()
	c.request = c.submit().Text("url")
	c.want(409, c.session, "POST", "/v1/members/me/chat-requests",
		form("programId", "av-flight", "reasonId", "av-song", "comment", c.word("comment")), "Idempotency-Key", c.word("idempotency-key"))
	c.want(200, c.session, "PATCH", c.request, form("reasonId", "av-feather"))
	first := c.want(201, c.careManagerToken, "POST", "/v1/members/av-bird/threads",
		form("programId", "av-flight", "clientMessageId", c.word("client-id"), "text", c.word("message")))
	c.thread = first.Text("thread.url")
	c.want(201, c.session, "POST", c.thread+"/messages", form("clientMessageId", c.word("client-id"), "text", c.word("message")))
	c.want(200, c.session, "PUT", c.thread+"/read", `{"seq": 2}`)
	c.want(200, c.careManagerToken, "PUT", c.thread+"/read", `{"seq": 2}`)
	c.want(200, c.careManagerToken, "POST", c.request+"/close", form("outcome", "answered", "note", c.word("note")))
	c.want(409, c.session, "POST", c.request+"/cancel", "")
	for token, paths := range map[string][]string{
		c.session:          {"/v1/me", "/v1/members/me/chats", "/v1/members/me/request-form", c.thread + "/messages", c.request},
		c.careManagerToken: {"/v1/me", "/v1/members/av-bird/chats", c.thread + "/messages", c.request, "/v1/tasks", "/v1/inbox"},
		c.platformToken:    {"/v1/me", "/v1/members/av-bird", "/v1/organization", "/v1/tasks?careManagerId=av-keeper"},
	} {
		for _, path := range paths {
			c.want(200, token, "GET", path, "")
		}
	}
	c.openRequest = c.submit().Text("url")
}

func (c *story) submit() answer {
	return c.want(201, c.session, "POST", "/v1/members/me/chat-requests",
		form("programId", "av-flight", "reasonId", "av-song", "comment", c.word("comment")), "Idempotency-Key", c.word("idempotency-key"))
}

// checkLogs checks that every function logged, and that no line has a word of the story.
func (c *story) checkLogs() {
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

// checkTable checks every row that the story left.
func (c *story) checkTable() {
	profiles := 0
	for _, r := range here.Rows(c.T) {
		text, isProfile := apiclient.JSON(r), textOf(r, "SK") == "PROFILE"
		for word, what := range c.words {
			switch {
			case !strings.Contains(text, word):
			case what == "token":
				c.T.Errorf("%s %s holds a token: %s", textOf(r, "PK"), textOf(r, "SK"), text)
			case isPending(r) && (word == canaryPhone[1:] || word == canaryEmail): // to send the link
			case textOf(r, "SK") == "EMAIL" && word == canaryEmail: // to subscribe it
			case word == canaryBirth || word == canaryEmail || word == canaryPhone[1:]:
				if profiles++; !isProfile {
					c.T.Errorf("%s %s holds the %s: %s", textOf(r, "PK"), textOf(r, "SK"), what, text)
				}
			}
		}
	}
	if profiles != 3 {
		c.T.Errorf("birth date, phone and email are %d times in the table: the check itself is broken", profiles)
	}
}

// isPending reports whether a row is of a link that is still to be sent.
func isPending(r row) bool { return textOf(r, "SK") == "ASKED" && textOf(r, "DUE_PK") != "" }

// allowedTexts returns the texts that may carry a link.
func allowedTexts(link string) []string {
	return []string{
		notice.LinkAsked(chat.SMS, "en", shortName, link).Text, notice.News(chat.SMS, "en", shortName, link, true).Text,
		notice.News(chat.SMS, "en", shortName, link, false).Text,
	}
}

// checkTexts checks everything that SNS was asked to send to the phone.
func (c *story) checkTexts() {
	forms := sns.to(canaryPhone)
	if len(forms) < 2 {
		c.T.Errorf("%d texts went out", len(forms))
	}
	for _, form := range forms {
		found := linkPattern.FindStringSubmatch(form.Get("Message"))
		if found == nil || !slices.Contains(allowedTexts(canaryPlace+"/#/l/"+found[1]), form.Get("Message")) {
			c.T.Errorf("a text is %q", form.Get("Message"))
		}
		form.Del("PhoneNumber")
		form.Del("Message")
		for word, what := range c.words {
			if strings.Contains(form.Encode(), word) {
				c.T.Errorf("the call for a text has the %s outside its words: %s", what, form.Encode())
			}
		}
	}
}
