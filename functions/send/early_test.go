package main

import (
	"io"
	"log/slog"
	"slices"
	"testing"

	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/shared/id"
	"carechat/tests/support/event"
	"carechat/tests/support/fixture"
)

// T7: a send reads its thread beside the session of a known caller, and writes once the session is known to last.
func TestASendBesideASessionThatEndsWritesNothing(t *testing.T) {
	s := fixture.Open(t)
	thread, token, late := s.Thread(t, "rivera", 100), s.Token(t), fixture.NewLate()
	store := s.Table(late)
	service := s.UseCases(store).SendService
	service.NewID = id.New
	const route = "POST /v1/members/{memberId}/threads/{threadId}/messages"
	f := &apigw.Function[chat.Caller]{
		Name: "send", Authenticate: s.Verifier(store).Caller, Early: true,
		Routes: apigw.Routes[chat.Caller]{route: apigw.Handle(handlers{service}.send)}, Log: slog.New(slog.NewJSONHandler(io.Discard, nil)),
	}
	send := func(n int) (int, []string) {
		t.Helper()
		late.Calls()
		raw, err := f.Invoke(t.Context(), event.With(t, func(e map[string]any) {
			e["routeKey"], e["pathParameters"] = route, map[string]string{"memberId": "me", "threadId": thread.ID}
			e["body"] = `{"clientMessageId": "` + s.Draft(n).ClientMessageID + `", "text": "Hello"}`
			e["headers"].(map[string]any)["authorization"] = "Bearer " + token
		}))
		if err != nil {
			t.Fatal(err)
		}
		return event.AnswerOf(t, raw).StatusCode, late.Calls()
	}
	written := []string{"GetItem", "GetItem", "TransactWriteItems"}
	if status, calls := send(1001); status != 201 || !slices.Equal(calls, written) {
		t.Errorf("the first: %d after %v", status, calls)
	}
	late.Hold(func() {})
	if status, calls := send(1002); status != 201 || !slices.Equal(calls, written) {
		t.Errorf("beside its session: %d after %v", status, calls)
	}
	late.Hold(func() {
		if err := s.EndSessions(t.Context()); err != nil {
			t.Error(err)
		}
	})
	if status, calls := send(1003); status != 401 || !slices.Equal(calls, []string{"GetItem", "GetItem"}) {
		t.Errorf("beside a session that ends: %d after %v", status, calls)
	}
}
