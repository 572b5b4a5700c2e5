package table

import (
	"context"

	"carechat/shared/chat"
)

// SaveEnrolled saves an enrollment with its open request and its threads, each
// on the version before, in one transaction (T9). A request that has ended goes
// to the ended ones.
func (t *Table) SaveEnrolled(ctx context.Context, e chat.Enrolled) error {
	writes := []write{enrollmentWrite(e.Enrollment)}
	switch r := e.Request; {
	case r == nil:
	case r.State == chat.Open:
		writes = append(writes, openRequestWrite(*r))
	default:
		writes = append(writes, endRequestWrites(*r)...)
	}
	for _, th := range e.Threads {
		writes = append(writes, threadWrite(th))
	}
	return t.apply(ctx, writes...)
}
