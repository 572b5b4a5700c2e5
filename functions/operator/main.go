// Command operator makes organizations and sets which issuers are theirs; it reads
// everything of a member, for the member or for support; it holds, erases and forgets
// (T14); and it checks the whole table. It has no route: whoever may invoke it is the operator (S6).
package main

import (
	"context"
	"errors"
	"reflect"
	_ "time/tzdata" // to check time zones; a Lambda has no list of its own

	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/invariants"
	"carechat/shared/problem"
	"carechat/shared/table"
)

func main() {
	t := table.Open()
	h := handlers{&directory.OperatorService{Store: t, Now: chat.Clock}, invariants.Table{Reader: table.Whole{Table: t, Rows: pageRows, Chunk: chunkRows}, Settle: settle}}
	lambda.Start(&apigw.Direct[api.Command]{Name: "operator", Handle: h.run, Meter: table.Meter})
}

type handlers struct {
	directory *directory.OperatorService
	whole     invariants.Table
}

// run executes the one command that was given.
func (h handlers) run(ctx context.Context, in api.Command) (any, error) {
	if n := given(in); n != 1 {
		return nil, problem.WithField("", "required", "name one command: putOrganization, exportMember, readTable, hold, release, eraseMember, retain or checkTable")
	}
	switch {
	case in.PutOrganization != nil:
		return h.putOrganization(ctx, in.PutOrganization)
	case in.ExportMember != nil:
		return h.rows(ctx, "/exportMember", in.ExportMember, api.Exported)
	case in.ReadTable != nil:
		return h.rows(ctx, "/readTable", in.ReadTable, api.Supported)
	case in.Hold != nil:
		return kept("/hold")(h.directory.Hold(ctx, in.Hold.Key(), true))
	case in.Release != nil:
		return kept("/release")(h.directory.Hold(ctx, in.Release.Key(), false))
	case in.EraseMember != nil:
		return kept("/eraseMember")(h.directory.EraseMember(ctx, in.EraseMember.Key()))
	case in.CheckTable != nil:
		return h.checkTable(ctx, in.CheckTable.After)
	}
	r, err := h.directory.Retain(ctx, in.Retain.Organization, in.Retain.Years, in.Retain.After)
	if err != nil {
		return nil, below("/retain", err)
	}
	return api.RetainedPage(r), nil
}

// given returns how many commands an input names.
func given(in api.Command) (n int) {
	for _, command := range reflect.ValueOf(in).Fields() {
		if !command.IsNil() {
			n++
		}
	}
	return n
}

// kept returns what makes the answer to a command of one member.
func kept(pointer string) func(chat.Profile, error) (any, error) {
	return func(p chat.Profile, err error) (any, error) {
		if err != nil {
			return nil, below(pointer, err)
		}
		return api.Kept(p), nil
	}
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
	rows, after, err := h.directory.MemberRows(ctx, in.Key(), in.After)
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
