package chat

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

func zone(t rapid.TB, name string) *time.Location {
	t.Helper()
	at, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// week has the same hours on each of the days.
func week(from, to string, days ...string) Calendar {
	c := Calendar{Hours: map[string]QuietHours{}}
	for _, d := range days {
		c.Hours[d] = QuietHours{from, to}
	}
	return c
}

// T13: a promise is kept in working time, in the organization's time zone.
func TestWorkingTime(t *testing.T) {
	const layout = "Mon 2006-01-02 15:04"
	office := week("08:00", "17:00", "mon", "tue", "wed", "thu", "fri")
	holidays := office
	holidays.Holidays = []string{"2026-12-25", "2027-01-01"}
	early := week("01:00", "04:00", "sat", "sun")
	for name, c := range map[string]struct {
		calendar    Calendar
		zone, asked string
		hours       int
		want        string
	}{
		"within a day":                     {office, "America/New_York", "Mon 2026-03-02 09:00", 4, "Mon 2026-03-02 13:00"},
		"a whole day ends as it closes":    {office, "America/New_York", "Mon 2026-03-02 08:00", 9, "Mon 2026-03-02 17:00"},
		"over night":                       {office, "America/New_York", "Mon 2026-03-02 15:30", 9, "Tue 2026-03-03 15:30"},
		"before it opens":                  {office, "America/New_York", "Mon 2026-03-02 06:00", 9, "Mon 2026-03-02 17:00"},
		"as it closes":                     {office, "America/New_York", "Mon 2026-03-02 17:00", 1, "Tue 2026-03-03 09:00"},
		"on a Saturday":                    {office, "America/New_York", "Sat 2026-03-07 11:00", 9, "Mon 2026-03-09 17:00"},
		"over a weekend":                   {office, "America/New_York", "Fri 2026-03-06 16:00", 2, "Mon 2026-03-09 09:00"},
		"over Christmas":                   {holidays, "America/New_York", "Thu 2026-12-24 16:00", 2, "Mon 2026-12-28 09:00"},
		"on New Year's Day":                {holidays, "America/New_York", "Fri 2027-01-01 10:00", 9, "Mon 2027-01-04 17:00"},
		"many days":                        {office, "America/New_York", "Mon 2026-03-02 08:00", 45, "Fri 2026-03-06 17:00"},
		"around the clock":                 {Calendar{}, "America/New_York", "Sat 2026-03-07 23:00", 9, "Sun 2026-03-08 09:00"},
		"an hour that the clock skips":     {early, "America/New_York", "Sun 2026-03-08 00:00", 2, "Sun 2026-03-08 04:00"},
		"an hour that the clock repeats":   {early, "America/New_York", "Sun 2026-11-01 00:00", 4, "Sun 2026-11-01 04:00"},
		"clocks change over the weekend":   {office, "America/New_York", "Fri 2026-03-06 16:00", 9, "Mon 2026-03-09 16:00"},
		"leap day":                         {week("08:00", "17:00", "tue"), "Europe/Madrid", "Tue 2028-02-29 16:00", 2, "Tue 2028-03-07 09:00"},
		"ahead of UTC":                     {office, "Pacific/Auckland", "Mon 2026-03-02 09:00", 4, "Mon 2026-03-02 13:00"},
		"far behind UTC":                   {office, "Pacific/Honolulu", "Fri 2026-03-06 16:00", 2, "Mon 2026-03-09 09:00"},
		"opening times that are none":      {week("17:00", "08:00", "mon"), "UTC", "Mon 2026-03-02 09:00", 4, "Mon 2026-03-02 13:00"},
		"a minute a week is never enough":  {week("08:00", "08:01", "mon"), "UTC", "Mon 2026-03-02 08:00", 720, "Mon 2029-02-26 08:01"},
		"one day a week, whatever is left": {week("08:00", "12:00", "wed"), "UTC", "Wed 2026-03-04 11:00", 6, "Wed 2026-03-18 09:00"},
	} {
		t.Run(name, func(t *testing.T) {
			in := zone(t, c.zone)
			asked, err := time.ParseInLocation(layout, c.asked, in)
			if err != nil {
				t.Fatal(err)
			}
			got := c.calendar.After(asked, time.Duration(c.hours)*time.Hour, in).In(in).Format(layout)
			if got != c.want {
				t.Errorf("asked %s, promised %s, not %s", c.asked, got, c.want)
			}
		})
	}
}

// anyCalendar has hours on at least one day.
func anyCalendar(t *rapid.T) Calendar {
	c := Calendar{Hours: map[string]QuietHours{}}
	for _, day := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}), 1, 7, rapid.ID).Draw(t, "days") {
		from := rapid.IntRange(0, 22).Draw(t, "from")
		to := rapid.IntRange(from+1, 23).Draw(t, "to")
		c.Hours[day] = QuietHours{clock(from), clock(to)}
	}
	for range rapid.IntRange(0, 5).Draw(t, "holidays") {
		c.Holidays = append(c.Holidays, anyTime(t, "holiday").Format(time.DateOnly))
	}
	return c
}

func clock(hour int) string {
	return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC).Format("15:04")
}

func anyTime(t *rapid.T, label string) time.Time {
	minutes := rapid.IntRange(0, 2*365*24*60).Draw(t, label)
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

// T13: never earlier than asked, always within working time, and monotone in
// both arguments.
func TestWorkingTimeOfEveryCalendar(t *testing.T) {
	zones := []string{"America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "Pacific/Apia", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		c, in := anyCalendar(t), zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		asked, hours := anyTime(t, "asked"), time.Duration(rapid.IntRange(1, 100).Draw(t, "hours"))*time.Hour
		due := c.After(asked, hours, in)
		if due.Before(asked.Add(hours)) {
			t.Fatalf("asked %v, due %v: in less than %v", asked, due, hours)
		}
		year, month, day := due.In(in).Date()
		if opens, closes, works := c.open(year, month, day, in); !works || due.Before(opens) || due.After(closes) {
			t.Fatalf("due %v, outside of %v to %v", due.In(in), opens, closes)
		}
		later := asked.Add(time.Duration(rapid.IntRange(0, 10_000).Draw(t, "later")) * time.Minute)
		if c.After(later, hours, in).Before(due) {
			t.Fatalf("asked later, at %v, and due before %v", later, due)
		}
		if more := hours + time.Duration(rapid.IntRange(0, 50).Draw(t, "more"))*time.Hour; c.After(asked, more, in).Before(due) {
			t.Fatalf("%v, more than %v, and due before %v", more, hours, due)
		}
	})
}
