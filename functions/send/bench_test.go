package main

import (
	"testing"

	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/shared/id"
	"carechat/tests/support/fixture"
	"carechat/tests/support/usecases"
)

// What a send of 200 bytes costs beside its calls of DynamoDB.
func BenchmarkSend(b *testing.B) {
	fixture.Bench(b, fixture.Request{
		Function: "send", Route: "POST /v1/members/{memberId}/threads/{threadId}/messages",
		Body: func(d chat.Draft) string {
			return `{"clientMessageId": "` + d.ClientMessageID + `", "text": "` + d.Text + `"}`
		},
		Endpoint: func(s *usecases.All) apigw.Endpoint[chat.Caller] {
			s.SendService.NewID = id.New
			return apigw.Handle(handlers{s.SendService}.send)
		},
	})
}
