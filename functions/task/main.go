// Command task closes a task, and with it the chat request behind it.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/table"
)

func main() {
	t := table.Open()
	h := handlers{&chat.TaskService{Store: t, Now: chat.Clock}}
	lambda.Start(&apigw.Function[chat.Caller]{
		Name: "task", Authenticate: auth.Open(t).Caller, Describe: api.Describe, Meter: table.Meter,
		Routes: apigw.Routes[chat.Caller]{
			"POST /v1/members/{memberId}/chat-requests/{requestId}/close": apigw.Handle(h.close),
		},
	})
}

type handlers struct{ chat *chat.TaskService }

func (h handlers) close(ctx context.Context, c chat.Caller, in api.Closing) (apigw.Answer, error) {
	closing := chat.Closing{Outcome: in.Outcome, Note: in.Note}
	r, err := h.chat.Close(ctx, c, in.MemberID, in.RequestID, closing, api.Precondition(in.IfMatch, ""))
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewRequest(c, r), Version: r.Version}, nil
}
