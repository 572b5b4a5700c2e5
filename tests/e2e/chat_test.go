package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// functions/<function>/event.json is one real event of each: the function takes
// it and answers, and never with an error of its own.
func TestEveryFunctionAnswersItsEvent(t *testing.T) {
	events, err := filepath.Glob("../../functions/*/event.json")
	if err != nil || len(events) < 12 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for _, file := range events {
		event, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		function := filepath.Base(filepath.Dir(file))
		out, err := shared.Invoke(t.Context(), function, event)
		if err != nil || strings.Contains(string(out), `"statusCode":500`) || strings.Contains(string(out), `"errorType"`) {
			t.Errorf("%s: %s, %v", function, out, err)
		}
	}
}

// G4, A2: of fifty at once, with five keys, one request is made; the others are
// told so or get a replay of the one.
func TestFiftySubmitsMakeOneRequest(t *testing.T) {
	c := newCast(t, shared)
	keys := make([]string, 5)
	for i := range keys {
		keys[i] = newID("key")
	}
	answers := make([]answer, 50)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i] = c.ask(keys[i%len(keys)]) })
	}
	wg.Wait()
	id := c.member.want(200, "GET", "/v1/members/me/chats", "").text("requests.0.id")
	fresh := 0
	for _, a := range answers {
		switch {
		case a.status == 201 && a.text("id") == id:
			if a.header.Get("Idempotent-Replayed") == "" {
				fresh++
			}
		case a.status == 409 && a.text("code") == "open-request-exists" && a.text("current.id") == id:
		case a.status == 503:
		default:
			t.Errorf("got %d %s", a.status, a.raw)
		}
	}
	if fresh != 1 {
		t.Errorf("%d answers say that they made the request", fresh)
	}
}

// G1, G2: whatever many senders at once are answered, each message is there
// once, and seqs have no gaps.
func TestManySendersOnOneThread(t *testing.T) {
	c := newCast(t, shared)
	thread := c.greet()
	var wg sync.WaitGroup
	for i := range 16 {
		sender := c.member
		if i%2 == 0 {
			sender = c.rivera
		}
		wg.Go(func() {
			id := newID("client")
			for sender.call("POST", thread+"/messages", message(id, "from "+id)).status == 503 {
			}
			if again := sender.call("POST", thread+"/messages", message(id, "from "+id)); again.status != 201 || again.header.Get("Idempotent-Replayed") != "true" {
				t.Errorf("a repeat: %d %s", again.status, again.raw)
			}
		})
	}
	wg.Wait()
	page := c.member.want(200, "GET", thread+"/messages?after=0&limit=100", "")
	seen := map[string]bool{}
	for i := range 17 {
		if got := page.text(fmt.Sprintf("items.%d.seq", i)); got != fmt.Sprint(i+1) {
			t.Fatalf("item %d has seq %s", i, got)
		}
		seen[page.text(fmt.Sprintf("items.%d.text", i))] = true
	}
	if len(seen) != 17 || page.text("lastSeq") != "17" {
		t.Errorf("%d different messages, last seq %s", len(seen), page.text("lastSeq"))
	}
}

func TestARepeatedKeyWithAnotherBodyIsRefused(t *testing.T) {
	c := newCast(t, shared)
	key := newID("key")
	c.ask(key)
	a := c.member.call("POST", "/v1/members/me/chat-requests",
		`{"programId": "diabetes", "reasonId": "other", "comment": "Something else."}`, "Idempotency-Key", key)
	if a.status != 409 || a.text("code") != "idempotency-key-reused" {
		t.Errorf("request: %d %s", a.status, a.raw)
	}
	thread, id := c.greet(), newID("client")
	c.member.want(201, "POST", thread+"/messages", message(id, "one"))
	if a := c.member.call("POST", thread+"/messages", message(id, "two")); a.status != 409 || a.text("code") != "idempotency-key-reused" {
		t.Errorf("message: %d %s", a.status, a.raw)
	}
}

