// Command preferences keeps how members want to be notified, and pauses the notices
// of an enrollment.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/sns"
	"carechat/shared/table"
)

// patience is how long a member waits for SNS; without its answer they are shown what
// was last seen.
const patience = 2 * time.Second

func main() {
	t := table.Open()
	mail := sns.Open(patience).Mail("")
	lambda.Start(function(&chat.PreferenceService{Store: t, Now: chat.Clock, Confirmed: mail.Confirmed}, auth.Open(t).Caller))
}

func function(s *chat.PreferenceService, authenticate func(context.Context, string, bool) (chat.Caller, error)) *apigw.Function[chat.Caller] {
	h := handlers{s}
	return &apigw.Function[chat.Caller]{
		Name: "preferences", Authenticate: authenticate, Describe: api.Describe(chat.Clock), Meter: table.Meter,
		Routes: apigw.Routes[chat.Caller]{
			"GET /v1/members/{memberId}/preferences":                   apigw.Handle(h.preferences),
			"PUT /v1/members/{memberId}/preferences":                   apigw.Handle(h.putPreferences),
			"PUT /v1/members/{memberId}/enrollments/{programId}/pause": apigw.Handle(h.pause),
		},
	}
}

type handlers struct{ chat *chat.PreferenceService }

func (h handlers) preferences(ctx context.Context, c chat.Caller, in api.MemberRef) (apigw.Answer, error) {
	channels, err := h.chat.Preferences(ctx, c, in.MemberID)
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewPreferencesFor(c, channels)}, nil
}

func (h handlers) putPreferences(ctx context.Context, c chat.Caller, in api.PreferencesPut) (apigw.Answer, error) {
	channels, err := h.chat.PutPreferences(ctx, c, in.MemberID, in.Put())
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.NewSavedPreferences(channels)}, nil
}

func (h handlers) pause(ctx context.Context, c chat.Caller, in api.PausePut) (apigw.Answer, error) {
	paused, err := h.chat.Pause(ctx, c, in.MemberID, in.ProgramID, in.Paused)
	if err != nil {
		return apigw.Answer{}, err
	}
	return apigw.Answer{Status: 200, Body: api.Pause{Paused: paused}}, nil
}
