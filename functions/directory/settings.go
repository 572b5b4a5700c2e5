package main

import (
	"context"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
)

// found answers a GET of one entry with its version.
func found(err error, version int, body any) (apigw.Answer, error) {
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: body, Version: version}, nil
}

// stored answers a PUT: 201 when it made the entry.
func stored(err error, created bool, version int, body any) (apigw.Answer, error) {
	answer, err := found(err, version, body)
	if err == nil && created {
		answer.Status = 201
	}
	return answer, err
}

func (h handlers) organization(ctx context.Context, c chat.Caller, _ api.Nothing) (apigw.Answer, error) {
	o, err := h.directory.Settings(ctx, c)
	return found(err, o.Version, api.NewOrganization(o))
}

func (h handlers) putOrganization(ctx context.Context, c chat.Caller, in api.OrganizationPut) (apigw.Answer, error) {
	s, err := h.directory.PutSettings(ctx, c, in.Put())
	return stored(err, s.Created, s.Entry.Version, api.NewOrganization(s.Entry))
}

func (h handlers) program(ctx context.Context, c chat.Caller, in api.EntryRef) (apigw.Answer, error) {
	p, err := h.directory.Program(ctx, c, in.ID)
	return found(err, p.Version, api.NewProgram(p))
}

func (h handlers) putProgram(ctx context.Context, c chat.Caller, in api.ProgramPut) (apigw.Answer, error) {
	s, err := h.directory.PutProgram(ctx, c, in.Put())
	return stored(err, s.Created, s.Entry.Version, api.NewProgram(s.Entry))
}

func (h handlers) reason(ctx context.Context, c chat.Caller, in api.EntryRef) (apigw.Answer, error) {
	r, err := h.directory.Reason(ctx, c, in.ID)
	return found(err, r.Version, api.NewReason(r))
}

func (h handlers) putReason(ctx context.Context, c chat.Caller, in api.ReasonPut) (apigw.Answer, error) {
	s, err := h.directory.PutReason(ctx, c, in.Put())
	return stored(err, s.Created, s.Entry.Version, api.NewReason(s.Entry))
}

func (h handlers) department(ctx context.Context, c chat.Caller, in api.EntryRef) (apigw.Answer, error) {
	d, err := h.directory.Department(ctx, c, in.ID)
	return found(err, d.Version, api.NewDepartment(d))
}

func (h handlers) putDepartment(ctx context.Context, c chat.Caller, in api.DepartmentPut) (apigw.Answer, error) {
	s, err := h.directory.PutDepartment(ctx, c, in.Put())
	return stored(err, s.Created, s.Entry.Version, api.NewDepartment(s.Entry))
}
