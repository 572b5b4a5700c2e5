package main

import (
	"cmp"
	"slices"
	"strings"
)

// edit puts text at a place of a file, in place of as many bytes as it cuts.
type edit struct {
	at, cut int
	text    string
	side    side
	size    int // of what it stands around: of two that open at one place the larger is first
}

// side is where an edit stands among those of the same place.
type side int

const (
	closing side = iota
	opening
	instead
)

// edited returns a file's text with edits made.
func edited(source string, edits []edit) string {
	slices.SortStableFunc(edits, func(a, b edit) int {
		bySize := cmp.Compare(a.size, b.size)
		if a.side == opening {
			bySize = -bySize
		}
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.side, b.side), bySize)
	})
	var out strings.Builder
	at := 0
	for _, e := range edits {
		out.WriteString(source[at:e.at])
		out.WriteString(e.text)
		at = e.at + e.cut
	}
	return out.String() + source[at:]
}

// compiledIn returns a file's text with its changes compiled in, by their numbers.
func compiledIn(source string, changes map[int]change) string {
	var edits []edit
	for n, c := range changes {
		if len(edits) == 0 {
			edits = append(edits, edit{at: c.clause, text: `; import mutant "carechat/tests/mutants/changed"`})
		}
		edits = append(edits, c.edits(n)...)
	}
	return edited(source, edits)
}
