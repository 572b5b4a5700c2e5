package table

import (
	"context"

	"carechat/shared/chat"
)

// MemberChats reads a member's enrollments, requests and threads with one Query
// on the prefix that they share.
func (t *Table) MemberChats(ctx context.Context, m chat.MemberKey) (chat.MemberChats, error) {
	rows, err := t.query(ctx, begins(memberKey(m), chatPrefix))
	if err != nil {
		return chat.MemberChats{}, err
	}
	var s chat.MemberChats
	for _, row := range rows {
		switch v := Decode(row).(type) {
		case *chat.Enrollment:
			s.Enrollments = append(s.Enrollments, *v)
		case *OpenRequest:
			s.Requests = append(s.Requests, v.Request)
		case *chat.EndedRequest:
			s.Ended = append(s.Ended, *v)
		case *chat.Thread:
			s.Threads = append(s.Threads, *v)
		}
	}
	return s, nil
}