// G8, A4: what is not yours answers like what is not there, byte for byte but
// for the request's id.
func TestWhatIsNotYoursDoesNotExist(t *testing.T) {
	c, other := newCast(t, shared), newCast(t, shared)
	request := c.ask(newID("key")).text("url")
	thread := c.greet()
	nobody := "/v1/members/nobody"
	silva := open(t, shared).as(token(t, shared, "careManager", "summit", "cm-silva"))
	for _, who := range []caller{other.member, c.chen, silva} {
		for _, pair := range [][2]string{
			{request, nobody + "/chat-requests/req_01KAX3M8Z4T9V2C6B1N7QWERTY"},
			{thread + "/messages", nobody + "/threads/thr_nothing/messages"},
			{"/v1/members/" + c.id + "/chats", nobody + "/chats"},
		} {
			theirs, nothing := who.want(404, "GET", pair[0], ""), who.want(404, "GET", pair[1], "")
			if a, b := blind(theirs), blind(nothing); a != b {
				t.Errorf("%s tells:\n%s\n%s", pair[0], a, b)
			}
		}
	}
}

// blind is an answer without the request's id.
func blind(a answer) string {
	id := a.header.Get("X-Request-Id")
	return strings.ReplaceAll(a.raw, id, "")
}

func TestOtherPathsAndMethodsAreProblems(t *testing.T) {
	api := open(t, shared)
	if a := api.want(404, "GET", "/v1/nonsense", ""); a.text("code") != "not-found" {
		t.Errorf("got %s", a.raw)
	}
	if a := api.want(405, "DELETE", "/v1/members/ana/chats", ""); a.text("code") != "method-not-allowed" || a.header.Get("Allow") != "GET" {
		t.Errorf("got %s, Allow %s", a.raw, a.header.Get("Allow"))
	}
}

func TestPollingAnswersOnlyWhatIsNew(t *testing.T) {
	c := newCast(t, shared)
	thread := c.greet()
	for _, path := range []string{"/v1/members/me/chats", "/v1/members/me/unread", "/v1/members/me/threads", thread + "/messages"} {
		first := c.member.want(200, "GET", path, "")
		tag := first.header.Get("ETag")
		if same := c.member.want(304, "GET", path, "", "If-None-Match", tag); same.raw != "" || same.header.Get("Poll-After") != "4" {
			t.Errorf("%s: %q, Poll-After %s", path, same.raw, same.header.Get("Poll-After"))
		}
		c.rivera.want(201, "POST", thread+"/messages", message(newID("client"), "more"))
		c.member.want(200, "GET", path, "", "If-None-Match", tag)
	}
}

// T9: a closed enrollment cancels its request, leaves its threads readable, and
// opening it again makes them active.
func TestClosingAnEnrollment(t *testing.T) {
	c := newCast(t, shared)
	request, thread := c.ask(newID("key")).text("url"), c.greet()
	enrollment := "/v1/members/" + c.id + "/enrollments/diabetes"
	c.platform.want(200, "PUT", enrollment, `{"state": "closed", "careManagerId": "cm-rivera"}`)

	r := c.member.want(200, "GET", request, "")
	if r.text("state") != "cancelled" || r.text("history.1.by") != "platform" {
		t.Errorf("the request: %s", r.raw)
	}
	chats := c.member.want(200, "GET", "/v1/members/me/chats", "")
	if chats.text("unread.hasUnread") != "false" || chats.text("canRequest.reason") != "noProgram" || chats.at("threads.0") != nil {
		t.Errorf("the screen: %s", chats.raw)
	}
	page := c.member.want(200, "GET", thread+"/messages", "")
	if page.text("thread.state") != "inactive" || page.text("thread.canReply.reason") != "programClosed" {
		t.Errorf("the thread: %s", page.raw)
	}
	if a := c.member.want(409, "POST", thread+"/messages", message(newID("client"), "hello?")); a.text("reason") != "programClosed" {
		t.Errorf("a reply: %s", a.raw)
	}
	c.member.want(200, "PUT", thread+"/read", `{"seq": 1}`)
	if a := c.ask(newID("key")); a.status != 403 || a.text("reason") != "closed" {
		t.Errorf("a request: %d %s", a.status, a.raw)
	}

	c.platform.want(200, "PUT", enrollment, `{"state": "active", "careManagerId": "cm-rivera"}`)
	c.member.want(201, "POST", thread+"/messages", message(newID("client"), "hello again"))
}

