// Command cancel cancels a member's own chat request.
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
	h := handlers{&chat.CancelService{Store: t, Now: chat.Clock}}
	lambda.Start(&apigw.Function[chat.Caller]{
		Name: "cancel", Authenticate: auth.Open(t).Caller, Early: true, Describe: api.Describe(chat.Clock), Meter: table.Meter,
		Routes: apigw.Routes[chat.Caller]{
			"POST /v1/members/{memberId}/chat-requests/{requestId}/cancel": apigw.Handle(h.cancel),
		},
	})
}

type handlers struct{ chat *chat.CancelService }

func (h handlers) cancel(ctx context.Context, c chat.Caller, in api.RequestRef) (apigw.Answer, error) {
	r, err := h.chat.Cancel(ctx, c, in.MemberID, in.RequestID, api.Precondition(in.IfMatch, ""))
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewRequest(c, r, h.chat.Now()), Version: r.Version}, nil
}
