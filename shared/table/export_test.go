package table

import (
	"context"

	"carechat/shared/chat"
)

// SaveEnrollment writes an enrollment as it is, for tests.
func (t *Table) SaveEnrollment(ctx context.Context, e chat.Enrollment) error {
	return t.apply(ctx, enrollmentWrite(e))
}

// SaveThread writes a thread as it is, for tests.
func (t *Table) SaveThread(ctx context.Context, th chat.Thread) error {
	return t.apply(ctx, threadWrite(th))
}
