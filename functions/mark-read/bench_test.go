package main

import (
	"testing"

	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/tests/support/fixture"
	"carechat/tests/support/usecases"
)

// What moving a read cursor costs beside its calls of DynamoDB.
func BenchmarkMarkRead(b *testing.B) {
	fixture.Bench(b, fixture.Request{
		Function: "mark-read", Route: "PUT /v1/members/{memberId}/threads/{threadId}/read",
		Body: func(chat.Draft) string { return `{"seq": 99}` },
		Endpoint: func(s *usecases.All) apigw.Endpoint[chat.Caller] {
			return apigw.Handle(handlers{s.MarkReadService}.markRead)
		},
	})
}
