package main

import (
	"testing"

	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/tests/support/fixture"
	"carechat/tests/support/usecases"
)

// bench measures a route of a member with a thread of 100 messages.
func bench(b *testing.B, route string, endpoint func(handlers) apigw.Endpoint[chat.Caller]) {
	fixture.Bench(b, fixture.Request{
		Function: "list", Route: route,
		Endpoint: func(s *usecases.All) apigw.Endpoint[chat.Caller] { return endpoint(handlers{s.ListService}) },
	})
}

// What a page of 50 messages of 200 bytes costs beside its calls of DynamoDB.
func BenchmarkMessages(b *testing.B) {
	bench(b, "GET /v1/members/{memberId}/threads/{threadId}/messages",
		func(h handlers) apigw.Endpoint[chat.Caller] { return apigw.Handle(h.messages) })
}

// What the Chats screen costs beside its calls of DynamoDB.
func BenchmarkChats(b *testing.B) {
	bench(b, "GET /v1/members/{memberId}/chats", func(h handlers) apigw.Endpoint[chat.Caller] { return apigw.Handle(h.chats) })
}

// What the unread dot costs beside its calls of DynamoDB.
func BenchmarkUnread(b *testing.B) {
	bench(b, "GET /v1/members/{memberId}/unread", func(h handlers) apigw.Endpoint[chat.Caller] { return apigw.Handle(h.unread) })
}

// What the list of threads costs beside its calls of DynamoDB.
func BenchmarkThreads(b *testing.B) {
	bench(b, "GET /v1/members/{memberId}/threads", func(h handlers) apigw.Endpoint[chat.Caller] { return apigw.Handle(h.threads) })
}
