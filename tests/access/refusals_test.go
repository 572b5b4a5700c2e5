package access

import (
	"carechat/tests/support/town"
	"net/http"
	"strings"
)

// sendRefused makes calls that are refused, each with a word that must not come back.
// Only a plain field's name may, and here none is plain.
func (c *story) sendRefused() {
	c.T.Helper()
	w := c.word("hostile-word")
	odd := strings.ReplaceAll(c.word("hostile-path"), "-", "~") // not an id: a valid one is logged as memberId
	c.words[odd] = "path"
	requests, first := "/v1/members/me/chat-requests", "/v1/members/av-bird/threads"
	for _, body := range []string{
		`{"` + w + `@": 1}`, `{"comment": "` + w, `{"comment": "` + w + `", "comment": "` + w + `"}`, `{"Comment": "` + w + `"}`,
		`["` + w + `"]`, `"` + w + `"`, `{"comment": null, "` + w + `@": null}`, `{"comment": {"` + w + `@": "` + w + `"}}`,
		form("programId", w, "reasonId", "av-song", "comment", w), form("programId", "av-flight", "reasonId", w, "comment", w),
		form("programId", "av-flight", "reasonId", "av-song", "comment", w+"\x00"), form("programId", w+"!", "reasonId", w+"!", "comment", strings.Repeat(w, 400)),
		"{\"comment\": \"" + w + "\xff\"}", strings.Repeat(`{"`+w+`@":`, 20) + "1" + strings.Repeat("}", 20),
		form("comment", strings.Repeat(w, 4000)),
	} {
		c.want4xx(c.session, "POST", requests, body, "Idempotency-Key", town.NewID("av-hostile"))
		c.want4xx(c.session, "POST", c.thread+"/messages", body)
		c.want4xx(c.careManagerToken, "POST", first, body)
		c.want4xx(c.careManagerToken, "POST", c.openRequest+"/close", body)
		c.want4xx(c.platformToken, "PUT", "/v1/members/av-bird", body)
		c.want4xx("", "POST", "/v1/links", body)
		c.want4xx("", "POST", "/v1/sessions", body)
	}
	for _, each := range [][]string{
		{c.session, "PATCH", c.openRequest, form("reasonId", w)},
		{c.session, "PATCH", c.openRequest, form("reasonId", "av-feather"), "If-Match", `"` + w + `"`},
		{c.session, "POST", requests, form("comment", w), "Idempotency-Key", w + "!"},
		{c.session, "POST", requests, form("comment", w), "Content-Type", "text/" + w},
		{c.session, "POST", requests, form("comment", w), "Content-Encoding", w},
		{c.session, "GET", c.thread + "/messages?limit=" + w, ""}, {c.session, "GET", "/v1/members/me/threads?state=" + w, ""},
		{c.session, "GET", "/v1/members/" + odd + "/chats", ""}, {c.session, "GET", requests + "/" + odd, ""},
		{c.careManagerToken, "GET", "/v1/members/" + odd + "/chats", ""}, {c.careManagerToken, "GET", "/v1/tasks?cursor=" + w, ""},
		{c.careManagerToken, "GET", "/v1/members/av-bird/notices?cursor=" + w, ""}, {c.careManagerToken, "POST", "/v1/members/av-bird/links", form(w+"@", w)},
		{c.session, "PUT", "/v1/members/me/preferences", `{"channels": ["` + w + `"]}`},
		{c.session, "PUT", "/v1/members/me/preferences", `{"channels": [], "quietHours": {"from": "` + w + `", "to": "` + w + `"}}`},
		{c.session, "PUT", "/v1/members/me/enrollments/" + odd + "/pause", `{"paused": true}`},
		{c.careManagerToken, "GET", "/v1/tasks?scope=" + w, ""}, {c.careManagerToken, "GET", "/v1/inbox?list=" + w, ""},
		{c.careManagerToken, "POST", c.openRequest + "/close", form("outcome", w, "note", w)},
		{c.platformToken, "PUT", "/v1/members/av-bird", strings.Replace(c.profile(w), canaryPhone, w, 1)},
		{c.platformToken, "PUT", "/v1/members/av-bird", strings.Replace(c.profile(w), canaryBirth, canaryBirth+w, 1)},
		{c.platformToken, "PUT", "/v1/members/av-bird", strings.Replace(c.profile(w), "America/New_York", w, 1)},
		{"", "POST", "/v1/sessions", form("link", w, "birthDate", canaryBirth)}, {"", "POST", "/v1/links", form("contact", w)},
		{w, "GET", "/v1/me", ""}, {"m.aviary.av-bird." + w, "GET", "/v1/me", ""}, {c.session + w, "GET", "/v1/me", ""}, {c.careManagerToken + w, "GET", "/v1/me", ""},
		{c.link, "GET", "/v1/me", ""}, {"", "GET", "/v1/" + odd, ""}, {"", "DELETE", "/v1/" + odd, "", "User-Agent", w},
		{"", "GET", "/v1/me", "", "Authorization", "Basic " + w}, {"", "GET", "/v1/l/" + c.link, ""}, {"", "GET", "/v1/sessions?token=" + c.session, ""},
	} {
		c.want4xx(each[0], each[1], each[2], each[3], each[4:]...)
	}
}

