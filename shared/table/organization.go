package table

import (
	"context"

	"carechat/shared/chat"
)

func organizationFields(o *chat.Organization) fields {
	return fields{
		{"name", text(&o.Name)},
		{"shortName", text(&o.ShortName)},
		{"languages", texts(&o.Languages)},
		{"timeZone", text(&o.TimeZone)},
		{"requestIntro", labels(&o.RequestIntro)},
		{"emergency", labels(&o.Emergency)},
		{"countries", texts(&o.Countries)},
		{"outcomes", list(&o.Outcomes, outcomeFields)},
		{"linkHours", number(&o.LinkHours)},
		{"linkUrl", text(&o.LinkURL)},
		{"idleMinutes", number(&o.IdleMinutes)},
		{"sessionHours", number(&o.SessionHours)},
		{"notices", object{
			{"delaySeconds", number(&o.Notices.DelaySeconds)},
			{"reminderHours", number(&o.Notices.ReminderHours)},
			{"quietHours", optional(&o.Notices.QuietHours, hoursFields)},
			{"textsPerDay", number(&o.Notices.TextsPerDay)},
			{"minutesBetweenTexts", number(&o.Notices.MinutesBetweenTexts)},
		}},
		{"calendar", object{
			{"hours", mapOf(&o.Calendar.Hours, hoursFields)},
			{"holidays", texts(&o.Calendar.Holidays)},
			{"replyHours", number(&o.Calendar.ReplyHours)},
		}},
		{"issuers", list(&o.Issuers, verifyingFields)},
		{"version", number(&o.Version)},
	}
}

var organizationKind = kind{settingsSort, func(row item) any {
	return valueOf(row, chat.Organization{ID: keyOf(row).pk.organizationOf()}, organizationFields)
}}

func outcomeFields(o *chat.Outcome) fields {
	return fields{{"id", text(&o.ID)}, {"labels", labels(&o.Labels)}}
}

func hoursFields(h *chat.QuietHours) fields {
	return fields{{"from", text(&h.From)}, {"to", text(&h.To)}}
}

// SaveOrganization saves the settings with their issuers in one transaction; was
// are the issuers before. If an issuer belongs to another organization it returns
// chat.ErrConflict (S5).
func (t *Table) SaveOrganization(ctx context.Context, o chat.Organization, was []chat.Issuer) error {
	writes := []write{save(orgKey(o.ID), settingsSort, organizationFields(&o), o.Version)}
	return t.apply(ctx, append(writes, issuerWrites(o.ID, was, o.Issuers)...)...)
}
