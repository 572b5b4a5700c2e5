package chat

import (
	"context"

	"carechat/shared/problem"
)

// MessageStore reads conversations.
type MessageStore interface {
	// Messages reads a page and, beside it, the thread (nil if there is none).
	Messages(ctx context.Context, m MemberKey, threadID string, q MessageQuery) (*Thread, []Message, error)
}

// maxSeq is more than any thread has, and fits the width of a message's key.
const maxSeq = 999_999_999

// MessageQuery asks for messages by exclusive seqs; with neither bound, for the newest.
type MessageQuery struct {
	After  *int
	Before *int
	Limit  int // 1-100
}

func (q MessageQuery) check() error {
	var fields problem.Fields
	if q.Limit < 1 || q.Limit > 100 {
		fields.Add("?limit", "out-of-range", "must be 1 to 100")
	}
	if q.After != nil && (*q.After < 0 || *q.After > maxSeq) {
		fields.Add("?after", "out-of-range", "must be 0 to 999999999")
	}
	if q.Before != nil && (*q.Before < 1 || *q.Before > maxSeq) {
		fields.Add("?before", "out-of-range", "must be 1 to 999999999")
	}
	if q.After != nil && q.Before != nil && *q.After >= *q.Before {
		fields.Add("?after", "out-of-range", "must be less than before")
	}
	return fields.Err()
}

// MessagePage is a page of a conversation, ascending, with the thread as it was.
type MessagePage struct {
	Thread  ThreadView
	Items   []Message
	HasMore bool // in the direction asked for: older ones without After
}

// Messages reads a page. It costs the same however long the thread is.
func (s *ListService) Messages(ctx context.Context, c Caller, memberID, threadID string, q MessageQuery) (MessagePage, error) {
	m, err := threadOf(c, memberID, threadID)
	if err != nil {
		return MessagePage{}, err
	}
	if err := q.check(); err != nil {
		return MessagePage{}, err
	}
	t, items, err := s.Store.Messages(ctx, m, threadID, q)
	if err != nil {
		return MessagePage{}, err
	}
	if t == nil {
		return MessagePage{}, notThere(ctx, s.Store, c, s.Now())
	}
	access, err := accessToThread(ctx, s.Store, c, s.Now(), *t)
	if err != nil || access == NoAccess {
		return MessagePage{}, problem.OrNotFound(err)
	}
	n, err := readNames(ctx, s.Store, c, anything)
	shown := ThreadView{Thread: n.thread(*t), Access: access, Cover: n.cover(*t, s.Now())}
	return MessagePage{Thread: shown, Items: items, HasMore: q.hasMore(*t, items)}, err
}

// threadOf returns whose thread a path is about, to either of its sides. A
// thread's id that cannot be one is not there.
func threadOf(c Caller, memberID, threadID string) (MemberKey, error) {
	if err := c.Only(Member, CareManager); err != nil {
		return MemberKey{}, err
	}
	m, err := c.MemberKey(memberID)
	if err == nil && !ValidID(threadID) {
		err = problem.New(problem.NotFound)
	}
	return m, err
}

// hasMore reports whether the thread has messages beyond a page, in the direction
// asked for.
func (q MessageQuery) hasMore(t Thread, page []Message) bool {
	n := len(page)
	switch {
	case n == 0:
		return false
	case q.After == nil:
		return page[0].Seq > 1
	}
	last := page[n-1].Seq
	return last < t.LastSeq() && (q.Before == nil || last+1 < *q.Before)
}
