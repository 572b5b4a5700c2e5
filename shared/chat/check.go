package chat

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"carechat/shared/problem"
)

// ValidID reports whether a text has the form of an id (A1).
func ValidID(id string) bool { return isWord(id, 1, 64) }

// validKey reports whether a client's key for a repeatable call has the form of one
// (A2).
func validKey(key string) bool { return isWord(key, 16, 128) }

// isWord reports whether s is low to high characters of [A-Za-z0-9_-].
func isWord(s string, low, high int) bool {
	return low <= len(s) && len(s) <= high && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
	})
}

// CheckID notes what is wrong with an id in a body or a query (A1, A4).
func CheckID(fields *problem.Fields, pointer, id string) {
	switch {
	case id == "":
		fields.Add(pointer, "required", "must be given")
	case !ValidID(id):
		fields.Add(pointer, "invalid", "must be 1 to 64 letters, digits, - or _")
	}
}

// checkText notes what is wrong with a comment, a message or a note as it is
// stored: it may be too long or show nothing (A6).
func checkText(fields *problem.Fields, pointer, text string) {
	trimmed := strings.TrimSpace(text)
	switch {
	case text == "":
		fields.Add(pointer, "required", "must be given")
	case len(text) > maxTextBytes || utf8.RuneCountInString(trimmed) > MaxTextRunes:
		fields.Add(pointer, "too-long", "at most 4000 characters and 16 KB")
	case !HasVisible(text):
		fields.Add(pointer, "empty", "must show something")
	}
}

// CheckChannels notes what is wrong with a list of channels, which names each at
// most once.
func CheckChannels(fields *problem.Fields, pointer string, all []Channel) {
	most := len(Channels)
	if len(all) > most {
		fields.Add(pointer, "too-many", "at most "+strconv.Itoa(most))
	}
	for i, c := range all[:min(len(all), most)] {
		at := pointer + "/" + strconv.Itoa(i)
		if slices.Contains(all[:i], c) {
			fields.Add(at, "duplicate", "is in the list already")
		}
		switch {
		case c == "":
			fields.Add(at, "required", "must be given")
		case !slices.Contains(Channels, c):
			fields.Add(at, "unknown", "must be one of sms, email")
		}
	}
}

// CheckHours notes what is wrong with a span of the day.
func CheckHours(fields *problem.Fields, pointer string, h QuietHours) {
	checkTimeOfDay(fields, pointer+"/from", h.From)
	checkTimeOfDay(fields, pointer+"/to", h.To)
}

func checkTimeOfDay(fields *problem.Fields, pointer, value string) {
	_, err := time.Parse("15:04", value)
	switch {
	case value == "":
		fields.Add(pointer, "required", "must be given")
	case err != nil || len(value) != len("15:04"):
		fields.Add(pointer, "invalid", "must be HH:MM")
	}
}
