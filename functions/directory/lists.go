package main

import (
	"context"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/shared/directory"
)

// entries lists the organization's entries of a kind.
func (h handlers) entries(kind directory.EntryKind) apigw.Endpoint[chat.Caller] {
	return apigw.Handle(func(ctx context.Context, c chat.Caller, in api.EntriesQuery) (apigw.Answer, error) {
		return listed(c, in.Cursor, []string{string(kind)}, func(after string) (chat.ListPage[directory.Listed], error) {
			return h.directory.Entries(ctx, c, kind, after)
		})
	})
}

func (h handlers) members(ctx context.Context, c chat.Caller, in api.MembersQuery) (apigw.Answer, error) {
	return listed(c, in.Cursor, []string{"members", in.UpdatedSince}, func(after string) (chat.ListPage[directory.Listed], error) {
		return h.directory.Members(ctx, c, in.UpdatedSince, after)
	})
}

func (h handlers) enrollments(ctx context.Context, c chat.Caller, in api.EnrollmentsQuery) (apigw.Answer, error) {
	return listed(c, in.Cursor, []string{"enrollments", in.MemberID}, func(after string) (chat.ListPage[directory.Listed], error) {
		return h.directory.Enrollments(ctx, c, in.MemberID, after)
	})
}

// listed answers with the page of a list that a cursor asks for. The cursor is the
// caller's and the list's (A7).
func listed(c chat.Caller, cursor string, list []string, read func(after string) (chat.ListPage[directory.Listed], error)) (apigw.Answer, error) {
	scope := append([]string{string(c.Kind), c.Organization, c.ID}, list...)
	after, err := apigw.Position(cursor, scope...)
	if err != nil {
		return apigw.Answer{}, err
	}
	page, err := read(after)
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewListedEntries(page, apigw.Cursor(page.Next, scope...))}, nil
}
