// Command mark-read moves a read cursor.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/problem"
	"carechat/shared/table"
)

func main() {
	t := table.Open()
	h := handlers{&chat.MarkReadService{Store: t, Now: chat.Clock}}
	lambda.Start(&apigw.Function[chat.Caller]{
		Name: "mark-read", Authenticate: auth.Open(t).Caller, Early: true, Describe: api.Describe(chat.Clock), Meter: table.Meter,
		Routes: apigw.Routes[chat.Caller]{
			"PUT /v1/members/{memberId}/threads/{threadId}/read": apigw.Handle(h.markRead),
		},
	})
}

type handlers struct{ chat *chat.MarkReadService }

func (h handlers) markRead(ctx context.Context, c chat.Caller, in api.ReadTo) (apigw.Answer, error) {
	if in.Seq == nil {
		return apigw.Answer{}, problem.WithField("/seq", "required", "must be given")
	}
	t, err := h.chat.MarkRead(ctx, c, in.MemberID, in.ThreadID, *in.Seq)
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewReadState(c, t)}, nil
}
