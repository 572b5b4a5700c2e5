package table

import (
	"context"
	"strings"

	"carechat/shared/chat"
)

// MemberChats reads a member's enrollments, open requests and threads: one Query on
// the prefix that they share.
func (t *Table) MemberChats(ctx context.Context, m chat.MemberKey) (chat.MemberChats, error) {
	rows, _, err := t.query(ctx, begins(memberKey(m), chatPrefix))
	if err != nil {
		return chat.MemberChats{}, err
	}
	var s chat.MemberChats
	for _, row := range rows {
		switch sk := string(keyOf(row).sk); {
		case strings.HasPrefix(sk, string(openPrefix)):
			s.Requests = append(s.Requests, *readRequest(row))
		case strings.HasPrefix(sk, string(threadPrefix)):
			s.Threads = append(s.Threads, *readThread(row))
		case strings.HasPrefix(sk, string(enrollmentSort(""))):
			s.Enrollments = append(s.Enrollments, *readEnrollment(row))
		}
	}
	return s, nil
}
