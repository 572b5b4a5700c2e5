package directory

import (
	"context"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// Row is one row of a member's, as it is stored.
type Row struct {
	Kind   string // what the row is to the member: profile, message; "" for what only the system needs
	ID     string // the last part of its key
	Thread string // of a message
	Key    [2]string
	Values map[string]any // times as text; without keys
}

// ExportStore reads all rows of a member.
type ExportStore interface {
	// MemberRows returns at most limit rows after a cursor, "" for the first, and the next cursor, "" after the last row.
	MemberRows(ctx context.Context, m chat.MemberKey, after string, limit int) ([]Row, string, error)
}

// exportRows is how many rows a page of an export has: of the longest messages they fit into an answer of Lambda's.
const exportRows = 150

// MemberRows returns a page of everything that is stored of a member. It returns the problem not-found if there is no such
// member. Only the operator calls it (S6).
func (s *OperatorService) MemberRows(ctx context.Context, m chat.MemberKey, after string) ([]Row, string, error) {
	if err := checkMemberKey(m); err != nil {
		return nil, "", err
	}
	rows, next, err := s.Store.MemberRows(ctx, m, after, exportRows)
	if err == nil && after == "" && len(rows) == 0 {
		return nil, "", problem.New(problem.NotFound)
	}
	return rows, next, err
}
