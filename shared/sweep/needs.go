package sweep

import (
	"context"
	"errors"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// NeedsAPerson returns the parts of an error that do not mend themselves. A transport
// or a table that is busy does: what was to be done stays due.
func NeedsAPerson(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var left error
		for _, part := range joined.Unwrap() {
			left = errors.Join(left, NeedsAPerson(part))
		}
		return left
	}
	for _, passing := range []error{chat.ErrThrottled, chat.ErrBusy, chat.ErrUnsure, chat.ErrConflict, context.DeadlineExceeded} {
		if errors.Is(err, passing) {
			return nil
		}
	}
	if problem.Is(err, problem.Unavailable) {
		return nil
	}
	return err
}
