// Command session takes requests for a link, exchanges a link for a session, and
// ends a session.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/id"
	"carechat/shared/login"
	"carechat/shared/problem"
	"carechat/shared/table"
	"carechat/shared/wide"
)

func main() {
	t := table.Open()
	h := handlers{login.Open(t, id.New), &chat.LinkService{Store: t, Now: chat.Clock}, apigw.OpenEdge()}
	lambda.Start(function(h, auth.Open(t)))
}

func function(h handlers, v *auth.Verifier) *apigw.Function[chat.Caller] {
	return &apigw.Function[chat.Caller]{
		Name: "session", Authenticate: v.Caller, Describe: api.Describe(chat.Clock), Meter: table.Meter,
		Routes: apigw.Routes[chat.Caller]{
			"POST /v1/links":                    apigw.Public[chat.Caller](h.ask),
			"POST /v1/members/{memberId}/links": apigw.Handle(h.askFor),
			"POST /v1/sessions":                 apigw.Public[chat.Caller](h.logIn),
			"DELETE /v1/sessions/current":       apigw.Handle(h.logOut),
		},
	}
}

type handlers struct {
	login  *login.Service
	rights *chat.LinkService
	edge   apigw.Edge
}

// ask answers 202 for every contact, whether it is known or not.
func (h handlers) ask(ctx context.Context, r *apigw.Request, in api.LinkNew) (apigw.Answer, error) {
	source, err := h.admit(r)
	if err == nil {
		err = sayLimited(r, source, h.login.AskLink(ctx, in.Contact, source))
	}
	if err != nil {
		return apigw.Answer{}, err
	}
	wide.Add(ctx, "linksAsked")
	return apigw.Answer{Status: 202, Body: api.Nothing{}}, nil
}

// admit returns the caller's source address, or the problem too-many-requests if it
// calls too often.
func (h handlers) admit(r *apigw.Request) (source string, err error) {
	source = h.edge.Address(r)
	return source, sayLimited(r, source, h.login.Admit(source))
}

// sayLimited logs the source address that an error refuses, so that an operator can
// block it, and returns the error. No other line has an address.
func sayLimited(r *apigw.Request, source string, err error) error {
	if problem.Is(err, problem.TooManyRequests) {
		r.Say("sourceIp", source)
	}
	return err
}

// askFor answers 202 for every member to whom the caller may have a link sent,
// whether they have a contact or not.
func (h handlers) askFor(ctx context.Context, c chat.Caller, in api.MemberRef) (apigw.Answer, error) {
	m, err := h.rights.Recipient(ctx, c, in.MemberID)
	if err == nil {
		err = h.login.AskLinkFor(ctx, m, chat.Asker(c.Kind))
	}
	if err != nil {
		return apigw.Answer{}, err
	}
	wide.Add(ctx, "linksAsked")
	return apigw.Answer{Status: 202, Body: api.Nothing{}}, nil
}

func (h handlers) logIn(ctx context.Context, r *apigw.Request, in api.LogIn) (apigw.Answer, error) {
	if _, err := h.admit(r); err != nil {
		return apigw.Answer{}, err
	}
	if in.Link == nil {
		return apigw.Answer{}, problem.WithField("/link", "required", "must be given")
	}
	grant, err := h.login.Exchange(ctx, *in.Link, in.BirthDate)
	r.About(grant.Organization, grant.Members...)
	sayLocks(r, grant.Locks)
	if err != nil {
		return apigw.Answer{}, err
	}
	wide.Add(ctx, "logIns")
	return apigw.Answer{Status: 201, Body: api.Session{
		Token: grant.Token, ExpiresAt: api.Time{Time: grant.ExpiresAt}, Landing: api.Landing(grant.Landing),
	}}, nil
}

// sayLocks logs whose links a guess locked, and by which rule (S3). A metric counts
// these lines.
func sayLocks(r *apigw.Request, locks []chat.Notice) {
	var members []string
	for _, l := range locks {
		members = append(members, l.Key.Member)
	}
	if len(locks) > 0 {
		r.Say("lock", locks[0].Rule)
		r.Say("locked", members)
	}
}

func (h handlers) logOut(ctx context.Context, c chat.Caller, _ api.Nothing) (apigw.Answer, error) {
	return apigw.Answer{Status: 204}, h.login.LogOut(ctx, c)
}
