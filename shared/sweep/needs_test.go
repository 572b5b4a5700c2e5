package sweep

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// What passes by itself is no failure of the function, because the alarm on
// failures stops deployments.
func TestOnlyWhatNeedsAPersonIsAnError(t *testing.T) {
	passing := []error{
		nil, fmt.Errorf("%w: Throttling", chat.ErrThrottled), chat.ErrBusy, chat.ErrUnsure, chat.ErrConflict, context.DeadlineExceeded,
		&problem.Problem{Code: problem.Unavailable}, errors.Join(chat.ErrBusy, chat.ErrConflict),
	}
	for _, err := range passing {
		if got := NeedsAPerson(err); got != nil {
			t.Errorf("%v is one", got)
		}
	}
	for _, err := range []error{errors.New("sns: AuthorizationError"), errors.Join(chat.ErrBusy, errors.New("a mailbox was given up"))} {
		if NeedsAPerson(err) == nil {
			t.Errorf("%v is none", err)
		}
	}
}
