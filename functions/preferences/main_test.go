package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/tests/support/event"
)

var now = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// rows is a table that has one member, in one program.
type rows struct {
	chat.PreferenceStore
	channels   chat.MemberChannels
	enrollment chat.Enrollment
}

func (r *rows) MemberChannels(context.Context, chat.MemberKey) (*chat.MemberChannels, error) {
	channels := r.channels
	return &channels, nil
}

func (r *rows) SavePreferences(_ context.Context, _ chat.MemberKey, p chat.Preferences, _ *chat.Mailbox) error {
	r.channels.Preferences = p
	return nil
}

func (r *rows) MemberChats(context.Context, chat.MemberKey) (chat.MemberChats, error) {
	return chat.MemberChats{Enrollments: []chat.Enrollment{r.enrollment}}, nil
}

func (r *rows) SaveEnrolled(_ context.Context, e chat.Enrolled) error {
	r.enrollment = e.Enrollment
	return nil
}

// call sends event.json for ana, changed.
func call(t *testing.T, r *rows, change func(event map[string]any)) (status int, body string) {
	t.Helper()
	ana := chat.Caller{Kind: chat.Member, Organization: "harbor", ID: "ana"}
	service := &chat.PreferenceService{Store: r, Now: func() time.Time { return now }, Confirmed: func(context.Context, string) (bool, error) { return true, nil }}
	f := function(service, func(context.Context, string, bool) (chat.Caller, error) { return ana, nil })
	f.Log = slog.New(slog.DiscardHandler)
	out, err := f.Invoke(t.Context(), event.With(t, change))
	if err != nil {
		t.Fatal(err)
	}
	a := event.AnswerOf(t, out)
	return a.StatusCode, a.Body
}

func newRows() *rows {
	return &rows{
		channels: chat.MemberChannels{
			Profile: chat.Profile{Organization: "harbor", ID: "ana", Phone: "+15550100101", Email: "ana@example.org"},
			Mailbox: chat.Mailbox{Address: "ana@example.org", Subscription: "s", SubscribedAt: now},
		},
		enrollment: chat.Enrollment{Organization: "harbor", Member: chat.Ref{ID: "ana"}, Program: chat.Ref{ID: "diabetes"}, Version: 1},
	}
}

func TestExampleEventIsAccepted(t *testing.T) {
	r := newRows()
	if status, body := call(t, r, func(map[string]any) {}); status != 200 || !strings.Contains(body, `"selected":true`) || r.channels.Preferences.QuietHours == nil {
		t.Errorf("%d %s", status, body)
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		route, body string
		status      int
		part        string // of the body
	}{
		{"GET /v1/members/{memberId}/preferences", ``, 200, `"kind":"email","selected":false,"status":"usable"`},
		{"PUT /v1/members/{memberId}/preferences", `{"channels":[]}`, 200, `"warning":"nobodyWillBeTold"`},
		{"PUT /v1/members/{memberId}/preferences", `{"channels":["email"]}`, 200, `"selected":true,"status":"usable"`},
		{"PUT /v1/members/{memberId}/preferences", `{"channels":["sms","sms"]}`, 422, `"/channels/1"`},
		{"PUT /v1/members/{memberId}/preferences", `{"channels":["pigeon"]}`, 422, `"/channels/0"`},
		{"PUT /v1/members/{memberId}/preferences", `{"quietHours":{"from":"22:00"}}`, 422, `"/quietHours/to"`},
		{"PUT /v1/members/{memberId}/preferences", `{"channels":"sms"}`, 422, `/channels`},
		{"PUT /v1/members/{memberId}/preferences", `{"channels":["sms"],"quietHours":null}`, 422, `null`},
		{"PUT /v1/members/{memberId}/enrollments/{programId}/pause", `{"paused":true}`, 200, `{"paused":true}`},
		{"PUT /v1/members/{memberId}/enrollments/{programId}/pause", `{"paused":false}`, 200, `{"paused":false}`},
		{"PUT /v1/members/{memberId}/enrollments/{programId}/pause", `{}`, 422, `"/paused"`},
		{"PUT /v1/members/{memberId}/enrollments/{programId}/pause", `{"paused":"true"}`, 422, `/paused`},
	} {
		status, body := call(t, newRows(), func(event map[string]any) {
			method, _, _ := strings.Cut(c.route, " ")
			event["routeKey"], event["body"] = c.route, c.body
			event["requestContext"].(map[string]any)["http"].(map[string]any)["method"] = method
			event["pathParameters"].(map[string]any)["programId"] = "diabetes"
		})
		if status != c.status || !strings.Contains(body, c.part) {
			t.Errorf("%s %s: %d %s", c.route, c.body, status, body)
		}
	}
}
