//go:build ignore

// The story of one request, told by the client that oapi-codegen generates.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"clients/care"
)

var (
	ctx = context.Background()
	key = fmt.Sprintf("oapi-codegen-%d", time.Now().UnixNano())
)

func main() {
	member, careManager := connect("MEMBER_TOKEN"), connect("CARE_MANAGER_TOKEN")
	askForAChat(member)
	chat := changeTheReason(member)
	answer(careManager, chat)
	reply(member)
	closeIt(careManager, chat)
	cancelTooLate(member, chat)
	fmt.Println("the story is told")
}

// connect returns a client that sends the token of an environment variable.
func connect(variable string) *care.ClientWithResponses {
	client, err := care.NewClientWithResponses(os.Getenv("API"), care.WithRequestEditorFn(
		func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+os.Getenv(variable))
			return nil
		}))
	check(err == nil, "a client: %v", err)
	return client
}

func askForAChat(member *care.ClientWithResponses) {
	me, err := member.GetMeWithResponse(ctx)
	check(err == nil && me.JSON200 != nil, "me: %v", err)
	kind, err := me.JSON200.Discriminator()
	check(err == nil && kind == "member", "%s calls, want member", kind)

	form, err := member.GetRequestFormWithResponse(ctx, "me", &care.GetRequestFormParams{})
	check(err == nil && form.JSON200 != nil && len(form.JSON200.Reasons) > 0, "the form: %v", err)
	asked, err := member.RequestChatWithResponse(ctx, "me", &care.RequestChatParams{IdempotencyKey: key},
		care.ChatRequestNew{ProgramId: "diabetes", ReasonId: form.JSON200.Reasons[0].Id, Comment: "My feet tingle."})
	check(err == nil && asked.JSON201 != nil, "asking: %v %s", err, asked.Body)
}

func changeTheReason(member *care.ClientWithResponses) care.ChatRequest {
	chats, err := member.GetChatsWithResponse(ctx, "me", &care.GetChatsParams{})
	check(err == nil && chats.JSON200 != nil && len(chats.JSON200.Requests) == 1, "chats: %v", err)
	chat := chats.JSON200.Requests[0]
	etag := chats.HTTPResponse.Header.Get("ETag")
	again, err := member.GetChatsWithResponse(ctx, "me", &care.GetChatsParams{IfNoneMatch: &etag})
	check(err == nil && again.StatusCode() == 304, "polling again: %v %d", err, again.StatusCode())

	version := fmt.Sprintf("%q", fmt.Sprint(chat.Version))
	changed, err := member.ChangeReasonWithResponse(ctx, "me", chat.Id,
		&care.ChangeReasonParams{IfMatch: &version}, care.ReasonChange{ReasonId: "medication"})
	check(err == nil && changed.JSON200 != nil && changed.JSON200.Reason.Id == "medication", "changing: %v", err)
	return *changed.JSON200
}

func answer(careManager *care.ClientWithResponses, chat care.ChatRequest) {
	check(eventually(func() bool {
		tasks, err := careManager.ListTasksWithResponse(ctx, &care.ListTasksParams{})
		check(err == nil && tasks.JSON200 != nil, "tasks: %v", err)
		for _, task := range tasks.JSON200.Items {
			if task.Id == chat.Id {
				return true
			}
		}
		return false
	}), "the task is not listed")
	started, err := careManager.StartThreadWithResponse(ctx, "ana",
		care.FirstMessage{ProgramId: "diabetes", ClientMessageId: key, Text: "Hello Ana"})
	check(err == nil && started.JSON201 != nil, "the first message: %v", err)
}

func reply(member *care.ClientWithResponses) {
	chats, err := member.GetChatsWithResponse(ctx, "me", &care.GetChatsParams{})
	check(err == nil && chats.JSON200 != nil && chats.JSON200.Unread.HasUnread, "the dot: %v", err)
	thread := chats.JSON200.Threads[0]
	page, err := member.ListMessagesWithResponse(ctx, "me", thread.Id, &care.ListMessagesParams{})
	check(err == nil && page.JSON200 != nil && len(page.JSON200.Items) > 0, "messages: %v", err)
	read, err := member.MarkReadWithResponse(ctx, "me", thread.Id, care.ReadUpTo{Seq: page.JSON200.LastSeq})
	check(err == nil && read.JSON200 != nil && read.JSON200.UnreadCount == 0, "reading: %v", err)
	sent, err := member.SendMessageWithResponse(ctx, "me", thread.Id, care.NewMessage{ClientMessageId: key, Text: "Thank you"})
	check(err == nil && sent.JSON201 != nil && sent.JSON201.Author.IsMe, "replying: %v", err)
}

func closeIt(careManager *care.ClientWithResponses, chat care.ChatRequest) {
	closed, err := careManager.CloseChatRequestWithResponse(ctx, "ana", chat.Id,
		&care.CloseChatRequestParams{}, care.Closing{Outcome: "answered"})
	check(err == nil && closed.JSON200 != nil && *closed.JSON200.Outcome == "answered", "closing: %v", err)
}

func cancelTooLate(member *care.ClientWithResponses, chat care.ChatRequest) {
	late, err := member.CancelChatRequestWithResponse(ctx, "me", chat.Id, &care.CancelChatRequestParams{}, care.EmptyBody{})
	check(err == nil && late.ApplicationproblemJSON409 != nil, "cancelling too late: %v %d", err, late.StatusCode())
	current, err := late.ApplicationproblemJSON409.Current.AsChatRequest()
	check(err == nil && late.ApplicationproblemJSON409.Code == "request-closed" && current.State == "closed", "the problem: %v", err)
}

// eventually tries for ten seconds: a list of work may trail a moment.
func eventually(try func() bool) bool {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if try() {
			return true
		}
	}
	return false
}

func check(ok bool, format string, args ...any) {
	if !ok {
		log.Fatalf(format, args...)
	}
}
