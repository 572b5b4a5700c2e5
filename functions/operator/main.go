// Command operator makes organizations and sets which issuers are theirs, and reads
// everything of a member, for the member or for support. It has no route: whoever may
// invoke it is the operator (S6).
package main

import (
	"context"
	"errors"
	_ "time/tzdata" // to check time zones; a Lambda has no list of its own

	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/problem"
	"carechat/shared/table"
)

func main() {
	t := table.Open()
	h := handlers{&directory.OperatorService{Store: t}}
	lambda.Start(&apigw.Direct[api.Command]{Name: "operator", Handle: h.run, Meter: table.Meter})
}

type handlers struct{ directory *directory.OperatorService }

// run executes the one command that was given.
func (h handlers) run(ctx context.Context, in api.Command) (any, error) {
	switch {
	case in.PutOrganization != nil && in.ExportMember == nil && in.ReadTable == nil:
		return h.putOrganization(ctx, in.PutOrganization)
	case in.ExportMember != nil && in.PutOrganization == nil && in.ReadTable == nil:
		return h.rows(ctx, "/exportMember", in.ExportMember, api.Exported)
	case in.ReadTable != nil && in.PutOrganization == nil && in.ExportMember == nil:
		return h.rows(ctx, "/readTable", in.ReadTable, api.Supported)
	}
	return nil, problem.WithField("", "required", "name one command: putOrganization, exportMember or readTable")
}

func (h handlers) putOrganization(ctx context.Context, in *api.OrganizationNew) (any, error) {
	o, missing := in.Settings()
	stored, err := h.directory.Provision(ctx, o, missing)
	if err != nil {
		return nil, below("/putOrganization", err)
	}
	return api.Provisioned{Organization: api.OrganizationVersion{ID: o.ID, Version: stored.Entry.Version}}, nil
}

// rows returns a page of a member's rows in the shape for whoever asked.
func (h handlers) rows(ctx context.Context, pointer string, in *api.MemberRows, shape func([]directory.Row, string) api.RowsPage) (any, error) {
	rows, after, err := h.directory.MemberRows(ctx, chat.MemberKey{Organization: in.Organization, Member: in.Member}, in.After)
	if err != nil {
		return nil, below(pointer, err)
	}
	return shape(rows, after), nil
}

// below returns err with its pointers, which are into the command's own value, made
// pointers into the whole input.
func below(pointer string, err error) error {
	var p *problem.Problem
	if !errors.As(err, &p) {
		return err
	}
	moved := *p
	moved.Fields = nil
	for _, f := range p.Fields {
		moved.Fields = append(moved.Fields, problem.Field{Pointer: pointer + f.Pointer, Code: f.Code, Detail: f.Detail})
	}
	return &moved
}
