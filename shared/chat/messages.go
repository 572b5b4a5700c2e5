package chat

import (
	"context"
	"errors"
	"time"

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

// Draft is a message that a client wants to send.
type Draft struct {
	ClientMessageID string
	Text            string
}

func (d Draft) check() problem.Fields {
	var fields problem.Fields
	switch {
	case d.ClientMessageID == "":
		fields.Add("/clientMessageId", "required", "must be given")
	case !keyPattern.MatchString(d.ClientMessageID):
		fields.Add("/clientMessageId", "invalid", "must be 16 to 128 letters, digits, - or _")
	}
	checkText(&fields, "/text", d.Text)
	return fields
}

// Posted is a message as it stands in its thread.
type Posted struct {
	Thread   Thread
	Message  Message
	Replayed bool
}

// message is the draft as its author's message.
func (s *Service) message(c Caller, d Draft) Message {
	return Message{
		ID: s.NewID("msg"), Role: c.Kind, Author: Ref{c.ID, c.Name},
		Text: d.Text, SentAt: s.Now(), ClientMessageID: d.ClientMessageID,
	}
}

// Send puts a message into a thread: once, in one place, whatever is retried (G1).
func (s *Service) Send(ctx context.Context, c Caller, memberID, threadID string, d Draft) (Posted, error) {
	if err := c.only(Member, CareManager); err != nil {
		return Posted{}, err
	}
	m, err := c.member(memberID)
	if err != nil || !ValidID(threadID) {
		return Posted{}, orAbsent(err)
	}
	if err := d.check().Err(); err != nil {
		return Posted{}, err
	}
	delay, err := s.noticeDelay(ctx, c)
	if err != nil {
		return Posted{}, err
	}
	var posted Posted
	err = Settle(ctx, func() error {
		t, err := s.Store.Thread(ctx, m, threadID)
		if err != nil || t == nil {
			return orAbsent(err)
		}
		posted, err = s.trySend(ctx, c, *t, d, delay)
		return s.orReplay(ctx, c, *t, d, &posted, err)
	})
	return posted, err
}

func (s *Service) trySend(ctx context.Context, c Caller, t Thread, d Draft, delay time.Duration) (Posted, error) {
	access, err := s.threadAccess(ctx, c, t)
	if err != nil {
		return Posted{}, err
	}
	if err := mayWrite(c, t, access); err != nil {
		return Posted{}, err
	}
	next, msg := t.add(s.message(c, d), delay)
	return Posted{Thread: next, Message: msg}, s.Store.AddMessage(ctx, next, msg)
}

// mayWrite refuses in the order of what the caller may know: that the thread is
// there, that it is theirs to read alone, that it takes no message (A4, S7).
func mayWrite(c Caller, t Thread, access Access) error {
	rule := t.CanReply(c, access)
	switch {
	case access == NoAccess:
		return problem.New(problem.NotFound)
	case access == ReadOnly:
		return problem.New(problem.Forbidden)
	case !rule.Allowed:
		return problem.WithReason(problem.ThreadReadOnly, rule.Reason)
	}
	return nil
}

// orReplay answers a send that failed or was refused from the record of its
// first try, if that one won (A2). Only the author's own record is looked at.
func (s *Service) orReplay(ctx context.Context, c Caller, t Thread, d Draft, posted *Posted, cause error) error {
	var refused *problem.Problem
	author := c.Kind == Member || c.ID == t.CareManager.ID
	if cause == nil || !author || !errors.Is(cause, ErrMoved) && !errors.As(cause, &refused) {
		return cause
	}
	sent, err := s.Store.Sent(ctx, t.Key(), t.ID, c.Kind, d.ClientMessageID)
	switch {
	case err != nil:
		return err
	case sent == nil:
		return cause
	case sent.Text != d.Text:
		return problem.New(problem.IdempotencyKeyReused)
	}
	*posted = Posted{Thread: t, Message: t.Signed(*sent), Replayed: true}
	return nil
}

// noticeDelay is how long after a member's first unread message a notice is due (N1).
func (s *Service) noticeDelay(ctx context.Context, c Caller) (time.Duration, error) {
	if c.Kind == Member {
		return 0, nil
	}
	catalog, err := s.Store.Catalog(ctx, c.Organization, false)
	return time.Duration(catalog.Organization.Notices.DelaySeconds) * time.Second, err
}

// Start is a care manager's message to a member in a program: the first one
// makes their thread, a later one is one more in it.
func (s *Service) Start(ctx context.Context, c Caller, memberID, programID string, d Draft) (Posted, error) {
	if err := c.only(CareManager); err != nil {
		return Posted{}, err
	}
	m, err := c.member(memberID)
	if err != nil {
		return Posted{}, err
	}
	fields := d.check()
	checkID(&fields, "/programId", programID)
	if err := fields.Err(); err != nil {
		return Posted{}, err
	}
	catalog, err := s.catalogWith(ctx, c.Organization, func(c Catalog) bool { return c.Programs[programID].ID != "" })
	if err != nil {
		return Posted{}, err
	}
	var posted Posted
	err = Settle(ctx, func() error {
		e, t, err := s.Store.EnrollmentAndThread(ctx, m, programID, ThreadID(programID, c.ID))
		if err != nil {
			return err
		}
		posted, err = s.tryStart(ctx, c, e, t, d, catalog)
		if t == nil {
			return err
		}
		return s.orReplay(ctx, c, *t, d, &posted, err)
	})
	return posted, err
}

func (s *Service) tryStart(ctx context.Context, c Caller, e *Enrollment, t *Thread, d Draft, catalog Catalog) (Posted, error) {
	if e == nil {
		return Posted{}, problem.New(problem.NotFound)
	}
	access, err := s.access(ctx, c, e.Holding)
	if err != nil || access == NoAccess {
		return Posted{}, orAbsent(err)
	}
	if err := mayStart(*e, t, catalog); err != nil {
		return Posted{}, err
	}
	delay := time.Duration(catalog.Organization.Notices.DelaySeconds) * time.Second
	if t != nil {
		next, msg := t.add(s.message(c, d), delay)
		return Posted{Thread: next, Message: msg}, s.Store.AddMessage(ctx, next, msg)
	}
	next, msg := s.newThread(c, *e).add(s.message(c, d), delay)
	moved := e.moved()
	moved.Threads++
	return Posted{Thread: next, Message: msg}, s.Store.StartThread(ctx, moved, next, msg)
}

// mayStart refuses a first message where no thread can be.
func mayStart(e Enrollment, t *Thread, catalog Catalog) error {
	switch {
	case e.State == EnrollmentClosed:
		return problem.WithReason(problem.NotEligible, "closed")
	case catalog.Programs[e.Program.ID].Kind != Guided:
		return problem.WithReason(problem.NotEligible, "classic")
	case t == nil && e.Threads >= MaxThreads:
		return problem.New(problem.TooManyThreads)
	}
	return nil
}

func (s *Service) newThread(c Caller, e Enrollment) Thread {
	return Thread{
		Organization: e.Organization, ID: ThreadID(e.Program.ID, c.ID),
		Member: e.Member, Program: e.Program, CareManager: Ref{c.ID, c.Name},
		State: ThreadActive, Holding: e.Holding, CreatedAt: s.Now(),
	}
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
	if err := c.only(Member, CareManager); err != nil {
		return MessagePage{}, err
	}
	m, err := c.member(memberID)
	if err != nil || !ValidID(threadID) {
		return MessagePage{}, orAbsent(err)
	}
	if err := p.check(); err != nil {
		return MessagePage{}, err
	}
	t, items, err := s.Store.Messages(ctx, m, threadID, p)
	if err != nil || t == nil {
		return MessagePage{}, orAbsent(err)
	}
	access, err := s.threadAccess(ctx, c, *t)
	if err != nil || access == NoAccess {
		return MessagePage{}, orAbsent(err)
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
	if err := c.only(Member, CareManager); err != nil {
		return Thread{}, err
	}
	m, err := c.member(memberID)
	if err != nil || !ValidID(threadID) {
		return Thread{}, orAbsent(err)
	}
	if seq < 0 || seq > maxSeq {
		return Thread{}, problem.WithField("/seq", "out-of-range", "must be 0 or more and not beyond the last message")
	}
	var settled Thread
	err = Settle(ctx, func() error {
		t, at, err := s.Store.ThreadAndMessage(ctx, m, threadID, seq)
		if err != nil || t == nil {
			return orAbsent(err)
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
		return t, orAbsent(err)
	case access == ReadOnly:
		return t, problem.New(problem.Forbidden)
	case seq > t.LastSeq():
		return t, problem.WithField("/seq", "out-of-range", "is beyond the thread's last message")
	case seq <= t.side(c.Kind).ReadSeq:
		return t, nil
	case at == nil:
		return t, ErrMoved // the thread is newer than the message read beside it
	}
	next := t.read(c.Kind, *at, s.Now())
	return next, s.Store.SaveRead(ctx, next)
}

// ReadSeq is a side's cursor.
func (t Thread) ReadSeq(k Kind) int { return t.side(k).ReadSeq }
