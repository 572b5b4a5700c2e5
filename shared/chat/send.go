package chat

import (
	"context"
	"errors"
	"slices"
	"time"

	"carechat/shared/problem"
)

// SendStore adds messages to threads.
type SendStore interface {
	CatalogStore
	ColleagueStore
	RightsStore
	// Thread reads one; nil if there is none.
	Thread(ctx context.Context, m MemberKey, threadID string) (*Thread, error)
	// EnrollmentAndThread reads both at once, each nil if there is none.
	EnrollmentAndThread(ctx context.Context, m MemberKey, programID, threadID string) (*Enrollment, *Thread, error)
	// Sent finds the message that a side sent with this id; nil if there is none (A2).
	Sent(ctx context.Context, m MemberKey, threadID string, role Kind, clientMessageID string) (*Message, error)
	// AddMessage saves the thread's next message with the thread that counts it (T9).
	AddMessage(ctx context.Context, t Thread, msg Message) error
	// ClaimWithMessage saves an enrollment that its author takes over, with what moves
	// with it, the message's thread among it (T13).
	ClaimWithMessage(ctx context.Context, e Enrolled, t Thread, msg Message) error
	// StartThread saves a new thread with its first message and the moved enrollment (T4).
	StartThread(ctx context.Context, e Enrollment, t Thread, msg Message) error
}

// SendService sends messages.
type SendService struct {
	Store SendStore
	Now   func() time.Time
	// NewID makes an id that sorts by time, with a prefix such as "msg" (A1).
	NewID func(prefix string) string
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
	case !validKey(d.ClientMessageID):
		fields.Add("/clientMessageId", "invalid", "must be 16 to 128 letters, digits, - or _")
	}
	checkText(&fields, "/text", d.Text)
	return fields
}

// Posted is a stored message with its thread, and what its author may do there now.
type Posted struct {
	Thread   Thread
	Access   Access
	Message  Message
	Replayed bool
}

// message returns the draft as its author's message.
func (s *SendService) message(c Caller, d Draft) Message {
	return Message{
		ID: s.NewID("msg"), Role: c.Kind, Author: Ref{c.ID, c.Name},
		Text: d.Text, SentAt: s.Now(), ClientMessageID: d.ClientMessageID,
	}
}

// Send puts a message into a thread: once, in one place, whatever is retried (G1).
func (s *SendService) Send(ctx context.Context, c Caller, memberID, threadID string, d Draft) (Posted, error) {
	d.Text = stored(d.Text)
	m, err := threadOf(c, memberID, threadID)
	if err != nil {
		return Posted{}, err
	}
	catalog, err := s.Store.Catalog(ctx, c.Organization, false)
	if err != nil {
		return Posted{}, err
	}
	var posted Posted
	err = RetryOnConflict(ctx, func() error {
		t, err := s.Store.Thread(ctx, m, threadID)
		if err != nil {
			return err
		}
		if t == nil {
			return notThere(ctx, s.Store, c, s.Now())
		}
		posted, err = s.trySend(ctx, c, *t, d, catalog.Organization.delays())
		return s.orReplay(ctx, c, *t, d, &posted, err)
	})
	return posted, err
}

func (s *SendService) trySend(ctx context.Context, c Caller, t Thread, d Draft, wait delays) (Posted, error) {
	access, err := accessToThread(ctx, s.Store, c, s.Now(), t)
	if err != nil {
		return Posted{}, err
	}
	if err := mayWrite(c, t, access); err != nil {
		return Posted{}, err
	}
	if err := d.check().Err(); err != nil {
		return Posted{}, err
	}
	return s.post(ctx, c, access, t, d, wait)
}

// post adds the draft to a saved thread that the caller may write in.
func (s *SendService) post(ctx context.Context, c Caller, access Access, t Thread, d Draft, wait delays) (Posted, error) {
	next, msg := t.add(s.message(c, d), wait)
	if access == Helping {
		return s.claim(ctx, c, next, msg, 0)
	}
	return Posted{Thread: next, Access: access, Message: msg}, s.Store.AddMessage(ctx, next, msg)
}

// claim saves a message of a care manager who helps because something is late, and
// makes them the owner, so that the member's answer finds them (T13). The thread is
// the enrollment's newest if this is its first message: no row of its own guards it,
// so version is that of the enrollment which decided. If that has moved, or nothing
// is late any more, claim returns ErrConflict (T5).
func (s *SendService) claim(ctx context.Context, c Caller, t Thread, msg Message, version int) (Posted, error) {
	chats, err := s.Store.MemberChats(ctx, t.Key())
	if err != nil {
		return Posted{}, err
	}
	was := chats.Enrolled(t.Program.ID)
	first := msg.Seq == 1
	if first && was.Enrollment.Version != version || was.late(s.Now()) == nil {
		return Posted{}, ErrConflict
	}
	becomes := was.Enrollment
	becomes.Owner = c.asOwner()
	plan, err := was.MoveTo(becomes, c.Kind, s.Now())
	if err != nil {
		return Posted{}, err
	}
	t.Ownership = plan.Enrollment.Ownership
	at := slices.IndexFunc(plan.Threads, func(each Thread) bool { return each.ID == t.ID })
	if at >= 0 {
		plan.Threads[at] = t
	} else {
		plan.Threads = append(plan.Threads, t)
		plan.Enrollment.Threads++
	}
	return Posted{Thread: t, Access: FullAccess, Message: msg}, s.Store.ClaimWithMessage(ctx, plan, t, msg)
}

// mayWrite returns why the caller cannot write in a thread, in the order of what
// they may know: that the thread is there, that they may only read it, that it
// takes no message (A4, S7).
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

// orReplay answers a send that failed or was refused, for whatever cause, from the
// record of its first try, if that one won (A2). It looks only at the author's own
// records.
func (s *SendService) orReplay(ctx context.Context, c Caller, t Thread, d Draft, posted *Posted, cause error) error {
	var refused *problem.Problem
	recorded := validKey(d.ClientMessageID) && (c.Kind == Member || c.ID == t.CareManager.ID)
	if cause == nil || !recorded || !errors.Is(cause, ErrConflict) && !errors.As(cause, &refused) {
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
	case sent.Seq > t.LastSeq():
		return ErrConflict // the answer shows the thread with the message in it
	}
	access, err := accessToThread(ctx, s.Store, c, s.Now(), t)
	*posted = Posted{t, access, t.Signed(*sent), true}
	return err
}
