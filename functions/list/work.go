package main

import (
	"context"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
)

func (h handlers) tasks(ctx context.Context, c chat.Caller, in api.WorkQuery) (apigw.Answer, error) {
	scope := workScope(c, "tasks", in)
	after, err := apigw.Position(in.Cursor, scope...)
	if err != nil {
		return apigw.Answer{}, err
	}
	page, err := h.chat.Tasks(ctx, c, workQuery(in, after))
	if err != nil {
		return apigw.Answer{}, err
	}
	now := h.chat.Now()
	body := api.NewTasks(c, page, now, apigw.Cursor(page.Next, scope...))
	return apigw.Answer{Status: 200, Body: body, Poll: pollTasks(page.Items, now)}, nil
}

func (h handlers) caseload(ctx context.Context, c chat.Caller, in api.WorkQuery) (apigw.Answer, error) {
	scope := workScope(c, "caseload", in)
	after, err := apigw.Position(in.Cursor, scope...)
	if err != nil {
		return apigw.Answer{}, err
	}
	page, err := h.chat.Caseload(ctx, c, workQuery(in, after))
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewCaseload(page, apigw.Cursor(page.Next, scope...))}, nil
}

// workScope returns what names a list of work that a cursor belongs to (A7).
func workScope(c chat.Caller, list string, in api.WorkQuery) []string {
	scope := append(caller(c), list, in.Scope, in.CareManagerID, in.DepartmentID)
	if in.Unattended != "" {
		scope = append(scope, "unattended")
	}
	return scope
}

func workQuery(in api.WorkQuery, after string) chat.WorkQuery {
	return chat.WorkQuery{
		Scope: chat.Scope(in.Scope), CareManagerID: in.CareManagerID, DepartmentID: in.DepartmentID, Unattended: in.Unattended,
		After: after,
	}
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
	body := api.NewInbox(c, inbox, h.chat.Now(), apigw.Cursor(inbox.Next, scope...))
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
