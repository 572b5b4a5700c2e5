package hostile

import (
	"fmt"
	"strings"
	"testing"

	"carechat/tests/support/apiclient"
	"carechat/tests/support/town"
)

// verbatim lists texts that are accepted, and given back as they were sent (A6).
var verbatim = []string{
	"<script>alert('x')</script>", `"><img src=x onerror=alert(1)>`, "javascript:alert(1)", "{{7*7}}${7*7}#{7*7}", "${jndi:ldap://example.org/a}", "</script><svg/onload=x>", "[a](javascript:x)",
	"=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "' OR '1'='1", "ORG#other MEMBER#x :v0 #n attribute_exists(PK)", "%s%n%x %00 %0d%0a", `\u0000 \n \"`, `{"text":"x","seq":1}`,
	"\u202eevil\u202c \u2066x\u2069", "a\u034fd", "ﬁ ａ Å A\u030a İ ſ K", "👩‍👩‍👧‍👦 🏳️‍🌈", "\ufffd \ufffe", "שלום مرحبا नमस्ते", "../../etc/passwd", "--", "null", "\\", marker,
}

// longest lists texts at their bounds.
var longest = []string{
	strings.Repeat("x", 4000), strings.Repeat("😀", 4000), strings.Repeat("é", 4000), "a" + strings.Repeat("\u0301", 3999), strings.Repeat("<", 4000), strings.Repeat(`"`, 4000),
	"\n\t  " + strings.Repeat("y", 3990) + "\n  ", "x" + strings.Repeat(" ", 200), "a\nb\tc",
}

// A6: no text is refused because of characters that nobody can see.
func TestWhatNobodySeesIsDropped(t *testing.T) {
	member := newMember(t, "paster")
	path := member.Start() + "/messages"
	for i, c := range [][2]string{
		{"a\r\nb\rc\u0085d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"}, {"\u0000a\u0007\u001b[2J", "a[2J"}, {"a\u200bb\ufeffc\u00add\U000e0001", "abcd"},
	} {
		body := town.MessageBody(fmt.Sprintf("paste-%016d", i), c[0])
		if got := member.Self.Want(201, "POST", path, body).Text("text"); got != c[1] {
			t.Errorf("%q is stored as %q", c[0], got)
		}
		again := member.Self.Want(201, "POST", path, town.MessageBody(fmt.Sprintf("paste-%016d", i), c[1]))
		if again.Header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("%q is another text than what is stored of it", c[1])
		}
	}
}

// Messages come back verbatim to both sides.
func TestMessagesComeBackVerbatim(t *testing.T) {
	member := newMember(t, "writer")
	path := member.Start() + "/messages"
	sent := append(append([]string{}, verbatim...), longest...)
	for i, text := range sent {
		by := []apiclient.Client{member.Self, member.Rivera}[i%2]
		got := by.Want(201, "POST", path, town.MessageBody(fmt.Sprintf("text-%016d", i), text))
		if got.Text("text") != text {
			t.Errorf("%.40q was answered as %.40q", text, got.Text("text"))
		}
	}
	items, _ := member.Self.Want(200, "GET", path+"?after=1&limit=100", nil).At("items").([]any)
	if len(items) != len(sent) {
		t.Fatalf("%d messages, want %d", len(items), len(sent))
	}
	for i, item := range items {
		if got := item.(map[string]any)["text"]; got != sent[i] {
			t.Errorf("%.40q is read as %.40q", sent[i], got)
		}
	}
	if line := here.mentions(marker); line != "" {
		t.Errorf("the log has what was written: %s", line)
	}
}

// request is a chat request with another comment.
func request(comment string) map[string]any {
	return map[string]any{"programId": town.Program, "reasonId": "other", "comment": comment}
}

// Comments and notes come back verbatim.
func TestCommentsAndNotesComeBackVerbatim(t *testing.T) {
	member := newMember(t, "asker")
	for i, text := range append(append([]string{}, verbatim...), longest[:4]...) {
		made := member.Self.Want(201, "POST", "/v1/members/me/chat-requests", request(text), "Idempotency-Key", fmt.Sprintf("text-%016d", i))
		closed := member.Rivera.Want(200, "POST", made.Text("url")+"/close", map[string]any{"outcome": "called", "note": text})
		if made.Text("comment") != text || closed.Text("comment") != text || closed.Text("note") != text {
			t.Errorf("%.40q is %.40q, and closed %.40q with %.40q", text, made.Text("comment"), closed.Text("comment"), closed.Text("note"))
		}
	}
}

// Names, which others see, come back verbatim.
func TestNamesComeBackVerbatim(t *testing.T) {
	platform := town.At(here.Client(t)).Platform
	for _, text := range verbatim {
		if got := platform.Put("/v1/departments/named", map[string]any{"id": "named", "name": text}); got.Text("name") != text {
			t.Errorf("%q is %q", text, got.Text("name"))
		}
		if got := platform.Want(200, "GET", "/v1/departments/named", nil); got.Text("name") != text {
			t.Errorf("%q is read as %q", text, got.Text("name"))
		}
		labels := map[string]any{"en": text, "es": text}
		got := platform.Put("/v1/reasons/named", map[string]any{"labels": labels, "order": 1, "active": false})
		if got.Text("labels") != fmt.Sprint(labels) {
			t.Errorf("%q is %v", text, got.At("labels"))
		}
	}
}

// A body of 64 KiB is accepted, whatever fills it (A5).
func TestTheLargestBody(t *testing.T) {
	member := newMember(t, "packer")
	body := apiclient.JSON(request("x"))
	for i, padded := range []string{strings.Repeat(" ", 64<<10-len(body)) + body, strings.Repeat(" ", 64<<10-1-len(body)) + body} {
		c := base(operation("requestChat")).without("Authorization").without("Idempotency-Key").with("Authorization", "Bearer "+member.Self.Token).
			with("Idempotency-Key", "packer-0123456789")
		c.target, c.body = "/v1/members/me/chat-requests", []byte(padded)
		l := here.line()
		a, err := l.send(c)
		l.hangUp()
		if err != nil || a.status != 201 || (a.header.Get("Idempotent-Replayed") == "true") != (i == 1) {
			t.Errorf("%d bytes: %d %.200s %v", len(padded), a.status, a.body, err)
		}
	}
}

// A2: a key belongs to its member and to one body.
func TestAKeyBelongsToOneMemberAndOneBody(t *testing.T) {
	ids := map[string]bool{}
	for range 2 {
		member := newMember(t, "keyed")
		submit := func(status int, body map[string]any) apiclient.Answer {
			return member.Self.Want(status, "POST", "/v1/members/me/chat-requests", body, "Idempotency-Key", "shared-0123456789")
		}
		for range 2 {
			ids[submit(201, request("x")).Text("id")] = true
		}
		for name, value := range map[string]string{"comment": "x ", "reasonId": "symptoms", "programId": "heart"} {
			other := request("x")
			other[name] = value
			if a := submit(409, other); a.Text("code") != "idempotency-key-reused" {
				t.Errorf("another %s: %s", name, a.Raw)
			}
		}
	}
	if len(ids) != 2 {
		t.Errorf("%d requests of two members", len(ids))
	}
}
