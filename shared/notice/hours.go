package notice

import (
	"time"

	"carechat/shared/chat"
)

// quietUntil is when the quiet hours that hold at now are over, where one of
// them ends inside another when that is over too; zero if none hold.
func quietUntil(now time.Time, zone *time.Location, all ...*chat.QuietHours) time.Time {
	var until time.Time
	at := now
	for range 2 * len(all) { // hours that never leave a gap would go on for ever
		ends := quietEnd(at, zone, all)
		if ends.IsZero() {
			break
		}
		until, at = ends, ends
	}
	return until
}

func quietEnd(at time.Time, zone *time.Location, all []*chat.QuietHours) time.Time {
	for _, q := range all {
		if q == nil {
			continue
		}
		if end, ok := window(*q, at, zone); ok {
			return end.UTC()
		}
	}
	return time.Time{}
}

// window is the end of the quiet hours around at, by the clock on the wall: they
// may begin the day before, and are longer or shorter where the clock is changed.
func window(q chat.QuietHours, at time.Time, zone *time.Location) (end time.Time, ok bool) {
	from, to := minuteOf(q.From), minuteOf(q.To)
	if from == to {
		return end, false
	}
	if to < from {
		to += 24 * 60
	}
	year, month, day := at.In(zone).Date()
	for _, day := range []int{day - 1, day} {
		start := wall(year, month, day, from, zone)
		end = wall(year, month, day, to, zone)
		if !at.Before(start) && at.Before(end) {
			return end, true
		}
	}
	return end, false
}

// wall is when the clock shows a minute of a day. One that the clock skips is
// when it would have shown it.
func wall(year int, month time.Month, day, minute int, zone *time.Location) time.Time {
	at := time.Date(year, month, day, 0, minute, 0, 0, zone)
	if early := minute%(24*60) - at.Hour()*60 - at.Minute(); early > 0 {
		at = at.Add(time.Duration(early) * time.Minute)
	}
	return at
}

// minuteOf is the minute of the day of "HH:MM".
func minuteOf(clock string) int {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return 0
	}
	return t.Hour()*60 + t.Minute()
}

// zoneOf is the member's, else the organization's, else UTC.
func zoneOf(names ...string) *time.Location {
	for _, name := range names {
		if zone, err := time.LoadLocation(name); err == nil && name != "" {
			return zone
		}
	}
	return time.UTC
}
