package chat

import "slices"

// Precondition is what If-Match and If-None-Match ask of a row's version (A3).
type Precondition struct {
	Matches []int // If-Match: one of these; nil if not given
	Exists  bool  // If-Match: *
	Absent  bool  // If-None-Match: *
}

// Allows reports whether a row of this version (0: there is none) meets the
// precondition.
func (p Precondition) Allows(version int) bool {
	switch {
	case p.Absent && version > 0, p.Exists && version == 0:
		return false
	default:
		return p.Matches == nil || slices.Contains(p.Matches, version)
	}
}

// Repeats reports whether If-Match names the version before this one. If the
// change that is asked for has been made already, this caller made it and lost
// the answer (RFC 9110, 13.1.1). No row had version 0.
func (p Precondition) Repeats(version int) bool {
	return version > 1 && slices.Contains(p.Matches, version-1)
}
