package main

import (
	"cmp"
	"context"
	"time"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
)

type handlers struct{ chat *chat.Service }

func (h handlers) me(ctx context.Context, c chat.Caller, _ api.Nothing) (apigw.Answer, error) {
	me, err := h.chat.Me(ctx, c)
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewMe(me)}, nil
}

func (h handlers) chats(ctx context.Context, c chat.Caller, in api.MemberRef) (apigw.Answer, error) {
	chats, err := h.chat.Chats(ctx, c, in.MemberID)
	if err != nil {
		return apigw.Answer{}, err
	}
	poll := h.soonest(c, chats.Threads)
	if len(chats.Requests) > 0 {
		poll = min(poll, 10*time.Second) // somebody waits for an answer
	}
	return apigw.Answer{Status: 200, Body: api.NewChats(c, chats), Poll: poll}, nil
}

func (h handlers) unread(ctx context.Context, c chat.Caller, in api.MemberRef) (apigw.Answer, error) {
	unread, threads, err := h.chat.Unread(ctx, c, in.MemberID)
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewUnread(unread), Poll: h.soonest(c, threads)}, nil
}

// soonest is when a screen of several threads should look again (A7).
func (h handlers) soonest(c chat.Caller, threads []chat.Reached) time.Duration {
	poll := 30 * time.Second
	for _, t := range threads {
		poll = min(poll, t.PollAfter(c.Kind, h.chat.Now()))
	}
	return poll
}

func (h handlers) requestForm(ctx context.Context, c chat.Caller, in api.FormQuery) (apigw.Answer, error) {
	form, err := h.chat.RequestForm(ctx, c, in.MemberID, in.ProgramID)
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewForm(form)}, nil
}

func (h handlers) request(ctx context.Context, c chat.Caller, in api.RequestRef) (apigw.Answer, error) {
	r, err := h.chat.Request(ctx, c, in.MemberID, in.RequestID)
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewRequest(c, r), Version: r.Version}, nil
}

func (h handlers) threads(ctx context.Context, c chat.Caller, in api.ThreadsQuery) (apigw.Answer, error) {
	state := chat.ThreadState(cmp.Or(in.State, string(chat.ThreadActive)))
	threads, err := h.chat.Threads(ctx, c, in.MemberID, state)
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewThreads(c, threads), Poll: h.soonest(c, threads)}, nil
}

// defaultLimit is how many messages a page has unless asked otherwise.
const defaultLimit = 50

func (h handlers) messages(ctx context.Context, c chat.Caller, in api.MessagesQuery) (apigw.Answer, error) {
	page := chat.Page{After: in.After, Before: in.Before, Limit: defaultLimit}
	if in.Limit != nil {
		page.Limit = *in.Limit
	}
	messages, err := h.chat.Messages(ctx, c, in.MemberID, in.ThreadID, page)
	if err != nil {
		return apigw.Answer{}, err
	}
	poll := messages.Thread.PollAfter(c.Kind, h.chat.Now())
	return apigw.Answer{Status: 200, Body: api.NewMessagePage(c, messages), Poll: poll}, nil
}
