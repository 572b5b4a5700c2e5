// Command send sends a message. A care manager's first one makes the thread.
package main

import (
	"context"

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
	h := handlers{&chat.SendService{Store: t, Now: chat.Clock, NewID: id.New}}
	lambda.Start(&apigw.Function[chat.Caller]{
		Name: "send", Authenticate: auth.Open(t).Caller, Early: true, Describe: api.Describe(chat.Clock), Meter: table.Meter,
		Routes: apigw.Routes[chat.Caller]{
			"POST /v1/members/{memberId}/threads":                     apigw.Handle(h.start),
			"POST /v1/members/{memberId}/threads/{threadId}/messages": apigw.Handle(h.send),
		},
	})
}

type handlers struct{ chat *chat.SendService }

func (h handlers) start(ctx context.Context, c chat.Caller, in api.ThreadNew) (apigw.Answer, error) {
	posted, err := h.chat.Start(ctx, c, in.MemberID, in.ProgramID, chat.Draft{
		ClientMessageID: in.ClientMessageID, Text: in.Text,
	})
	if err != nil {
		return apigw.Answer{}, err
	}
	return answer(posted, api.NewStarted(c, posted, h.chat.Now())), nil
}

func (h handlers) send(ctx context.Context, c chat.Caller, in api.MessageNew) (apigw.Answer, error) {
	posted, err := h.chat.Send(ctx, c, in.MemberID, in.ThreadID, chat.Draft{
		ClientMessageID: in.ClientMessageID, Text: in.Text,
	})
	if err != nil {
		return apigw.Answer{}, err
	}
	return answer(posted, api.NewMessage(c, posted.Message)), nil
}

// answer returns 201, for a repeat too (A2).
func answer(p chat.Posted, body any) apigw.Answer {
	return apigw.Answer{
		Status: 201, Body: body, Replayed: p.Replayed,
		Location: api.MessageURL(p.Thread.Member.ID, p.Thread.ID, p.Message.Seq),
	}
}
