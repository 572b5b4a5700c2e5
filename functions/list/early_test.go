package main

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/tests/support/event"
	"carechat/tests/support/fixture"
)

// screen is a function on a real table.
type screen struct {
	*apigw.Function[chat.Caller]
	late    *fixture.Late
	fixture *fixture.Fixture
	thread  chat.Thread
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	s := fixture.Open(t)
	f := &screen{late: fixture.NewLate(), fixture: s, thread: s.Thread(t, "rivera", 100)}
	store := s.Table(f.late)
	f.Function = &apigw.Function[chat.Caller]{
		Name: "list", Authenticate: s.Verifier(store).Caller, Early: true, Routes: handlers{s.UseCases(store).ListService}.routes(),
		Log: slog.New(slog.NewJSONHandler(io.Discard, nil)),
	}
	return f
}

// get calls a route and returns its answer and the operations that it took.
func (f *screen) get(t *testing.T, route, member, token string) (event.Answer, []string) {
	t.Helper()
	f.late.Calls()
	raw, err := f.Invoke(t.Context(), event.With(t, func(e map[string]any) {
		e["routeKey"] = route
		e["pathParameters"] = map[string]string{"memberId": member, "threadId": f.thread.ID, "requestId": "req_1"}
		e["headers"] = map[string]string{"authorization": "Bearer " + token}
	}))
	if err != nil {
		t.Fatal(err)
	}
	return event.AnswerOf(t, raw), f.late.Calls()
}

// T7: a screen is read beside the session, and if that has ended, nobody sees a byte of it.
func TestAScreenBesideASessionThatEndsIsNotShown(t *testing.T) {
	for _, route := range []string{
		"GET /v1/members/{memberId}/chats", "GET /v1/members/{memberId}/unread", "GET /v1/members/{memberId}/threads",
		"GET /v1/members/{memberId}/threads/{threadId}/messages", "GET /v1/members/{memberId}/request-form",
	} {
		f := newScreen(t)
		token := f.fixture.Token(t)
		seen, _ := f.get(t, route, "me", token)
		f.late.Hold(func() {
			if err := f.fixture.EndSessions(t.Context()); err != nil {
				t.Error(err)
			}
		})
		a, calls := f.get(t, route, "me", token)
		if seen.StatusCode != 200 || a.StatusCode != 401 || len(calls) < 2 {
			t.Errorf("%s: %d, then %d after %v", route, seen.StatusCode, a.StatusCode, calls)
		}
		for _, secret := range []string{"Manager", "Program", "hasUnread", "text "} {
			if strings.Contains(a.Body, secret) {
				t.Errorf("%s: %s", route, a.Body)
			}
		}
		f.late.Hold(nil)
		if a, calls := f.get(t, route, "me", token); a.StatusCode != 401 || len(calls) != 1 {
			t.Errorf("%s: once refused, %d after %v", route, a.StatusCode, calls)
		}
	}
}

// T7: a care manager whose cover ended since this process saw them is read for again. The same id is not the same caller.
func TestACallerWhoseRightsChangedIsReadForAgain(t *testing.T) {
	f := newScreen(t)
	f.fixture.Token(t)
	caller := fixture.Manager("chen")
	caller.Covers = []chat.Cover{{Of: chat.Ref{ID: "rivera"}, From: f.fixture.Now, To: f.fixture.Now.Add(time.Hour)}}
	f.Authenticate = func(context.Context, string, bool) (chat.Caller, error) { return caller, nil }
	const route = "GET /v1/members/{memberId}/chats"
	if a, _ := f.get(t, route, fixture.MemberID, "token"); a.StatusCode != 200 {
		t.Errorf("a cover: %d", a.StatusCode)
	}
	caller.Covers = nil
	if a, _ := f.get(t, route, fixture.MemberID, "token"); a.StatusCode != 404 {
		t.Errorf("who was a cover: %d", a.StatusCode)
	}
}

// A token that was never good reads one row and nothing beside it, also if it differs in the member alone.
func TestNothingIsReadBesideAForgedToken(t *testing.T) {
	f := newScreen(t)
	token := f.fixture.Token(t)
	const route = "GET /v1/members/{memberId}/chats"
	if a, _ := f.get(t, route, "me", token); a.StatusCode != 200 {
		t.Fatal(a.StatusCode)
	}
	for _, forged := range []string{
		strings.Replace(token, "."+fixture.MemberID+".", ".chen.", 1), token[:len(token)-1] + "A",
	} {
		if a, calls := f.get(t, route, "me", forged); a.StatusCode != 401 || !slices.Equal(calls, []string{"GetItem"}) {
			t.Errorf("%d after %v", a.StatusCode, calls)
		}
	}
}
