package chat

import (
	"context"
	"strconv"

	"carechat/shared/problem"
)

// Settings reads the organization's settings.
func (s *Service) Settings(ctx context.Context, c Caller) (Organization, error) {
	if err := c.only(Platform); err != nil {
		return Organization{}, err
	}
	catalog, err := s.Store.Catalog(ctx, c.Organization, true)
	if err == nil && catalog.Organization.Version == 0 {
		err = problem.New(problem.NotFound)
	}
	return catalog.Organization, err
}

// PutSettings replaces the organization's settings. Its issuers stay: they are
// the operator's.
func (s *Service) PutSettings(ctx context.Context, c Caller, p Put[Organization]) (Stored[Organization], error) {
	p.ID = c.Organization
	f, err := begin(c, &p)
	if err != nil {
		return Stored[Organization]{}, err
	}
	checkOrganization(f, p.Entry)
	if err := f.Err(); err != nil {
		return Stored[Organization]{}, err
	}
	return s.saveOrganization(ctx, p, func(current Organization, next *Organization) error {
		if current.Version == 0 {
			return problem.New(problem.NotFound)
		}
		next.Issuers = current.Issuers
		return nil
	})
}

// Provision makes or replaces an organization with its issuers. The operator
// alone calls it (S6): there is no caller to check.
func (s *Service) Provision(ctx context.Context, o Organization, missing problem.Fields) (Stored[Organization], error) {
	f := &checks{missing}
	f.id("/id", o.ID)
	checkOrganization(f, o)
	checkIssuers(f, o.Issuers)
	if err := f.Err(); err != nil {
		return Stored[Organization]{}, err
	}
	return s.saveOrganization(ctx, Put[Organization]{ID: o.ID, Entry: o}, func(Organization, *Organization) error {
		return s.checkIssuerOwners(ctx, o)
	})
}

func (s *Service) saveOrganization(ctx context.Context, p Put[Organization], complete func(current Organization, next *Organization) error) (Stored[Organization], error) {
	var stored Stored[Organization]
	err := RetryOnConflict(ctx, func() error {
		catalog, err := s.Store.Catalog(ctx, p.ID, true)
		if err != nil {
			return err
		}
		current, next := &catalog.Organization, p.Entry
		if err := complete(*current, &next); err != nil {
			return err
		}
		was := current.Issuers
		if current.Version == 0 {
			current = nil
		}
		var changed bool
		if stored, changed, err = decide(current, next, p.When); err != nil || !changed {
			return err
		}
		return s.Store.SaveOrganization(ctx, stored.Entry, was)
	})
	return stored, err
}

// checkIssuerOwners refuses an issuer that is another organization's (S5).
func (s *Service) checkIssuerOwners(ctx context.Context, o Organization) error {
	var f checks
	for i, each := range o.Issuers {
		owner, err := s.Store.IssuerOwner(ctx, each.Issuer)
		if err != nil {
			return err
		}
		f.that(owner == "" || owner == o.ID, issuerPointer(i)+"/issuer", "taken", "belongs to another organization")
	}
	return f.Err()
}

func issuerPointer(i int) string { return "/issuers/" + strconv.Itoa(i) }

func checkIssuers(f *checks, all []Issuer) {
	f.that(len(all) > 0, "/issuers", "required", "at least one")
	f.that(len(all) <= maxSubjects, "/issuers", "too-many", "at most 10")
	seen := map[string]bool{}
	for i, each := range all {
		at := issuerPointer(i)
		f.that(!seen[each.Issuer], at, "duplicate", "is in the list already")
		seen[each.Issuer] = true
		f.webURL(at+"/issuer", each.Issuer)
		f.line(at+"/audience", each.Audience, maxSubject)
		if each.KeysURL != "" {
			f.webURL(at+"/keysUrl", each.KeysURL)
		}
	}
}

func checkOrganization(f *checks, o Organization) {
	f.line("/name", o.Name, maxName)
	f.shortName("/shortName", o.ShortName)
	f.each("/languages", o.Languages, 1, len(Languages), f.language)
	f.timeZone("/timeZone", o.TimeZone)
	f.words("/requestIntro", o.RequestIntro)
	f.words("/emergency", o.Emergency)
	f.each("/countries", o.Countries, 1, maxCountries, func(at, value string) {
		f.matches(countryPattern, at, value, "must be a calling code such as +1")
	})
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

func checkOutcomes(f *checks, all []Outcome) {
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

func checkCalendar(f *checks, c Calendar) {
	known := 0
	for _, day := range Weekdays {
		if h, ok := c.Hours[day]; ok {
			known++
			f.hours("/calendar/hours/"+day, h)
		}
	}
	f.that(known == len(c.Hours), "/calendar/hours", "unknown", "days are mon, tue, wed, thu, fri, sat, sun")
	f.each("/calendar/holidays", c.Holidays, 0, maxHolidays, func(at, value string) { f.date(at, value) })
}
