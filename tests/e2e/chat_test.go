package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"carechat/tests/support/apiclient"
	"carechat/tests/support/module"
)

// functions/<function>/event.json is one real event of each: the function takes
// it and answers, and never with an error of its own.
func TestEveryFunctionAnswersItsEvent(t *testing.T) {
	events, err := filepath.Glob(module.Path("functions/*/event.json"))
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
	answers := make([]apiclient.Answer, 50)
	var busy atomic.Int64
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			submit := func() bool {
				answers[i] = c.askBy(c.member.Call, keys[i%len(keys)])
				return answers[i].Status == 503
			}
			for submit() {
				busy.Add(1)
			}
		})
	}
	wg.Wait()
	id := c.member.Want(200, "GET", "/v1/members/me/chats", "").Text("requests.0.id")
	made, fresh := 0, 0
	for _, a := range answers {
		switch {
		case a.Status == 201 && a.Text("id") == id:
			made++
			if a.Header.Get("Idempotent-Replayed") == "" {
				fresh++
			}
		case a.Status == 409 && a.Text("code") == "open-request-exists" && a.Text("current.id") == id:
		default:
			t.Errorf("got %d %s", a.Status, a.Raw)
		}
	}
	// The answer that said so may have been lost to a 503: then its repeat is a replay.
	if made == 0 || fresh > 1 || fresh == 0 && busy.Load() == 0 {
		t.Errorf("%d answers of %d say that they made the request, after %d of a busy table", fresh, made, busy.Load())
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
			for sender.Call("POST", thread+"/messages", message(id, "from "+id)).Status == 503 {
			}
			if again := sender.Retry("POST", thread+"/messages", message(id, "from "+id)); again.Status != 201 || again.Header.Get("Idempotent-Replayed") != "true" {
				t.Errorf("a repeat: %d %s", again.Status, again.Raw)
			}
		})
	}
	wg.Wait()
	page := c.member.Want(200, "GET", thread+"/messages?after=0&limit=100", "")
	seen := map[string]bool{}
	for i := range 17 {
		if got := page.Text(fmt.Sprintf("items.%d.seq", i)); got != fmt.Sprint(i+1) {
			t.Fatalf("item %d has seq %s", i, got)
		}
		seen[page.Text(fmt.Sprintf("items.%d.text", i))] = true
	}
	if len(seen) != 17 || page.Text("lastSeq") != "17" {
		t.Errorf("%d different messages, last seq %s", len(seen), page.Text("lastSeq"))
	}
}

func TestARepeatedKeyWithAnotherBodyIsRefused(t *testing.T) {
	c := newCast(t, shared)
	key := newID("key")
	c.ask(key)
	a := c.member.Retry("POST", "/v1/members/me/chat-requests",
		`{"programId": "diabetes", "reasonId": "other", "comment": "Something else."}`, "Idempotency-Key", key)
	if a.Status != 409 || a.Text("code") != "idempotency-key-reused" {
		t.Errorf("request: %d %s", a.Status, a.Raw)
	}
	thread, id := c.greet(), newID("client")
	c.member.Want(201, "POST", thread+"/messages", message(id, "one"))
	if a := c.member.Retry("POST", thread+"/messages", message(id, "two")); a.Status != 409 || a.Text("code") != "idempotency-key-reused" {
		t.Errorf("message: %d %s", a.Status, a.Raw)
	}
}

// G8, A4: what is not yours answers like what is not there, byte for byte but
// for the request's id.
func TestWhatIsNotYoursDoesNotExist(t *testing.T) {
	c, other := newCast(t, shared), newCast(t, shared)
	request := c.ask(newID("key")).Text("url")
	thread := c.greet()
	nobody := "/v1/members/nobody"
	silva := apiclient.New(t, shared).As("careManager", "summit", "cm-silva")
	for _, who := range []apiclient.Client{other.member, c.chen, silva} {
		for _, pair := range [][2]string{
			{request, nobody + "/chat-requests/req_01KAX3M8Z4T9V2C6B1N7QWERTY"},
			{thread + "/messages", nobody + "/threads/thr_nothing/messages"},
			{"/v1/members/" + c.id + "/chats", nobody + "/chats"},
		} {
			theirs, nothing := who.Want(404, "GET", pair[0], ""), who.Want(404, "GET", pair[1], "")
			if a, b := blind(theirs), blind(nothing); a != b {
				t.Errorf("%s tells:\n%s\n%s", pair[0], a, b)
			}
		}
	}
}

// blind is an answer without the request's id.
func blind(a apiclient.Answer) string {
	id := a.Header.Get("X-Request-Id")
	return strings.ReplaceAll(a.Raw, id, "")
}

func TestOtherPathsAndMethodsAreProblems(t *testing.T) {
	api := apiclient.New(t, shared)
	if a := api.Want(404, "GET", "/v1/nonsense", ""); a.Text("code") != "not-found" {
		t.Errorf("got %s", a.Raw)
	}
	if a := api.Want(405, "DELETE", "/v1/members/ana/chats", ""); a.Text("code") != "method-not-allowed" || a.Header.Get("Allow") != "GET" {
		t.Errorf("got %s, Allow %s", a.Raw, a.Header.Get("Allow"))
	}
}

func TestPollingAnswersOnlyWhatIsNew(t *testing.T) {
	c := newCast(t, shared)
	thread := c.greet()
	for _, path := range []string{"/v1/members/me/chats", "/v1/members/me/unread", "/v1/members/me/threads", thread + "/messages"} {
		first := c.member.Want(200, "GET", path, "")
		tag := first.Header.Get("ETag")
		if same := c.member.Want(304, "GET", path, "", "If-None-Match", tag); same.Raw != "" || same.Header.Get("Poll-After") != "4" {
			t.Errorf("%s: %q, Poll-After %s", path, same.Raw, same.Header.Get("Poll-After"))
		}
		c.rivera.Want(201, "POST", thread+"/messages", message(newID("client"), "more"))
		c.member.Want(200, "GET", path, "", "If-None-Match", tag)
	}
}

