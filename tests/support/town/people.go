package town

import (
	"carechat/shared/chat"
)

// The organization, which the local machine's seed has too.
const (
	Organization = "harbor"
	Department   = "nurses"
	Program      = "diabetes"
	Second       = "heart"    // a second program
	Reason       = "symptoms" // why a chat is requested
	OtherReason  = "medication"
	Rivera       = "cm-rivera" // care managers
	Chen         = "cm-chen"
	Okafor       = "cm-okafor"
)

// Issuer is the issuer of a Town's access tokens.
const Issuer = "https://id.example/harbor"

// BirthDate is every member's.
const BirthDate = "1961-05-06"

// Profile returns a member's profile without contacts, with changes.
func Profile(id string, changes ...func(*chat.Profile)) chat.Profile {
	p := chat.Profile{
		ID: id, Name: "Dana Test", BirthDate: BirthDate, Language: "en", TimeZone: "America/New_York", Active: true,
	}
	for _, change := range changes {
		change(&p)
	}
	return p
}

// Phone gives a member a phone.
func Phone(phone string) func(*chat.Profile) {
	return func(p *chat.Profile) { p.Phone = phone }
}

// Email gives a member an email address.
func Email(address string) func(*chat.Profile) {
	return func(p *chat.Profile) { p.Email = address }
}

// Subject lets a member log in with an identity provider's access tokens.
func Subject(issuer, subject string) func(*chat.Profile) {
	return func(p *chat.Profile) { p.Subjects = []chat.Subject{{Issuer: issuer, Subject: subject}} }
}

// Settings returns an organization with one issuer, with changes.
func Settings(id, issuer string, changes ...func(*chat.Organization)) chat.Organization {
	o := chat.Organization{
		ID: id, Name: "Harbor Care", ShortName: "Harbor", Languages: []string{"en"}, TimeZone: "America/New_York",
		RequestIntro: chat.Labels{"en": "Tell us."}, Emergency: chat.Labels{"en": "Call 911."}, Countries: []string{"+1"},
		Outcomes:  []chat.Outcome{{ID: "answered", Labels: chat.Labels{"en": "Answered"}}},
		LinkHours: 24, IdleMinutes: 30, SessionHours: 12,
		Notices:  chat.NoticeRules{DelaySeconds: 120, ReminderHours: 24, TextsPerDay: 3},
		Calendar: chat.Calendar{ReplyHours: 24},
		Issuers:  []chat.Issuer{{Issuer: issuer, Audience: "care-chats"}},
	}
	for _, change := range changes {
		change(&o)
	}
	return o
}

// Platform is the organization's machine client as a caller.
var Platform = chat.Caller{Kind: chat.Platform, Organization: Organization, ID: "platform", Issuer: Issuer}

// Member returns a member as a caller.
func Member(id string) chat.Caller {
	return chat.Caller{Kind: chat.Member, Organization: Organization, ID: id, Name: "Dana Test", Language: "en"}
}

// CareManager returns a care manager of the department as a caller.
func CareManager(id string, covers ...chat.Cover) chat.Caller {
	return chat.Caller{
		Kind: chat.CareManager, Organization: Organization, ID: id, Name: NameOf(id), Departments: []string{Department}, Covers: covers,
	}
}

// NameOf returns a care manager's name.
func NameOf(careManager string) string { return "Name of " + careManager }

// Key returns a member's key.
func Key(member string) chat.MemberKey {
	return chat.MemberKey{Organization: Organization, Member: member}
}
