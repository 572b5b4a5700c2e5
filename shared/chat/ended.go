package chat

import (
	"slices"
	"time"
)

// endedFor is how long a member goes on seeing that a request has ended.
const endedFor = 30 * 24 * time.Hour

// EndedRequest is the last request of an enrollment that has ended, as its member
// sees it for 30 days: without its comment, its note and its history. Rights on it
// are those on its enrollment.
type EndedRequest struct {
	Request
	ExpiresAt time.Time
}

// Ended returns what is seen of a request once it has ended.
func (r Request) Ended() EndedRequest {
	r.Comment, r.Note, r.History, r.Ownership = "", "", nil, Ownership{}
	return EndedRequest{r, r.UpdatedAt.Add(endedFor)}
}

// endedIn returns the ended requests of some enrollments that are not too old,
// newest first.
func (c MemberChats) endedIn(enrollments []Enrollment, now time.Time) []EndedRequest {
	in := slices.DeleteFunc(slices.Clone(c.Ended), func(r EndedRequest) bool {
		isTheirs := func(e Enrollment) bool { return e.Program.ID == r.Program.ID }
		return !now.Before(r.ExpiresAt) || !slices.ContainsFunc(enrollments, isTheirs)
	})
	slices.SortFunc(in, func(a, b EndedRequest) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	return in
}
