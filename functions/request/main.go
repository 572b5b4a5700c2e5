// Command request makes a chat request and changes its reason.
package main

import (
	"context"
	_ "time/tzdata" // a promise is kept in the organization's time zone; a Lambda has none of its own

	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/id"
	"carechat/shared/table"
)

func main() {
	t := table.Open()
	h := handlers{&chat.RequestService{Store: t, Now: chat.Clock, NewID: id.New}}
	lambda.Start(&apigw.Function[chat.Caller]{
		Name: "request", Authenticate: auth.Open(t).Caller, Early: true, Describe: api.Describe(chat.Clock), Meter: table.Meter,
		Routes: apigw.Routes[chat.Caller]{
			"POST /v1/members/{memberId}/chat-requests":              apigw.Handle(h.submit),
			"PATCH /v1/members/{memberId}/chat-requests/{requestId}": apigw.Handle(h.changeReason),
		},
	})
}

type handlers struct{ chat *chat.RequestService }

func (h handlers) submit(ctx context.Context, c chat.Caller, in api.RequestNew) (apigw.Answer, error) {
	made, err := h.chat.Submit(ctx, c, in.MemberID, chat.RequestDraft{
		IdempotencyKey: in.IdempotencyKey, ProgramID: in.ProgramID, ReasonID: in.ReasonID, Comment: in.Comment,
	})
	if err != nil {
		return apigw.Answer{}, err
	}
	body := api.NewRequest(c, made.Request, h.chat.Now())
	return apigw.Answer{
		Status: 201, Body: body, Version: body.Version, Location: body.URL, Replayed: made.Replayed,
	}, nil
}

func (h handlers) changeReason(ctx context.Context, c chat.Caller, in api.ReasonChange) (apigw.Answer, error) {
	r, err := h.chat.ChangeReason(ctx, c, in.MemberID, in.RequestID, in.ReasonID, api.Precondition(in.IfMatch, ""))
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewRequest(c, r, h.chat.Now()), Version: r.Version}, nil
}
