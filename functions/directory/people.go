package main

import (
	"context"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
)

func (h handlers) careManager(ctx context.Context, c chat.Caller, in api.EntryRef) (apigw.Answer, error) {
	m, err := h.directory.CareManager(ctx, c, in.ID)
	return found(err, m.Version, api.NewCareManager(m))
}

func (h handlers) putCareManager(ctx context.Context, c chat.Caller, in api.CareManagerPut) (apigw.Answer, error) {
	s, err := h.directory.PutCareManager(ctx, c, in.Put())
	return stored(err, s.Created, s.Entry.Version, api.NewCareManager(s.Entry))
}

func (h handlers) member(ctx context.Context, c chat.Caller, in api.MemberRef) (apigw.Answer, error) {
	p, err := h.directory.Member(ctx, c, in.MemberID)
	return found(err, p.Version, api.NewMember(p))
}

func (h handlers) putMember(ctx context.Context, c chat.Caller, in api.MemberPut) (apigw.Answer, error) {
	s, err := h.directory.PutMember(ctx, c, in.Put())
	return stored(err, s.Created, s.Entry.Version, api.NewMember(s.Entry))
}

func (h handlers) enrollment(ctx context.Context, c chat.Caller, in api.EnrollmentRef) (apigw.Answer, error) {
	e, err := h.directory.Enrollment(ctx, c, in.MemberID, in.ProgramID)
	return found(err, e.Version, api.NewEnrollment(e))
}

func (h handlers) putEnrollment(ctx context.Context, c chat.Caller, in api.EnrollmentPut) (apigw.Answer, error) {
	s, err := h.directory.PutEnrollment(ctx, c, in.MemberID, in.ProgramID, in.Put())
	return stored(err, s.Created, s.Entry.Version, api.NewEnrollment(s.Entry))
}
