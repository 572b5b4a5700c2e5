package api

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/directory"
)

// What is PUT comes back as it was given, including what is empty.
func TestAnOrganizationComesBackAsItWasPut(t *testing.T) {
	n := 7
	given := Organization{
		Name: "Harbor Care", ShortName: "Harbor", Languages: []string{"en"}, TimeZone: "UTC", RequestIntro: chat.Labels{"en": "Hello"},
		Emergency: chat.Labels{"en": "911"}, Countries: []string{"US"}, Outcomes: []Outcome{{"answered", chat.Labels{"en": "Answered"}}},
		Links: Links{&n, "https://care.example.org"}, Sessions: Sessions{&n, &n},
		Notices:  Notices{DelaySeconds: &n, ReminderHours: &n, QuietHours: &Hours{"21:00", "09:00"}, TextsPerDay: &n, MinutesBetweenTexts: &n},
		Calendar: Calendar{map[string]Hours{"mon": {"09:00", "17:00"}}, []string{"2026-12-25"}, &n},
	}
	bare := given
	bare.Notices.QuietHours, bare.Calendar = nil, Calendar{map[string]Hours{}, []string{}, &n}
	for _, in := range []Organization{given, bare} {
		put := OrganizationPut{Organization: in}.Put()
		if diff := cmp.Diff(in, NewOrganization(put.Entry)); diff != "" || put.Missing != nil {
			t.Errorf("%s, missing %v", diff, put.Missing)
		}
	}
	given.Calendar = Calendar{ReplyHours: &n}
	if put := (OrganizationPut{Organization: given}).Put(); len(put.Missing) != 2 {
		t.Errorf("missing of a calendar: %v", put.Missing)
	}
	if o, missing := (OrganizationNew{ID: "harbor", Organization: bare}).Settings(); o.ID != "harbor" || o.Name != bare.Name || missing != nil {
		t.Errorf("the operator's: %+v, missing %v", o, missing)
	}
}

// G9: the care side sees who owns a thread and who waits; a member sees neither.
func TestOnlyTheCareSideSeesWhoWaits(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	owner := chat.Owner{Kind: chat.OwnedByCareManager, ID: "cm-rivera", Name: "Sam Rivera"}
	view := chat.ThreadView{Thread: chat.Thread{Ownership: chat.Ownership{Owner: owner}, WaitingSince: now, UnreadByMemberSince: now}}
	if out := NewThread(chat.Caller{Kind: chat.Member}, view, now); out.Owner != nil || !out.WaitingSince.IsZero() || !out.UnreadByMemberSince.IsZero() {
		t.Errorf("a member sees %+v", out)
	}
	if out := NewThread(chat.Caller{Kind: chat.CareManager}, view, now); out.Owner == nil || out.Owner.ID != "cm-rivera" || out.WaitingSince.IsZero() {
		t.Errorf("a care manager sees %+v", out)
	}
}

// A2: the client's id of a message is its author's.
func TestOnlyTheAuthorSeesTheClientsID(t *testing.T) {
	m := chat.Message{Role: chat.Member, Author: chat.Ref{ID: "ana"}, ClientMessageID: "client"}
	for _, c := range []struct {
		who  chat.Caller
		want string
	}{{chat.Caller{Kind: chat.Member, ID: "ana"}, "client"}, {chat.Caller{Kind: chat.CareManager, ID: "ana"}, ""}, {chat.Caller{Kind: chat.Member, ID: "ben"}, ""}} {
		if got := NewMessage(c.who, m).ClientMessageID; got != c.want {
			t.Errorf("%s %s sees %q", c.who.Kind, c.who.ID, got)
		}
	}
}

// S6: an export names the thread of each message, and has no key or secret.
func TestAnExportNamesThreadsAndOpensNothing(t *testing.T) {
	got := Exported([]directory.Row{
		{Kind: "message", ID: "msg_1", Thread: "thr_1", Values: map[string]any{"text": "hello", "draftKey": "secret"}},
		{Kind: "notice", ID: "ntc_1", Values: map[string]any{"kind": "link"}},
		{ID: "of the system"},
	}, "next")
	want := RowsPage{After: "next", Rows: []map[string]any{
		{"kind": "message", "id": "msg_1", "threadId": "thr_1", "text": "hello"}, {"kind": "notice", "id": "ntc_1", "noticeKind": "link"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestThePathsOfTheAPIKnowTheirMethods(t *testing.T) {
	for path, want := range map[string][]string{
		"/v1/organization": {"GET", "PUT"}, "/v1/members/ana/preferences": {"GET", "PUT"}, "/v1/members//preferences": nil, "/v1": nil,
	} {
		if diff := cmp.Diff(want, Methods(path)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}
