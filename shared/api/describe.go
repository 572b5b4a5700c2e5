package api

import (
	"carechat/shared/chat"
	"carechat/shared/problem"
)

// Assignment is an enrollment as the care side sees it.
type Assignment struct {
	Member  Person `json:"member"`
	Program Named  `json:"program"`
	Paused  bool   `json:"paused"`
	Owner   Owner  `json:"owner"`
	Version int    `json:"version"`
}

// NewAssignment shapes an enrollment.
func NewAssignment(e chat.Enrollment) Assignment {
	return Assignment{person(e.Member), named(e.Program), e.Paused, newOwner(e.Owner), e.Version}
}

// Describe returns the problem with its current value in the shape that this caller
// would be shown. A value without one, such as a directory entry, is left out (A3).
func Describe(c chat.Caller, p *problem.Problem) *problem.Problem {
	shown := *p
	switch current := p.Current.(type) {
	case chat.Request:
		shown.Current = NewRequest(c, current)
	case chat.Enrollment:
		shown.Current = NewAssignment(current)
	default:
		shown.Current = nil
	}
	return &shown
}
