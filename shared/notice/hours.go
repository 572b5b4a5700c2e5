package notice

import (
	"slices"
	"time"

	"carechat/shared/chat"
)

// longestQuiet is how far ahead the end of quiet hours is looked for: two days,
// for a change of the clock may skip the only minutes of a day that are not quiet.
const longestQuiet = 48 * time.Hour

// quietUntil is when no quiet hours hold any more, by the clock on the wall,
// which may skip an hour or show it twice; zero if none hold at now. Hours that
// together leave no gap end after longestQuiet.
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

// isQuiet reports whether the clock shows a time of one of them. Hours that end
// as they begin are none.
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

// zoneOf is the member's, else the organization's, else UTC.
func zoneOf(names ...string) *time.Location {
	for _, name := range names {
		if zone, err := time.LoadLocation(name); err == nil && name != "" {
			return zone
		}
	}
	return time.UTC
}
