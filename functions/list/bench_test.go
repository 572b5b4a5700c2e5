package main

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/tests/support/fixture"
	"carechat/tests/support/usecases"
)

// What a page of 50 messages of 200 bytes costs beside the bare Query that reads it.
func BenchmarkMessages(b *testing.B) {
	fixture.Bench(b, fixture.Request{
		Function: "list", Route: "GET /v1/members/{memberId}/threads/{threadId}/messages",
		Endpoint: func(s *usecases.All) apigw.Endpoint[chat.Caller] {
			return apigw.Handle(handlers{s.ListService}.messages)
		},
		Bare: func(ctx context.Context, c *dynamodb.Client, input any) (err error) {
			if in, ok := input.(*dynamodb.QueryInput); ok {
				_, err = c.Query(ctx, in)
			}
			return err
		},
	})
}
