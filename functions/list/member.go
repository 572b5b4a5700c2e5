package main

import (
	"cmp"
	"context"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
)

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
	poll := pollThreads(chats.Threads, c.Kind, h.chat.Now())
	if len(chats.Requests) > 0 {
		poll = min(poll, pollLater) // somebody waits for an answer
	}
	return apigw.Answer{Status: 200, Body: api.NewChats(c, chats, h.chat.Now()), Poll: poll}, nil
}

func (h handlers) unread(ctx context.Context, c chat.Caller, in api.MemberRef) (apigw.Answer, error) {
	unread, threads, err := h.chat.Unread(ctx, c, in.MemberID)
	if err != nil {
		return apigw.Answer{}, err
	}
	poll := pollThreads(threads, c.Kind, h.chat.Now())
	return apigw.Answer{Status: 200, Body: api.NewUnread(unread), Poll: poll}, nil
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
	return apigw.Answer{Status: 200, Body: api.NewRequest(c, r, h.chat.Now()), Version: r.Version}, nil
}

func (h handlers) threads(ctx context.Context, c chat.Caller, in api.ThreadsQuery) (apigw.Answer, error) {
	state := chat.ThreadState(cmp.Or(in.State, string(chat.ThreadActive)))
	threads, err := h.chat.Threads(ctx, c, in.MemberID, state)
	if err != nil {
		return apigw.Answer{}, err
	}
	poll := pollThreads(threads, c.Kind, h.chat.Now())
	return apigw.Answer{Status: 200, Body: api.NewThreads(c, threads, h.chat.Now()), Poll: poll}, nil
}

// defaultLimit is how many messages a page has if no limit is given.
const defaultLimit = 50

func (h handlers) messages(ctx context.Context, c chat.Caller, in api.MessagesQuery) (apigw.Answer, error) {
	query := chat.MessageQuery{After: in.After, Before: in.Before, Limit: defaultLimit}
	if in.Limit != nil {
		query.Limit = *in.Limit
	}
	messages, err := h.chat.Messages(ctx, c, in.MemberID, in.ThreadID, query)
	if err != nil {
		return apigw.Answer{}, err
	}
	poll := pollThread(messages.Thread.Thread, c.Kind, h.chat.Now())
	return apigw.Answer{Status: 200, Body: api.NewMessagePage(c, messages, h.chat.Now()), Poll: poll}, nil
}