// T9: a closed enrollment cancels its request, leaves its threads readable, and
// opening it again makes them active.
func TestClosingAnEnrollment(t *testing.T) {
	c := newCast(t, shared)
	request, thread := c.ask(newID("key")).Text("url"), c.greet()
	enrollment := "/v1/members/" + c.id + "/enrollments/diabetes"
	c.platform.Want(200, "PUT", enrollment, `{"state": "closed", "careManagerId": "cm-rivera"}`)

	r := c.member.Want(200, "GET", request, "")
	if r.Text("state") != "cancelled" || r.Text("history.1.by") != "platform" {
		t.Errorf("the request: %s", r.Raw)
	}
	chats := c.member.Want(200, "GET", "/v1/members/me/chats", "")
	if chats.Text("unread.hasUnread") != "false" || chats.Text("canRequest.reason") != "noProgram" || chats.At("threads.0") != nil {
		t.Errorf("the screen: %s", chats.Raw)
	}
	page := c.member.Want(200, "GET", thread+"/messages", "")
	if page.Text("thread.state") != "inactive" || page.Text("thread.canReply.reason") != "programClosed" {
		t.Errorf("the thread: %s", page.Raw)
	}
	if a := c.member.Want(409, "POST", thread+"/messages", message(newID("client"), "hello?")); a.Text("reason") != "programClosed" {
		t.Errorf("a reply: %s", a.Raw)
	}
	c.member.Want(200, "PUT", thread+"/read", `{"seq": 1}`)
	if a := c.ask(newID("key")); a.Status != 403 || a.Text("reason") != "closed" {
		t.Errorf("a request: %d %s", a.Status, a.Raw)
	}

	c.platform.Want(200, "PUT", enrollment, `{"state": "active", "careManagerId": "cm-rivera"}`)
	c.member.Want(201, "POST", thread+"/messages", message(newID("client"), "hello again"))
}

// S7, G10: after a hand-over the thread waits with the new owner; who was named
// on it reads it still, and writes in it no more.
func TestAHandOverMovesTheThreadAndHidesNothing(t *testing.T) {
	c := newCast(t, shared)
	request, thread := c.ask(newID("key")), c.greet()
	c.platform.Want(200, "PUT", "/v1/members/"+c.id+"/enrollments/diabetes", `{"state": "active", "careManagerId": "cm-chen"}`)
	c.member.Want(201, "POST", thread+"/messages", message(newID("client"), "who are you?"))

	if inbox := c.chen.Want(200, "GET", "/v1/inbox", ""); !strings.Contains(inbox.Raw, thread) {
		t.Errorf("the thread is not in the new owner's inbox: %s", inbox.Raw)
	}
	if tasks := c.chen.Want(200, "GET", "/v1/tasks", ""); !strings.Contains(tasks.Raw, request.Text("id")) {
		t.Errorf("the task is not in the new owner's list: %s", tasks.Raw)
	}
	page := c.rivera.Want(200, "GET", thread+"/messages", "")
	if page.Text("lastSeq") != "2" || page.Text("thread.canReply.reason") != "notYours" {
		t.Errorf("who was named sees: %s", page.Raw)
	}
	c.rivera.Want(403, "POST", thread+"/messages", message(newID("client"), "still here"))
	c.rivera.Want(403, "PUT", thread+"/read", `{"seq": 2}`)
	c.rivera.Want(404, "GET", request.Text("url"), "")
	if a := c.chen.Want(409, "POST", thread+"/messages", message(newID("client"), "hello")); a.Text("code") != "thread-read-only" {
		t.Errorf("the new owner in the old thread: %s", a.Raw)
	}
	c.chen.Want(200, "PUT", thread+"/read", `{"seq": 2}`)
	c.chen.Want(201, "POST", "/v1/members/"+c.id+"/threads", map[string]any{
		"programId": "diabetes", "clientMessageId": newID("client"), "text": "I look after you now.",
	})
}

// Races to one outcome, and a lost answer told again (G4).
func TestEndedRequestsTellHowTheyEnded(t *testing.T) {
	c := newCast(t, shared)
	first := c.ask(newID("key"))
	cancelled := c.member.Want(200, "POST", first.Text("url")+"/cancel", "")
	if again := c.member.Want(200, "POST", first.Text("url")+"/cancel", ""); again.Raw != cancelled.Raw {
		t.Errorf("cancelling twice: %s and %s", cancelled.Raw, again.Raw)
	}
	if a := c.rivera.Want(409, "POST", first.Text("url")+"/close", `{"outcome": "answered"}`); a.Text("code") != "request-cancelled" || a.Text("current.state") != "cancelled" {
		t.Errorf("closing: %s", a.Raw)
	}
	second := c.ask(newID("key"))
	c.member.Want(412, "PATCH", second.Text("url"), `{"reasonId": "other"}`, "If-Match", `"7"`)
	c.rivera.Want(200, "POST", second.Text("url")+"/close", `{"outcome": "answered", "note": "Explained."}`)
	c.rivera.Want(200, "POST", second.Text("url")+"/close", `{"outcome": "called"}`)
	a := c.member.Want(409, "PATCH", second.Text("url"), `{"reasonId": "other"}`)
	if a.Text("code") != "request-closed" || strings.Contains(a.Raw, "Explained") || strings.Contains(a.Raw, "outcome") {
		t.Errorf("changing the reason: %s", a.Raw)
	}
}
