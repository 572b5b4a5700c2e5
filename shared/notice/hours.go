package notice

import (
	"slices"
	"time"

	"carechat/shared/chat"
)

// longestQuiet is how far ahead quietUntil looks: two days, because a clock change
// can skip the only minutes of a day that are not quiet.
const longestQuiet = 48 * time.Hour

// quietUntil returns when the quiet hours that hold now are over, by the wall clock
// of the zone, which may skip an hour or show it twice. It returns zero if none hold
// now, and a time after longestQuiet for hours that together leave no gap.
func quietUntil(now time.Time, zone *time.Location, all ...*chat.QuietHours) time.Time {
	if !isQuiet(now.In(zone), all) {
		return time.Time{}
	}
	at := now.UTC()
	for isQuiet(at.In(zone), all) && at.Sub(now) <= longestQuiet {
		at = at.Truncate(time.Minute).Add(time.Minute)
	}
	return at
}

// isQuiet reports whether any of the quiet hours hold at a time. Hours that end when
// they begin never hold.
func isQuiet(at time.Time, all []*chat.QuietHours) bool {
	clock := at.Format("15:04")
	return slices.ContainsFunc(all, func(q *chat.QuietHours) bool {
		switch {
		case q == nil:
			return false
		case q.From <= q.To:
			return q.From <= clock && clock < q.To
		}
		return clock < q.To || q.From <= clock
	})
}

// zoneOf returns the first time zone that exists, or UTC.
func zoneOf(names ...string) *time.Location {
	for _, name := range names {
		if zone, err := time.LoadLocation(name); err == nil && name != "" {
			return zone
		}
	}
	return time.UTC
}
