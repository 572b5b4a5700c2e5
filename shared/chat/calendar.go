package chat

import (
	"slices"
	"time"
)

// Weekdays are the days of a calendar, Monday first.
var Weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// Calendar says when the care side works and how soon it answers. Without hours
// on any day it works around the clock.
type Calendar struct {
	Hours      map[string]QuietHours // by weekday, mon to sun: opening times
	Holidays   []string              // dates, YYYY-MM-DD
	ReplyHours int
}

// lookAhead bounds how many days After looks at: a calendar may have a minute of
// work a week.
const lookAhead = 3 * 366

// After returns the instant at which an amount of working time has passed since a
// moment. It is never before that moment, lies within working time, its ends
// included, and is a whole millisecond. Working time is real time between opening
// and closing in the zone, so a clock change within it does not lengthen or shorten
// it. If three years do not hold the amount, After returns the end of the last
// working time that it saw, or counts around the clock if there was none (T13).
func (c Calendar) After(moment time.Time, amount time.Duration, zone *time.Location) time.Time {
	if len(c.Hours) == 0 {
		return moment.Add(amount)
	}
	last := moment.Add(amount)
	year, month, day := moment.In(zone).Date()
	for n := range lookAhead {
		opens, closes, works := c.open(year, month, day+n, zone)
		if !works || !closes.After(moment) {
			continue
		}
		if opens.Before(moment) {
			opens = moment
		}
		if last = opens.Add(amount); !last.After(closes) {
			return last.UTC()
		}
		amount -= closes.Sub(opens)
		last = closes
	}
	return last.UTC()
}

// open returns when the care side begins and ends to work on a date of the zone.
func (c Calendar) open(year int, month time.Month, day int, zone *time.Location) (opens, closes time.Time, works bool) {
	date := time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
	hours, works := c.Hours[Weekdays[(date.Weekday()+6)%7]]
	if !works || slices.Contains(c.Holidays, date.Format(time.DateOnly)) {
		return opens, closes, false
	}
	at := func(clock string) time.Time {
		t, _ := time.Parse("15:04", clock) // which was checked when it was PUT
		return time.Date(year, month, day, t.Hour(), t.Minute(), 0, 0, zone)
	}
	opens, closes = at(hours.From), at(hours.To)
	return opens, closes, closes.After(opens)
}
