// Command list answers what screens show and poll. It writes only when a session was
// last used (S1) and a person's first key for drafts (S8), and contains no code that
// could send.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/table"
)

func main() {
	t := table.Open()
	h := handlers{&chat.ListService{Store: t, Now: chat.Clock}}
	lambda.Start(&apigw.Function[chat.Caller]{
		Name: "list", Authenticate: auth.Open(t).Caller, Early: true, Describe: api.Describe(chat.Clock), Meter: table.Meter,
		Routes: h.routes(),
	})
}

type handlers struct{ chat *chat.ListService }

func (h handlers) routes() apigw.Routes[chat.Caller] {
	return apigw.Routes[chat.Caller]{
		"GET /v1/me":                                             apigw.Handle(h.me),
		"GET /v1/members/{memberId}/chats":                       apigw.Handle(h.chats),
		"GET /v1/members/{memberId}/unread":                      apigw.Handle(h.unread),
		"GET /v1/members/{memberId}/request-form":                apigw.Handle(h.requestForm),
		"GET /v1/members/{memberId}/chat-requests/{requestId}":   apigw.Handle(h.request),
		"GET /v1/members/{memberId}/threads":                     apigw.Handle(h.threads),
		"GET /v1/members/{memberId}/threads/{threadId}/messages": apigw.Handle(h.messages),
		"GET /v1/members/{memberId}/notices":                     apigw.Handle(h.notices),
		"GET /v1/tasks":                                          apigw.Handle(h.tasks),
		"GET /v1/caseload":                                       apigw.Handle(h.caseload),
		"GET /v1/inbox":                                          apigw.Handle(h.inbox),
	}
}
