package hostile

import (
	"fmt"
	"strings"
	"testing"

	"carechat/tests/support/apiclient"
)

// verbatim are texts that are only texts: taken, and given back as they were
// sent (A6).
var verbatim = []string{
	"<script>alert('x')</script>", `"><img src=x onerror=alert(1)>`, "javascript:alert(1)", "{{7*7}}${7*7}#{7*7}", "${jndi:ldap://example.org/a}", "</script><svg/onload=x>", "[a](javascript:x)",
	"a\u2028b\u2029c", "=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "' OR '1'='1", "ORG#other MEMBER#x :v0 #n attribute_exists(PK)", "%s%n%x %00 %0d%0a", `\u0000 \n \"`, `{"text":"x","seq":1}`,
	"\u202eevil\u202c \u2066x\u2069", "a\u200bb\ufeffc\u034fd", "ﬁ ａ Å A\u030a İ ſ K", "👩‍👩‍👧‍👦 🏳️‍🌈 \U000e0001tag", "\ufffd \ufffe", "שלום مرحبا नमस्ते", "../../etc/passwd", "--", "null", "\\", marker,
}

// longest are the texts at their bounds.
var longest = []string{
	strings.Repeat("x", 4000), strings.Repeat("😀", 4000), strings.Repeat("é", 4000), "a" + strings.Repeat("\u0301", 3999), strings.Repeat("<", 4000), strings.Repeat(`"`, 4000),
	"\n\t  " + strings.Repeat("y", 3990) + "\n  ", "x" + strings.Repeat(" ", 200), "a\nb\tc",
}

// Messages from both sides.
func TestMessagesComeBackVerbatim(t *testing.T) {
	person := newcomer(t, "writer")
	thread := here.do(t, "careManager", "POST", "/v1/members/"+person+"/threads", map[string]any{"programId": "diabetes", "clientMessageId": "begin-0123456789", "text": "Hello"})
	path := fmt.Sprint(thread["thread"].(map[string]any)["url"]) + "/messages"
	sent := append(append([]string{}, verbatim...), longest...)
	for i, text := range sent {
		kind := []string{person, "careManager"}[i%2]
		got := here.do(t, kind, "POST", path, map[string]any{"clientMessageId": fmt.Sprintf("text-%016d", i), "text": text})
		if got["text"] != text {
			t.Errorf("%.40q was answered as %.40q", text, got["text"])
		}
	}
	page := here.do(t, person, "GET", path+"?after=1&limit=100", nil)
	items, _ := page["items"].([]any)
	if len(items) != len(sent) {
		t.Fatalf("%d messages, want %d", len(items), len(sent))
	}
	for i, item := range items {
		if got := item.(map[string]any)["text"]; got != sent[i] {
			t.Errorf("%.40q is read as %.40q", sent[i], got)
		}
	}
	if said := here.mentions(marker); said != "" {
		t.Errorf("the log has what was written: %s", said)
	}
}

// Comments and notes.
func TestCommentsAndNotesComeBackVerbatim(t *testing.T) {
	person := newcomer(t, "asker")
	for i, text := range append(append([]string{}, verbatim...), longest[:4]...) {
		asked := here.do(t, person, "POST", "/v1/members/me/chat-requests", map[string]any{"programId": "diabetes", "reasonId": "other", "comment": text},
			"Idempotency-Key", fmt.Sprintf("text-%016d", i))
		closed := here.do(t, "careManager", "POST", fmt.Sprint(asked["url"])+"/close", map[string]any{"outcome": "called", "note": text})
		if asked["comment"] != text || closed["comment"] != text || closed["note"] != text {
			t.Errorf("%.40q is %.40q, and closed %.40q with %.40q", text, asked["comment"], closed["comment"], closed["note"])
		}
	}
}

// Names, which others see.
func TestNamesComeBackVerbatim(t *testing.T) {
	for _, text := range verbatim {
		put := map[string]any{"id": "named", "name": text}
		if got := here.do(t, "platform", "PUT", "/v1/departments/named", put); got["name"] != text {
			t.Errorf("%q is %q", text, got["name"])
		}
		if got := here.do(t, "platform", "GET", "/v1/departments/named", nil); got["name"] != text {
			t.Errorf("%q is read as %q", text, got["name"])
		}
		labels := map[string]any{"en": text, "es": text}
		got := here.do(t, "platform", "PUT", "/v1/reasons/named", map[string]any{"labels": labels, "order": 1, "active": false})
		if fmt.Sprint(got["labels"]) != fmt.Sprint(labels) {
			t.Errorf("%q is %v", text, got["labels"])
		}
	}
}

// A body of 64 KiB, however it is made up, is looked at (A5).
func TestTheLargestBody(t *testing.T) {
	person := newcomer(t, "packer")
	ask := `{"programId": "diabetes", "reasonId": "other", "comment": "x"}`
	for i, body := range []string{strings.Repeat(" ", 64<<10-len(ask)) + ask, strings.Repeat(" ", 64<<10-1-len(ask)) + ask} {
		c := base(operation("requestChat")).without("Authorization").without("Idempotency-Key").with("Authorization", "Bearer "+here.tokens[person]).
			with("Idempotency-Key", "packer-0123456789")
		c.target, c.body = "/v1/members/me/chat-requests", []byte(body)
		l := here.line()
		a, err := l.send(c)
		l.hangUp()
		if err != nil || a.status != 201 || (a.header.Get("Idempotent-Replayed") == "true") != (i == 1) {
			t.Errorf("%d bytes: %d %.200s %v", len(body), a.status, a.body, err)
		}
	}
}

// A2: a key is its member's own, and stands for one body.
func TestAKeyBelongsToOneMemberAndOneBody(t *testing.T) {
	ask := map[string]any{"programId": "diabetes", "reasonId": "other", "comment": "x"}
	ids := map[any]bool{}
	for _, id := range []string{"keyed-a", "keyed-b"} {
		person := newcomer(t, id)
		for range 2 {
			ids[here.do(t, person, "POST", "/v1/members/me/chat-requests", ask, "Idempotency-Key", "shared-0123456789")["id"]] = true
		}
		for name, value := range map[string]string{"comment": "x ", "reasonId": "symptoms", "programId": "heart"} {
			other := map[string]any{"programId": "diabetes", "reasonId": "other", "comment": "x"}
			other[name] = value
			_, err := here.make(person, "POST", "/v1/members/me/chat-requests", other, "Idempotency-Key", "shared-0123456789")
			if err == nil || !strings.Contains(err.Error(), "idempotency-key-reused") {
				t.Errorf("another %s: %v", name, err)
			}
		}
	}
	if len(ids) != 2 {
		t.Errorf("%d requests of two members", len(ids))
	}
}

var newcomers int

// newcomer enrolls a member, another one each time, and gives their id, by which
// they call too.
func newcomer(t *testing.T, name string) string {
	t.Helper()
	newcomers++
	id := fmt.Sprint(name, newcomers)
	token, err := here.token("member", id)
	if err == nil {
		err = here.enroll(id)
	}
	if err != nil {
		t.Fatal(err)
	}
	here.tokens[id] = token
	return id
}

// do is a call that succeeds; its answer is the contract's.
func (w *world) do(t *testing.T, who, method, path string, body any, headers ...string) map[string]any {
	t.Helper()
	a := apiclient.New(t, w.machine.Machine).WithToken(w.tokens[who]).Retry(method, path, body, headers...)
	if a.Status/100 != 2 {
		t.Fatalf("%s %s: %d %.200s", method, path, a.Status, a.Raw)
	}
	return a.Body
}
