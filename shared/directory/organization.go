package directory

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// Settings reads the organization's settings.
func (s *Service) Settings(ctx context.Context, c chat.Caller) (chat.Organization, error) {
	if err := c.Only(chat.Platform); err != nil {
		return chat.Organization{}, err
	}
	catalog, err := s.Store.Catalog(ctx, c.Organization, true)
	if err == nil && catalog.Organization.Version == 0 {
		err = problem.New(problem.NotFound)
	}
	return catalog.Organization, err
}

// PutSettings replaces the organization's settings. Its issuers stay: they are
// the operator's.
func (s *Service) PutSettings(ctx context.Context, c chat.Caller, p Put[chat.Organization]) (Stored[chat.Organization], error) {
	p.ID = c.Organization
	f, err := begin(c, &p, organizationHead)
	if err != nil {
		return Stored[chat.Organization]{}, err
	}
	checkOrganization(f, p.Entry)
	if err := f.Err(); err != nil {
		return Stored[chat.Organization]{}, err
	}
	return saveOrganization(ctx, s.Store, p, func(current chat.Organization, next *chat.Organization) error {
		if current.Version == 0 {
			return problem.New(problem.NotFound)
		}
		next.Issuers = current.Issuers
		return nil
	})
}

// organizationHead has no time: an organization is in no list.
func organizationHead(o *chat.Organization) (*string, *int, *time.Time) {
	return &o.ID, &o.Version, nil
}

// saveOrganization saves what a PUT brings, once complete has added to it what
// the stored organization decides.
func saveOrganization(ctx context.Context, store OrganizationStore, p Put[chat.Organization],
	complete func(current chat.Organization, next *chat.Organization) error,
) (stored Stored[chat.Organization], err error) {
	err = chat.RetryOnConflict(ctx, func() error {
		catalog, err := store.Catalog(ctx, p.ID, true)
		if err != nil {
			return err
		}
		current, next := &catalog.Organization, p.Entry
		if err := complete(*current, &next); err != nil {
			return err
		}
		if err := checkWords(*current, next); err != nil {
			return err
		}
		was := current.Issuers
		if current.Version == 0 {
			current = nil
		}
		var changed bool
		if stored, changed, err = decide(current, next, p.When, organizationHead, time.Time{}); err != nil || !changed {
			return err
		}
		return store.SaveOrganization(ctx, stored.Entry, was)
	})
	return stored, err
}

func checkOrganization(f *checks, o chat.Organization) {
	f.line("/name", o.Name, maxName)
	f.shortName("/shortName", o.ShortName)
	f.each("/languages", o.Languages, 1, len(Languages), f.language)
	f.timeZone("/timeZone", o.TimeZone)
	f.words("/requestIntro", o.RequestIntro)
	f.words("/emergency", o.Emergency)
	f.each("/countries", o.Countries, 1, maxCountries, f.country)
	checkOutcomes(f, o.Outcomes)
	f.linkURL("/links/url", o.LinkURL)
	if o.Notices.QuietHours != nil {
		f.hours("/notices/quietHours", *o.Notices.QuietHours)
	}
	checkCalendar(f, o.Calendar)
	for _, r := range []struct {
		pointer      string
		n, low, high int
	}{
		{"/links/hours", o.LinkHours, 1, 72},
		{"/sessions/idleMinutes", o.IdleMinutes, 5, 60},
		{"/sessions/maxHours", o.SessionHours, 1, 12},
		{"/notices/delaySeconds", o.Notices.DelaySeconds, 0, 86400},
		{"/notices/reminderHours", o.Notices.ReminderHours, 1, 168},
		{"/notices/textsPerDay", o.Notices.TextsPerDay, 1, 100},
		{"/notices/minutesBetweenTexts", o.Notices.MinutesBetweenTexts, 0, 1440},
		{"/calendar/replyHours", o.Calendar.ReplyHours, 1, 720},
	} {
		f.between(r.pointer, r.n, r.low, r.high)
	}
}

// checkWords refuses what members read if it lacks one of the organization's languages, unless it is as it was: a PUT takes what a GET
// gave.
func checkWords(was, is chat.Organization) error {
	var f checks
	sameLanguages := slices.Equal(was.Languages, is.Languages)
	if !sameLanguages || !maps.Equal(was.RequestIntro, is.RequestIntro) {
		f.translated("/requestIntro", is.RequestIntro, is.Languages)
	}
	if !sameLanguages || !maps.Equal(was.Emergency, is.Emergency) {
		f.translated("/emergency", is.Emergency, is.Languages)
	}
	return f.Err()
}

func checkOutcomes(f *checks, all []chat.Outcome) {
	var ids []string
	for _, o := range all {
		ids = append(ids, o.ID)
	}
	f.each("/outcomes", ids, 1, maxRefs, func(string, string) {})
	for i, o := range all[:min(len(all), maxRefs)] {
		at := "/outcomes/" + strconv.Itoa(i)
		f.id(at+"/id", o.ID)
		f.labels(at+"/labels", o.Labels)
	}
}

func checkCalendar(f *checks, c chat.Calendar) {
	known := 0
	for _, day := range chat.Weekdays {
		if h, ok := c.Hours[day]; ok {
			known++
			f.hours("/calendar/hours/"+day, h)
			f.that(h.From < h.To, "/calendar/hours/"+day+"/to", "out-of-range", "must be after from")
		}
	}
	f.that(known == len(c.Hours), "/calendar/hours", "unknown", "days are mon, tue, wed, thu, fri, sat, sun")
	f.each("/calendar/holidays", c.Holidays, 0, maxHolidays, func(at, value string) { f.date(at, value) })
}
