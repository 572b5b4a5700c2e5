package main

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/shared/id"
	"carechat/tests/support/fixture"
	"carechat/tests/support/usecases"
)

// What a send of 200 bytes costs beside the bare transaction that it makes.
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
		Bare: func(ctx context.Context, c *dynamodb.Client, input any) (err error) {
			if in, ok := input.(*dynamodb.TransactWriteItemsInput); ok {
				_, err = c.TransactWriteItems(ctx, in)
			}
			return err
		},
	})
}
