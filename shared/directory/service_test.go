package directory

import (
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestDecidingAPut(t *testing.T) {
	stands := chat.Program{ID: "p", Name: "P", Version: 3, UpdatedAt: noon}
	for name, c := range map[string]struct {
		current          *chat.Program
		name             string
		when             chat.Precondition
		refused          bool
		version          int
		changed, created bool
	}{
		"new":                       {nil, "P", chat.Precondition{}, false, 1, true, true},
		"new, create only":          {nil, "P", chat.Precondition{Absent: true}, false, 1, true, true},
		"new, of a version":         {nil, "P", chat.Precondition{Matches: []int{1}}, true, 0, false, false},
		"new, of any version":       {nil, "P", chat.Precondition{Exists: true}, true, 0, false, false},
		"the same":                  {&stands, "P", chat.Precondition{}, false, 3, false, false},
		"another":                   {&stands, "Q", chat.Precondition{}, false, 4, true, false},
		"another, of this version":  {&stands, "Q", chat.Precondition{Matches: []int{3}}, false, 4, true, false},
		"another, of an older one":  {&stands, "Q", chat.Precondition{Matches: []int{2}}, true, 0, false, false},
		"the same, create only":     {&stands, "P", chat.Precondition{Absent: true}, true, 0, false, false},
		"the same, of no version":   {&stands, "P", chat.Precondition{Matches: []int{}}, true, 0, false, false},
		"another, of any version":   {&stands, "Q", chat.Precondition{Exists: true}, false, 4, true, false},
		"the same, of this version": {&stands, "P", chat.Precondition{Matches: []int{3}}, false, 3, false, false},
	} {
		got, changed, err := decide(c.current, chat.Program{ID: "p", Name: c.name}, c.when, programKind.head, noon)
		if (err != nil) != c.refused || changed != c.changed || got.Created != c.created || got.Entry.Version != c.version {
			t.Errorf("%s: %+v, changed %v, %v", name, got, changed, err)
		}
	}
}

// A change whose answer was lost has been made when it is tried again: an
// If-Match with the version before it is then not refused.
func TestRepeatedPutIsNotAMismatch(t *testing.T) {
	was := chat.Program{ID: "p", Name: "Old", Version: 3, UpdatedAt: noon}
	stands := chat.Program{ID: "p", Name: "New", Version: 4, UpdatedAt: noon}
	for name, c := range map[string]struct {
		current chat.Program
		when    chat.Precondition
		refused bool
	}{
		"the first try":                   {was, chat.Precondition{Matches: []int{3}}, false},
		"the same again":                  {stands, chat.Precondition{Matches: []int{3}}, false},
		"another change since":            {was, chat.Precondition{Matches: []int{2}}, true},
		"the same, from an older version": {stands, chat.Precondition{Matches: []int{2}}, true},
	} {
		stored, _, err := decide(&c.current, chat.Program{ID: "p", Name: "New"}, c.when, programKind.head, noon)
		if problem.Is(err, problem.VersionMismatch) != c.refused || err == nil && stored.Entry.Version != 4 {
			t.Errorf("%s: version %d, %v", name, stored.Entry.Version, err)
		}
	}
}
