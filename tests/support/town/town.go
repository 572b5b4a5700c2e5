// Package town is the domain on a table of its own in a real emulator, with an
// organization in it: its staff, its programs and its reasons.
package town

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/table"
	"carechat/tests/support/localaws"
	"carechat/tests/support/usecases"
)

// Who and what is in a town.
const (
	Organization = "harbor"
	Department   = "nurses"
	Program      = "diabetes"
	Second       = "heart" // a second program
	Issuer       = "https://id.example/harbor"
)

// Platform is the organization's machine client.
var Platform = chat.Caller{Kind: chat.Platform, Organization: Organization, ID: "platform", Issuer: Issuer}

// Town is a table with an organization. Its clock stands still until it is moved.
type Town struct {
	Chat   *usecases.All
	Table  *table.Table
	Client *dynamodb.Client
	Name   string // the table's
	Now    time.Time
	ids    int
}

// New makes a town in the emulator at endpoint; gate, if given, stands between
// the use cases and DynamoDB.
func New(ctx context.Context, endpoint string, gate func(aws.HTTPClient) aws.HTTPClient) (*Town, error) {
	t := &Town{Name: "t-" + rand.Text(), Now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}
	config := localaws.Config(endpoint)
	clock := func() time.Time { return t.Now }
	t.Client = dynamodb.NewFromConfig(config)
	if gate != nil {
		config.HTTPClient = gate(config.HTTPClient)
	}
	t.Table = table.New(table.Settings{Name: t.Name, Keep: time.Hour, Now: clock, Config: config})
	t.Chat = usecases.New(t.Table, clock, func(prefix string) string {
		t.ids++
		return fmt.Sprintf("%s_%026d", prefix, t.ids)
	})
	if err := localaws.CreateTable(ctx, endpoint, t.Name); err != nil {
		return nil, err
	}
	return t, t.provision(ctx)
}

func (t *Town) provision(ctx context.Context) error {
	_, err := t.Chat.Provision(ctx, organization(), nil)
	all := []error{err}
	done := func(_ any, err error) { all = append(all, err) }
	for _, id := range []string{Department, "coaches"} {
		done(t.Chat.PutDepartment(ctx, Platform, directory.Put[chat.Department]{ID: id, Entry: chat.Department{Name: id}}))
	}
	for id, department := range map[string]string{Program: Department, Second: "coaches"} {
		done(t.Chat.PutProgram(ctx, Platform, directory.Put[chat.Program]{
			ID: id, Entry: chat.Program{Name: id, Kind: chat.Guided, DepartmentID: department},
		}))
	}
	for _, id := range []string{"symptoms", "medication"} {
		done(t.Chat.PutReason(ctx, Platform, directory.Put[chat.Reason]{ID: id, Entry: chat.Reason{Labels: chat.Labels{"en": id}, Active: true}}))
	}
	for n := 1; n <= 3; n++ {
		done(t.PutCareManager(ctx, n, true))
	}
	return errors.Join(all...)
}

func organization() chat.Organization {
	return chat.Organization{
		ID: Organization, Name: "Harbor Care", ShortName: "Harbor", Languages: []string{"en"}, TimeZone: "America/New_York",
		RequestIntro: chat.Labels{"en": "Tell us."}, Emergency: chat.Labels{"en": "Call 911."}, Countries: []string{"+1"},
		Outcomes:  []chat.Outcome{{ID: "answered", Labels: chat.Labels{"en": "Answered"}}},
		LinkHours: 24, IdleMinutes: 30, SessionHours: 12,
		Notices:  chat.NoticeRules{DelaySeconds: 120, ReminderHours: 24, TextsPerDay: 3},
		Calendar: chat.Calendar{ReplyHours: 24},
		Issuers:  []chat.Issuer{{Issuer: Issuer, Audience: "care-chats"}},
	}
}

// CareManagerID is the id of the n-th care manager.
func CareManagerID(n int) string { return fmt.Sprintf("cm-%d", n) }

// PutCareManager makes the n-th care manager, who is of both departments.
func (t *Town) PutCareManager(ctx context.Context, n int, active bool) (directory.Stored[chat.CareManagerRow], error) {
	return t.Chat.PutCareManager(ctx, Platform, directory.Put[chat.CareManagerRow]{ID: CareManagerID(n), Entry: chat.CareManagerRow{
		Name: "Name of " + CareManagerID(n), DepartmentIDs: []string{Department, "coaches"}, Active: active,
	}})
}

// PutMember makes a member without contacts, or changes them.
func (t *Town) PutMember(ctx context.Context, id string, change func(*chat.Profile)) (directory.Stored[chat.Profile], error) {
	p := directory.MemberPut{}
	p.ID, p.Entry = id, chat.Profile{
		Name: "Dana Test", BirthDate: "1961-05-06", Language: "en", TimeZone: "America/New_York", Active: true,
	}
	change(&p.Entry)
	return t.Chat.PutMember(ctx, Platform, p)
}

// Enroll enrolls a member, hands the enrollment over, closes it or opens it again.
func (t *Town) Enroll(ctx context.Context, member, program string, state chat.EnrollmentState, careManager string) (directory.Stored[chat.Enrollment], error) {
	return t.Chat.PutEnrollment(ctx, Platform, member, program, directory.EnrollmentPut{State: state, CareManagerID: careManager})
}

// Member is a member as a caller.
func Member(id string) chat.Caller {
	return chat.Caller{Kind: chat.Member, Organization: Organization, ID: id, Name: "Dana Test", Language: "en"}
}

// CareManager is the n-th care manager as a caller.
func CareManager(n int, covers ...chat.Cover) chat.Caller {
	return chat.Caller{
		Kind: chat.CareManager, Organization: Organization, ID: CareManagerID(n), Name: "Name of " + CareManagerID(n),
		Departments: []string{Department}, Covers: covers,
	}
}
