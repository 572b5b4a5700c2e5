package api

import (
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// Describe returns a function that gives a problem its current value in the shape
// that this caller may see. It leaves out a value without such a shape, such as a
// directory entry (A3).
func Describe(now func() time.Time) func(chat.Caller, *problem.Problem) *problem.Problem {
	return func(c chat.Caller, p *problem.Problem) *problem.Problem {
		shown := *p
		switch current := p.Current.(type) {
		case chat.Request:
			shown.Current = NewRequest(c, current, now())
		case chat.Enrollment:
			shown.Current = NewAssignment(current)
		default:
			shown.Current = nil
		}
		return &shown
	}
}
