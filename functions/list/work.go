package main

import (
	"context"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
)

func (h handlers) tasks(ctx context.Context, c chat.Caller, in api.TasksQuery) (apigw.Answer, error) {
	scope := append(caller(c), "tasks", in.Scope, in.CareManagerID, in.DepartmentID)
	after, err := apigw.Position(in.Cursor, scope...)
	if err != nil {
		return apigw.Answer{}, err
	}
	page, err := h.chat.Tasks(ctx, c, chat.TaskQuery{
		Scope: chat.Scope(in.Scope), CareManagerID: in.CareManagerID, DepartmentID: in.DepartmentID, After: after,
	})
	if err != nil {
		return apigw.Answer{}, err
	}
	now := h.chat.Now()
	body := api.NewTasks(page, api.Time{Time: now}, apigw.Cursor(page.Next, scope...))
	return apigw.Answer{Status: 200, Body: body, Poll: pollTasks(page.Items, now)}, nil
}

func (h handlers) inbox(ctx context.Context, c chat.Caller, in api.InboxQuery) (apigw.Answer, error) {
	scope := append(caller(c), "inbox", in.List)
	after, err := apigw.Position(in.Cursor, scope...)
	if err != nil {
		return apigw.Answer{}, err
	}
	inbox, err := h.chat.Inbox(ctx, c, chat.InboxList(in.List), after)
	if err != nil {
		return apigw.Answer{}, err
	}
	body := api.NewInbox(c, inbox, apigw.Cursor(inbox.Next, scope...))
	poll := min(pollLater, pollThreads(inbox.Items, c.Kind, h.chat.Now()))
	return apigw.Answer{Status: 200, Body: body, Poll: poll}, nil
}

func (h handlers) notices(ctx context.Context, c chat.Caller, in api.NoticesQuery) (apigw.Answer, error) {
	scope := append(caller(c), "notices", in.MemberID)
	before, err := apigw.Position(in.Cursor, scope...)
	if err != nil {
		return apigw.Answer{}, err
	}
	page, err := h.chat.Notices(ctx, c, in.MemberID, before)
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewNotices(page, apigw.Cursor(page.Next, scope...))}, nil
}

// caller returns what names whom a cursor belongs to (A7).
func caller(c chat.Caller) []string { return []string{string(c.Kind), c.Organization, c.ID} }
