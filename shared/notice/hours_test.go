package notice

import (
	"testing"
	"time"

	"carechat/shared/chat"
)

func TestQuietHoursGoByTheWallClock(t *testing.T) {
	night, noon := &chat.QuietHours{From: "21:00", To: "08:00"}, &chat.QuietHours{From: "12:00", To: "13:00"}
	morning := &chat.QuietHours{From: "07:30", To: "09:15"}
	for name, test := range map[string]struct {
		now, zone string
		hours     []*chat.QuietHours
		until     string // "" when it is not quiet
	}{
		"by day":                  {"2026-06-01T15:00", "America/New_York", []*chat.QuietHours{night, noon}, ""},
		"before midnight":         {"2026-06-01T22:00", "America/New_York", []*chat.QuietHours{night}, "2026-06-02T08:00"},
		"after midnight":          {"2026-06-02T03:00", "America/New_York", []*chat.QuietHours{night}, "2026-06-02T08:00"},
		"as they begin":           {"2026-06-01T21:00", "America/New_York", []*chat.QuietHours{night}, "2026-06-02T08:00"},
		"as they end":             {"2026-06-02T08:00", "America/New_York", []*chat.QuietHours{night}, ""},
		"one ends in another":     {"2026-06-02T07:59", "America/New_York", []*chat.QuietHours{night, morning}, "2026-06-02T09:15"},
		"none of the member's":    {"2026-06-01T12:30", "America/New_York", []*chat.QuietHours{noon, nil}, "2026-06-01T13:00"},
		"the clock put forward":   {"2026-03-08T01:59", "America/New_York", []*chat.QuietHours{night}, "2026-03-08T08:00"},
		"the clock put back":      {"2026-11-01T00:30", "America/New_York", []*chat.QuietHours{night}, "2026-11-01T08:00"},
		"an end that is skipped":  {"2026-03-08T01:30", "America/New_York", []*chat.QuietHours{{From: "01:00", To: "02:30"}}, "2026-03-08T03:00"},
		"a midnight skipped":      {"2026-09-05T22:30", "America/Santiago", []*chat.QuietHours{{From: "21:00", To: "00:00"}}, "2026-09-06T01:00"},
		"before one":              {"2026-03-07T23:30", "America/Havana", []*chat.QuietHours{{From: "21:00", To: "00:00"}}, "2026-03-08T01:00"},
		"half an hour skipped":    {"2026-10-04T01:45", "Australia/Lord_Howe", []*chat.QuietHours{{From: "21:00", To: "02:15"}}, "2026-10-04T02:30"},
		"the whole day":           {"2026-06-01T12:00", "America/New_York", []*chat.QuietHours{night, {From: "08:00", To: "21:00"}}, "2026-06-03T12:01"},
		"half an hour off":        {"2026-06-01T21:10", "Asia/Kolkata", []*chat.QuietHours{night}, "2026-06-02T08:00"},
		"the same time is no one": {"2026-06-01T09:00", "America/New_York", []*chat.QuietHours{{From: "09:00", To: "09:00"}}, ""},
	} {
		zone := zoneOf(test.zone)
		at := func(s string) time.Time {
			if s == "" {
				return time.Time{}
			}
			local, err := time.ParseInLocation("2006-01-02T15:04", s, zone)
			if err != nil {
				t.Fatal(err)
			}
			return local
		}
		if got := quietUntil(at(test.now), zone, test.hours...); !got.Equal(at(test.until)) {
			t.Errorf("%s: until %v, want %v", name, got.In(zone), test.until)
		}
	}
}

// The clock shows 01:15 twice in the night when it is set back.
func TestQuietHoursHoldWheneverTheClockShowsThem(t *testing.T) {
	zone := zoneOf("America/New_York")
	late := &chat.QuietHours{From: "22:00", To: "01:30"}
	for at, want := range map[string]string{
		"2026-11-01T05:15:00Z": "2026-11-01T05:30:00Z", // the first time
		"2026-11-01T05:45:00Z": "",
		"2026-11-01T06:15:00Z": "2026-11-01T06:30:00Z", // the second
		"2026-11-01T06:30:00Z": "",
	} {
		now, _ := time.Parse(time.RFC3339, at)
		until, _ := time.Parse(time.RFC3339, want)
		if got := quietUntil(now, zone, late); !got.Equal(until) {
			t.Errorf("at %s: until %v, want %v", at, got, until)
		}
	}
}

func TestAnUnknownZoneIsSkipped(t *testing.T) {
	for want, names := range map[string][]string{"Asia/Tokyo": {"Nowhere/Land", "Asia/Tokyo"}, "UTC": {"", ""}} {
		if got := zoneOf(names...).String(); got != want {
			t.Errorf("%v: %s, want %s", names, got, want)
		}
	}
}