func (c *story) want4xx(token, method, path, body string, headers ...string) {
	c.T.Helper()
	if a := c.call(token, method, path, body, headers...); a.Status < 400 || a.Status >= 500 {
		c.T.Errorf("%s %s %.100s: got %d %s, want a refusal", method, path, body, a.Status, a.Raw)
	}
}

// breakDown goes on while the table and the phone fail.
func (c *story) breakDown() {
	c.T.Helper()
	for _, operation := range []string{"GetItem", "BatchGetItem", "Query", "TransactWriteItems", "UpdateItem", "PutItem", "DeleteItem"} {
		ddb.set(http.StatusBadRequest, "ValidationException", operation)
		c.tryAll()
	}
	for _, each := range []struct {
		status              int
		code, operation     string
		token, method, path string
	}{
		{500, "InternalServerError", "TransactWriteItems", c.session, "POST", c.thread + "/messages"},
		{400, "ThrottlingException", "Query", c.session, "GET", "/v1/members/me/chats"},
	} {
		ddb.set(each.status, each.code, each.operation)
		body := ""
		if each.method == "POST" {
			body = form("clientMessageId", c.word("client-id"), "text", c.word("message"))
		}
		c.serverErrors[c.call(each.token, each.method, each.path, body).Status]++
	}
	ddb.set(0, "")
	c.want(202, "", "POST", "/v1/links", form("contact", canaryPhone))
	for _, operation := range []string{"Query", "GetItem", "UpdateItem", "TransactWriteItems"} {
		ddb.set(http.StatusBadRequest, "ValidationException", operation)
		_, _ = here.Invoke(c.T.Context(), "notify", []byte(`{}`)) // it fails, and its log line is checked
	}
	ddb.set(0, "")
	sns.refuse(canaryPhone)
	here.RunSchedule(c.T)
	sns.refuse("")
}

// tryAll makes a call of each kind, any of which may fail.
func (c *story) tryAll() {
	c.T.Helper()
	for _, each := range [][4]string{
		{c.session, "GET", "/v1/members/me/chats", ""}, {c.session, "GET", c.thread + "/messages", ""}, {c.session, "GET", c.openRequest, ""},
		{c.session, "POST", c.thread + "/messages", form("clientMessageId", c.word("client-id"), "text", c.word("message"))},
		{c.session, "PUT", c.thread + "/read", `{"seq": 1}`}, {c.careManagerToken, "GET", "/v1/inbox", ""}, {c.careManagerToken, "GET", "/v1/tasks", ""},
		{c.careManagerToken, "POST", "/v1/members/av-bird/threads", form("programId", "av-flight", "clientMessageId", c.word("client-id"), "text", c.word("message"))},
		{c.session, "PATCH", c.openRequest, form("reasonId", "av-feather")}, {c.platformToken, "PUT", "/v1/members/av-bird", c.profile(c.word("member's name"))},
		{c.session, "GET", "/v1/members/me/preferences", ""}, {c.session, "PUT", "/v1/members/me/preferences", `{"channels": ["sms", "email"]}`},
		{c.session, "PUT", "/v1/members/me/enrollments/av-flight/pause", `{"paused": true}`},
		{c.careManagerToken, "PUT", "/v1/members/av-bird/enrollments/av-flight/pause", `{"paused": false}`},
		{c.careManagerToken, "GET", "/v1/members/av-bird/notices", ""}, {c.platformToken, "POST", "/v1/members/av-bird/links", ""},
		{"", "POST", "/v1/links", form("contact", canaryPhone)}, {"", "POST", "/v1/sessions", form("link", c.link, "birthDate", "1913-04-19")},
		{"", "POST", "/v1/sessions", form("link", c.link)},
	} {
		if a := c.call(each[0], each[1], each[2], each[3]); a.Status >= 500 {
			c.serverErrors[a.Status]++
		}
	}
}
