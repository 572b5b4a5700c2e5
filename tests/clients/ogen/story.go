//go:build ignore

// The story of one request, told by the client that ogen generates.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"clients/care"
)

var (
	ctx = context.Background()
	key = care.ClientKey(fmt.Sprintf("ogen-client-%d", time.Now().UnixNano()))
)

// token is a caller's, from an environment variable of that name.
type token string

// Bearer implements care.SecuritySource.
func (t token) Bearer(context.Context, care.OperationName) (care.Bearer, error) {
	return care.Bearer{Token: os.Getenv(string(t))}, nil
}

func main() {
	member := must(care.NewClient(os.Getenv("API"), token("MEMBER_TOKEN")))
	careManager := must(care.NewClient(os.Getenv("API"), token("CARE_MANAGER_TOKEN")))
	askForAChat(member)
	chat := changeTheReason(member)
	answer(careManager, chat)
	reply(member)
	closeIt(careManager, chat)
	cancelTooLate(member, chat)
	fmt.Println("the story is told")
}

func askForAChat(member *care.Client) {
	me := as[*care.MeHeaders](must(member.GetMe(ctx))).Response
	check(me.Type == care.MeMemberMe, "%s calls, want a member", me.Type)
	form := as[*care.RequestFormHeaders](must(member.GetRequestForm(ctx, care.GetRequestFormParams{MemberId: "me"}))).Response
	as[*care.ChatRequestHeaders](must(member.RequestChat(ctx,
		&care.ChatRequestNew{ProgramId: "diabetes", ReasonId: form.Reasons[0].ID, Comment: "My feet tingle."},
		care.RequestChatParams{MemberId: "me", IdempotencyKey: key})))
}

func changeTheReason(member *care.Client) care.ChatRequest {
	chats := as[*care.ChatsHeaders](must(member.GetChats(ctx, care.GetChatsParams{MemberId: "me"})))
	check(len(chats.Response.Requests) == 1, "%d open requests, want 1", len(chats.Response.Requests))
	as[*care.NotModified](must(member.GetChats(ctx, care.GetChatsParams{MemberId: "me", IfNoneMatch: care.NewOptString(chats.ETag)})))
	chat := chats.Response.Requests[0]
	changed := as[*care.GetChatRequestOKHeaders](must(member.ChangeReason(ctx, &care.ReasonChange{ReasonId: "medication"}, care.ChangeReasonParams{
		MemberId: "me", RequestId: chat.ID, IfMatch: care.NewOptString(fmt.Sprintf(`"%d"`, chat.Version)),
	}))).Response
	check(changed.Reason.ID == "medication", "the reason is %s", changed.Reason.ID)
	return changed
}

func answer(careManager *care.Client, chat care.ChatRequest) {
	for tries := 0; !listed(careManager, chat); tries++ { // a list of work may trail a moment
		check(tries < 1000, "the task is not listed")
	}
	as[*care.ChatThreadStartHeaders](must(careManager.StartThread(ctx,
		&care.FirstMessage{ProgramId: "diabetes", ClientMessageId: key, Text: "Hello Ana"}, care.StartThreadParams{MemberId: "ana"})))
}

func listed(careManager *care.Client, chat care.ChatRequest) bool {
	for _, task := range as[*care.ChatTaskListHeaders](must(careManager.ListTasks(ctx, care.ListTasksParams{}))).Response.Items {
		if task.ID == chat.ID {
			return true
		}
	}
	return false
}

func reply(member *care.Client) {
	chats := as[*care.ChatsHeaders](must(member.GetChats(ctx, care.GetChatsParams{MemberId: "me"}))).Response
	check(chats.Unread.HasUnread, "there is no dot")
	thread := chats.Threads[0].ID
	page := as[*care.ChatMessagePageHeaders](must(member.ListMessages(ctx, care.ListMessagesParams{MemberId: "me", ThreadId: thread}))).Response
	read := as[*care.ReadStateHeaders](must(member.MarkRead(ctx, &care.ReadUpTo{Seq: care.NaturalNumber(page.LastSeq)},
		care.MarkReadParams{MemberId: "me", ThreadId: thread}))).Response
	check(read.UnreadCount == 0, "%d are unread", read.UnreadCount)
	sent := as[*care.ChatMessageHeaders](must(member.SendMessage(ctx, &care.NewMessage{ClientMessageId: key, Text: "Thank you"},
		care.SendMessageParams{MemberId: "me", ThreadId: thread}))).Response
	check(sent.Author.IsMe, "the message is somebody else's")
}

func closeIt(careManager *care.Client, chat care.ChatRequest) {
	closed := as[*care.GetChatRequestOKHeaders](must(careManager.CloseChatRequest(ctx, &care.Closing{Outcome: "answered"},
		care.CloseChatRequestParams{MemberId: "ana", RequestId: chat.ID}))).Response
	check(closed.Outcome.Value == "answered", "the outcome is %s", closed.Outcome.Value)
}

func cancelTooLate(member *care.Client, chat care.ChatRequest) {
	late := as[*care.CancelConflictHeaders](must(member.CancelChatRequest(ctx, &care.EmptyBody{},
		care.CancelChatRequestParams{MemberId: "me", RequestId: chat.ID}))).Response
	current, ok := late.Current.Value.GetChatRequest()
	check(ok && late.Code == "request-closed" && current.State == care.ChatRequestStateClosed, "the problem is %s", late.Code)
}

// as is an answer of the kind that the story wants.
func as[T any](answer any) T {
	wanted, ok := answer.(T)
	check(ok, "got a %T, want a %T", answer, wanted)
	return wanted
}

func must[T any](value T, err error) T {
	check(err == nil, "%v", err)
	return value
}

func check(ok bool, format string, args ...any) {
	if !ok {
		log.Fatalf(format, args...)
	}
}
