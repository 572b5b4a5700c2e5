package chat

import "slices"

// Precondition is what If-Match and If-None-Match ask of the version (A3).
type Precondition struct {
	Matches []int // If-Match: one of these; nil: not asked
	Exists  bool  // If-Match: *
	Absent  bool  // If-None-Match: *
}

// Allows reports whether a row with this version (0: none) meets the precondition.
func (p Precondition) Allows(version int) bool {
	switch {
	case p.Absent && version > 0, p.Exists && version == 0:
		return false
	default:
		return p.Matches == nil || slices.Contains(p.Matches, version)
	}
}

// Repeats reports whether If-Match named the version before this one. A change
// that stands already was then this call's own, its answer lost (RFC 9110, 13.1.1). No row had version 0.
func (p Precondition) Repeats(version int) bool {
	return version > 1 && slices.Contains(p.Matches, version-1)
}
