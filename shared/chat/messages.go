package chat

import (
	"context"

	"carechat/shared/problem"
)

// ThreadStore keeps threads and their messages.
type ThreadStore interface {
	// Thread reads one; nil if there is none.
	Thread(ctx context.Context, m MemberKey, threadID string) (*Thread, error)
	// EnrollmentAndThread reads both at once, each nil if there is none.
	EnrollmentAndThread(ctx context.Context, m MemberKey, programID, threadID string) (*Enrollment, *Thread, error)
	// ThreadAndMessage reads both at once, each nil if there is none.
	ThreadAndMessage(ctx context.Context, m MemberKey, threadID string, seq int) (*Thread, *Message, error)
	// Sent finds the message that a side sent with this id, nil if it did not (A2).
	Sent(ctx context.Context, m MemberKey, threadID string, role Kind, clientMessageID string) (*Message, error)
	// AddMessage saves the thread's next message with the thread that counts it (T9).
	AddMessage(ctx context.Context, t Thread, msg Message) error
	// StartThread saves a new thread with its first message and the moved enrollment (T4).
	StartThread(ctx context.Context, e Enrollment, t Thread, msg Message) error
	// SaveRead saves a thread whose cursor moved.
	SaveRead(ctx context.Context, t Thread) error
	// Messages reads a page and, beside it, the thread (nil if there is none).
	Messages(ctx context.Context, m MemberKey, threadID string, p Page) (*Thread, []Message, error)
}

// maxSeq is more than any thread holds and fits the width of a message's key.
const maxSeq = 999_999_999

// Page asks for messages by exclusive seqs; with neither bound, for the newest.
type Page struct {
	After  *int
	Before *int
	Limit  int // 1-100
}

// check notes what is out of range. The limit is 50 unless given.
func (p *Page) check() error {
	var fields problem.Fields
	if p.Limit < 1 || p.Limit > 100 {
		fields.Add("?limit", "out-of-range", "must be 1 to 100")
	}
	if p.After != nil && (*p.After < 0 || *p.After > maxSeq) {
		fields.Add("?after", "out-of-range", "must be 0 to 999999999")
	}
	if p.Before != nil && (*p.Before < 1 || *p.Before > maxSeq) {
		fields.Add("?before", "out-of-range", "must be 1 to 999999999")
	}
	if p.After != nil && p.Before != nil && *p.After >= *p.Before {
		fields.Add("?after", "out-of-range", "must be less than before")
	}
	return fields.Err()
}

// MessagePage is a page of a conversation, ascending, with the thread as it was.
type MessagePage struct {
	Thread  Thread
	Access  Access
	Items   []Message
	HasMore bool // in the direction asked: older ones unless after was given
}

// Messages reads a page. It costs the same however long the thread is.
func (s *Service) Messages(ctx context.Context, c Caller, memberID, threadID string, p Page) (MessagePage, error) {
	if err := c.Only(Member, CareManager); err != nil {
		return MessagePage{}, err
	}
	m, err := c.MemberKey(memberID)
	if err != nil || !ValidID(threadID) {
		return MessagePage{}, problem.OrNotFound(err)
	}
	if err := p.check(); err != nil {
		return MessagePage{}, err
	}
	t, items, err := s.Store.Messages(ctx, m, threadID, p)
	if err != nil || t == nil {
		return MessagePage{}, problem.OrNotFound(err)
	}
	access, err := s.threadAccess(ctx, c, *t)
	if err != nil || access == NoAccess {
		return MessagePage{}, problem.OrNotFound(err)
	}
	page := MessagePage{Thread: *t, Access: access, Items: items}
	if n := len(items); n > 0 {
		page.HasMore = items[0].Seq > 1
		if p.After != nil {
			page.HasMore = items[n-1].Seq < t.LastSeq() && (p.Before == nil || items[n-1].Seq+1 < *p.Before)
		}
	}
	return page, nil
}

// MarkRead moves the caller's side's cursor up to seq. A lower seq than stored
// changes nothing: a cursor never goes back (G3).
func (s *Service) MarkRead(ctx context.Context, c Caller, memberID, threadID string, seq int) (Thread, error) {
	if err := c.Only(Member, CareManager); err != nil {
		return Thread{}, err
	}
	m, err := c.MemberKey(memberID)
	if err != nil || !ValidID(threadID) {
		return Thread{}, problem.OrNotFound(err)
	}
	if seq < 0 || seq > maxSeq {
		return Thread{}, problem.WithField("/seq", "out-of-range", "must be 0 or more and not beyond the last message")
	}
	var settled Thread
	err = RetryOnConflict(ctx, func() error {
		t, at, err := s.Store.ThreadAndMessage(ctx, m, threadID, seq)
		if err != nil || t == nil {
			return problem.OrNotFound(err)
		}
		settled, err = s.tryMarkRead(ctx, c, *t, at, seq)
		return err
	})
	return settled, err
}

func (s *Service) tryMarkRead(ctx context.Context, c Caller, t Thread, at *Message, seq int) (Thread, error) {
	access, err := s.threadAccess(ctx, c, t)
	switch {
	case err != nil || access == NoAccess:
		return t, problem.OrNotFound(err)
	case access == ReadOnly:
		return t, problem.New(problem.Forbidden)
	case seq > t.LastSeq():
		return t, problem.WithField("/seq", "out-of-range", "is beyond the thread's last message")
	case seq <= t.side(c.Kind).ReadSeq:
		return t, nil
	case at == nil:
		return t, ErrConflict // the thread is newer than the message read beside it
	}
	next := t.read(c.Kind, *at, s.Now())
	return next, s.Store.SaveRead(ctx, next)
}

// ReadSeq is a side's cursor.
func (t Thread) ReadSeq(k Kind) int { return t.side(k).ReadSeq }
