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
	"carechat/tests/support/town"
)

// Every function answers the event in its folder without an error of its own.
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

// G4, A2: fifty submits at once with five keys make one request. The others are
// refused, or get a replay of it.
func TestFiftySubmitsMakeOneRequest(t *testing.T) {
	c := newMember(t, shared)
	keys := make([]string, 5)
	for i := range keys {
		keys[i] = town.NewID("key")
	}
	answers := make([]apiclient.Answer, 50)
	var busy atomic.Int64
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			submit := func() bool {
				answers[i] = c.Self.Call("POST", "/v1/members/me/chat-requests", town.RequestBody(town.Program), "Idempotency-Key", keys[i%len(keys)])
				return answers[i].Status == 503
			}
			for submit() {
				busy.Add(1)
			}
		})
	}
	wg.Wait()
	id := c.Self.Want(200, "GET", "/v1/members/me/chats", "").Text("requests.0.id")
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
	// The first answer may have been lost to a 503: then its repeat is a replay.
	if made == 0 || fresh > 1 || fresh == 0 && busy.Load() == 0 {
		t.Errorf("%d answers of %d say that they made the request, after %d of 503", fresh, made, busy.Load())
	}
}

// G1, G2: whatever concurrent senders are answered, each message is stored once and
// seqs have no gaps.
func TestManySendersOnOneThread(t *testing.T) {
	c := newMember(t, shared)
	thread := c.Start()
	var wg sync.WaitGroup
	for i := range 16 {
		sender := c.Self
		if i%2 == 0 {
			sender = c.Rivera
		}
		wg.Go(func() {
			id := town.NewID("client")
			for sender.Call("POST", thread+"/messages", town.MessageBody(id, "from "+id)).Status == 503 {
			}
			if again := sender.Retry("POST", thread+"/messages", town.MessageBody(id, "from "+id)); again.Status != 201 || again.Header.Get("Idempotent-Replayed") != "true" {
				t.Errorf("a repeat: %d %s", again.Status, again.Raw)
			}
		})
	}
	wg.Wait()
	page := c.Self.Want(200, "GET", thread+"/messages?after=0&limit=100", "")
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

// A2: a key with another body is refused.
func TestARepeatedKeyWithAnotherBodyIsRefused(t *testing.T) {
	c := newMember(t, shared)
	key := town.NewID("key")
	c.Submit(key)
	a := c.Self.Retry("POST", "/v1/members/me/chat-requests",
		`{"programId": "diabetes", "reasonId": "other", "comment": "Something else."}`, "Idempotency-Key", key)
	if a.Status != 409 || a.Text("code") != "idempotency-key-reused" {
		t.Errorf("request: %d %s", a.Status, a.Raw)
	}
	thread, id := c.Start(), town.NewID("client")
	c.Self.Want(201, "POST", thread+"/messages", town.MessageBody(id, "one"))
	if a := c.Self.Retry("POST", thread+"/messages", town.MessageBody(id, "two")); a.Status != 409 || a.Text("code") != "idempotency-key-reused" {
		t.Errorf("message: %d %s", a.Status, a.Raw)
	}
}

// G8, A4: what a caller may not see is answered like what does not exist, byte for
// byte except for the request's id.
func TestWhatACallerMayNotSeeDoesNotExist(t *testing.T) {
	c, other := newMember(t, shared), newMember(t, shared)
	request := c.Submit(town.NewID("key")).Text("url")
	thread := c.Start()
	nobody := "/v1/members/nobody"
	silva := shared.Client(t).As("careManager", "summit", "cm-silva")
	for _, who := range []apiclient.Client{other.Self, c.Chen, silva} {
		for _, pair := range [][2]string{
			{request, nobody + "/chat-requests/req_01KAX3M8Z4T9V2C6B1N7QWERTY"},
			{thread + "/messages", nobody + "/threads/thr_nothing/messages"},
			{"/v1/members/" + c.ID + "/chats", nobody + "/chats"},
		} {
			theirs, missing := who.Want(404, "GET", pair[0], ""), who.Want(404, "GET", pair[1], "")
			if a, b := withoutID(theirs), withoutID(missing); a != b {
				t.Errorf("%s is answered otherwise than what does not exist:\n%s\n%s", pair[0], a, b)
			}
		}
	}
}

// withoutID returns an answer's body without the request's id.
func withoutID(a apiclient.Answer) string {
	id := a.Header.Get("X-Request-Id")
	return strings.ReplaceAll(a.Raw, id, "")
}

func TestOtherPathsAndMethodsAreProblems(t *testing.T) {
	api := shared.Client(t)
	if a := api.Want(404, "GET", "/v1/nonsense", ""); a.Text("code") != "not-found" {
		t.Errorf("got %s", a.Raw)
	}
	if a := api.Want(405, "DELETE", "/v1/members/ana/chats", ""); a.Text("code") != "method-not-allowed" || a.Header.Get("Allow") != "GET" {
		t.Errorf("got %s, Allow %s", a.Raw, a.Header.Get("Allow"))
	}
}

// A poll with the ETag of the last answer is answered 304 until something changes.
func TestAPollWithoutNewsIs304(t *testing.T) {
	c := newMember(t, shared)
	thread := c.Start()
	for _, path := range []string{"/v1/members/me/chats", "/v1/members/me/unread", "/v1/members/me/threads", thread + "/messages"} {
		first := c.Self.Want(200, "GET", path, "")
		tag := first.Header.Get("ETag")
		if same := c.Self.Want(304, "GET", path, "", "If-None-Match", tag); same.Raw != "" || same.Header.Get("Poll-After") != "4" {
			t.Errorf("%s: %q, Poll-After %s", path, same.Raw, same.Header.Get("Poll-After"))
		}
		c.Rivera.Want(201, "POST", thread+"/messages", town.MessageBody(town.NewID("client"), "more"))
		c.Self.Want(200, "GET", path, "", "If-None-Match", tag)
	}
}

// T9: a closed enrollment cancels its request, leaves its threads readable, and
// opening it again makes them active.
func TestClosingAnEnrollment(t *testing.T) {
	c := newMember(t, shared)
	request, thread := c.Submit(town.NewID("key")).Text("url"), c.Start()
	enrollment := "/v1/members/" + c.ID + "/enrollments/diabetes"
	c.Platform.Want(200, "PUT", enrollment, `{"state": "closed", "careManagerId": "cm-rivera"}`)

	r := c.Self.Want(200, "GET", request, "")
	if r.Text("state") != "cancelled" || r.Text("history.1.by") != "platform" {
		t.Errorf("the request: %s", r.Raw)
	}
	chats := c.Self.Want(200, "GET", "/v1/members/me/chats", "")
	if chats.Text("unread.hasUnread") != "false" || chats.Text("canRequest.reason") != "noProgram" || chats.At("threads.0") != nil {
		t.Errorf("the member's chats: %s", chats.Raw)
	}
	page := c.Self.Want(200, "GET", thread+"/messages", "")
	if page.Text("thread.state") != "inactive" || page.Text("thread.canReply.reason") != "programClosed" {
		t.Errorf("the thread: %s", page.Raw)
	}
	if a := c.Self.Want(409, "POST", thread+"/messages", town.MessageBody(town.NewID("client"), "hello?")); a.Text("reason") != "programClosed" {
		t.Errorf("a reply: %s", a.Raw)
	}
	c.Self.Want(200, "PUT", thread+"/read", `{"seq": 1}`)
	if a := c.Submit(town.NewID("key")); a.Status != 403 || a.Text("reason") != "closed" {
		t.Errorf("a request: %d %s", a.Status, a.Raw)
	}

	c.Platform.Want(200, "PUT", enrollment, `{"state": "active", "careManagerId": "cm-rivera"}`)
	c.Self.Want(201, "POST", thread+"/messages", town.MessageBody(town.NewID("client"), "hello again"))
}

// S7, G10: after a hand-over the thread waits in the new owner's inbox. The care
// manager whose thread it is still reads it, but no longer writes in it.
func TestAHandOverMovesTheThreadAndHidesNothing(t *testing.T) {
	c := newMember(t, shared)
	request, thread := c.Submit(town.NewID("key")), c.Start()
	c.Platform.Want(200, "PUT", "/v1/members/"+c.ID+"/enrollments/diabetes", `{"state": "active", "careManagerId": "cm-chen"}`)
	c.Self.Want(201, "POST", thread+"/messages", town.MessageBody(town.NewID("client"), "who are you?"))

	if inbox := c.Chen.Want(200, "GET", "/v1/inbox", ""); !strings.Contains(inbox.Raw, thread) {
		t.Errorf("the thread is not in the new owner's inbox: %s", inbox.Raw)
	}
	if tasks := c.Chen.Want(200, "GET", "/v1/tasks", ""); !strings.Contains(tasks.Raw, request.Text("id")) {
		t.Errorf("the task is not in the new owner's list: %s", tasks.Raw)
	}
	page := c.Rivera.Want(200, "GET", thread+"/messages", "")
	if page.Text("lastSeq") != "2" || page.Text("thread.canReply.reason") != "notYours" {
		t.Errorf("the earlier owner sees: %s", page.Raw)
	}
	c.Rivera.Want(403, "POST", thread+"/messages", town.MessageBody(town.NewID("client"), "still here"))
	c.Rivera.Want(403, "PUT", thread+"/read", `{"seq": 2}`)
	c.Rivera.Want(404, "GET", request.Text("url"), "")
	if a := c.Chen.Want(409, "POST", thread+"/messages", town.MessageBody(town.NewID("client"), "hello")); a.Text("code") != "thread-read-only" {
		t.Errorf("the new owner in the old thread: %s", a.Raw)
	}
	c.Chen.Want(200, "PUT", thread+"/read", `{"seq": 2}`)
	c.Chen.Want(201, "POST", "/v1/members/"+c.ID+"/threads", map[string]any{
		"programId": "diabetes", "clientMessageId": town.NewID("client"), "text": "I look after you now.",
	})
}

// A request ends once, and a repeat gets the same answer (G4).
func TestAnEndedRequestSaysHowItEnded(t *testing.T) {
	c := newMember(t, shared)
	first := c.Submit(town.NewID("key"))
	cancelled := c.Self.Want(200, "POST", first.Text("url")+"/cancel", "")
	if again := c.Self.Want(200, "POST", first.Text("url")+"/cancel", ""); again.Raw != cancelled.Raw {
		t.Errorf("cancelling twice: %s and %s", cancelled.Raw, again.Raw)
	}
	if a := c.Rivera.Want(409, "POST", first.Text("url")+"/close", `{"outcome": "answered"}`); a.Text("code") != "request-cancelled" || a.Text("current.state") != "cancelled" {
		t.Errorf("closing: %s", a.Raw)
	}
	second := c.Submit(town.NewID("key"))
	c.Self.Want(412, "PATCH", second.Text("url"), `{"reasonId": "other"}`, "If-Match", `"7"`)
	c.Rivera.Want(200, "POST", second.Text("url")+"/close", `{"outcome": "answered", "note": "Explained."}`)
	c.Rivera.Want(200, "POST", second.Text("url")+"/close", `{"outcome": "called"}`)
	a := c.Self.Want(409, "PATCH", second.Text("url"), `{"reasonId": "other"}`)
	if a.Text("code") != "request-closed" || strings.Contains(a.Raw, "Explained") || strings.Contains(a.Raw, "outcome") {
		t.Errorf("changing the reason: %s", a.Raw)
	}
}
