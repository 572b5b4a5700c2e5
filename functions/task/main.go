// Command task closes tasks, and with them the chat requests behind them, and hands
// enrollments over.
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
		Name: "task", Authenticate: auth.Open(t).Caller, Early: true, Describe: api.Describe(chat.Clock), Meter: table.Meter,
		Routes: apigw.Routes[chat.Caller]{
			"POST /v1/members/{memberId}/chat-requests/{requestId}/close": apigw.Handle(h.close),
			"POST /v1/members/{memberId}/enrollments/{programId}/claim":   apigw.Handle(h.claim),
			"POST /v1/members/{memberId}/enrollments/{programId}/assign":  apigw.Handle(h.assign),
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
	return apigw.Answer{Status: 200, Body: api.NewRequest(c, r, h.chat.Now()), Version: r.Version}, nil
}

func (h handlers) claim(ctx context.Context, c chat.Caller, in api.Claiming) (apigw.Answer, error) {
	e, err := h.chat.Claim(ctx, c, in.MemberID, in.ProgramID, api.Precondition(in.IfMatch, ""))
	return assignment(e, err)
}

func (h handlers) assign(ctx context.Context, c chat.Caller, in api.Assigning) (apigw.Answer, error) {
	to := chat.NewOwner{CareManagerID: in.CareManagerID, DepartmentID: in.DepartmentID, Why: in.Why}
	e, err := h.chat.Assign(ctx, c, in.MemberID, in.ProgramID, to, api.Precondition(in.IfMatch, ""))
	return assignment(e, err)
}

// assignment answers with an enrollment and its owner.
func assignment(e chat.Enrollment, err error) (apigw.Answer, error) {
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewAssignment(e), Version: e.Version}, nil
}