// S7, G10: after a hand-over the thread waits with the new owner; who was named
// on it reads it still, and writes in it no more.
func TestAHandOverMovesTheThreadAndHidesNothing(t *testing.T) {
	c := newCast(t, shared)
	request, thread := c.ask(newID("key")), c.greet()
	c.platform.want(200, "PUT", "/v1/members/"+c.id+"/enrollments/diabetes", `{"state": "active", "careManagerId": "cm-chen"}`)
	c.member.want(201, "POST", thread+"/messages", message(newID("client"), "who are you?"))

	if inbox := c.chen.want(200, "GET", "/v1/inbox", ""); !strings.Contains(inbox.raw, thread) {
		t.Errorf("the thread is not in the new owner's inbox: %s", inbox.raw)
	}
	if tasks := c.chen.want(200, "GET", "/v1/tasks", ""); !strings.Contains(tasks.raw, request.text("id")) {
		t.Errorf("the task is not in the new owner's list: %s", tasks.raw)
	}
	page := c.rivera.want(200, "GET", thread+"/messages", "")
	if page.text("lastSeq") != "2" || page.text("thread.canReply.reason") != "notYours" {
		t.Errorf("who was named sees: %s", page.raw)
	}
	c.rivera.want(403, "POST", thread+"/messages", message(newID("client"), "still here"))
	c.rivera.want(403, "PUT", thread+"/read", `{"seq": 2}`)
	c.rivera.want(404, "GET", request.text("url"), "")
	if a := c.chen.want(409, "POST", thread+"/messages", message(newID("client"), "hello")); a.text("code") != "thread-read-only" {
		t.Errorf("the new owner in the old thread: %s", a.raw)
	}
	c.chen.want(200, "PUT", thread+"/read", `{"seq": 2}`)
	c.chen.want(201, "POST", "/v1/members/"+c.id+"/threads", marshal(map[string]any{
		"programId": "diabetes", "clientMessageId": newID("client"), "text": "I look after you now.",
	}))
}

// Races to one outcome, and a lost answer told again (G4).
func TestEndedRequestsTellHowTheyEnded(t *testing.T) {
	c := newCast(t, shared)
	first := c.ask(newID("key"))
	cancelled := c.member.want(200, "POST", first.text("url")+"/cancel", "")
	if again := c.member.want(200, "POST", first.text("url")+"/cancel", ""); again.raw != cancelled.raw {
		t.Errorf("cancelling twice: %s and %s", cancelled.raw, again.raw)
	}
	if a := c.rivera.want(409, "POST", first.text("url")+"/close", `{"outcome": "answered"}`); a.text("code") != "request-cancelled" || a.text("current.state") != "cancelled" {
		t.Errorf("closing: %s", a.raw)
	}
	second := c.ask(newID("key"))
	c.member.want(412, "PATCH", second.text("url"), `{"reasonId": "other"}`, "If-Match", `"7"`)
	c.rivera.want(200, "POST", second.text("url")+"/close", `{"outcome": "answered", "note": "Explained."}`)
	c.rivera.want(200, "POST", second.text("url")+"/close", `{"outcome": "called"}`)
	a := c.member.want(409, "PATCH", second.text("url"), `{"reasonId": "other"}`)
	if a.text("code") != "request-closed" || strings.Contains(a.raw, "Explained") || strings.Contains(a.raw, "outcome") {
		t.Errorf("changing the reason: %s", a.raw)
	}
}
