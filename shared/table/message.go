package table

import (
	"context"
	"errors"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// messageFields are few and short: a page has 50 messages. The seq is in the key,
// the author's id in the thread.
func messageFields(m *chat.Message) fields {
	return fields{
		{"id", text(&m.ID)},
		{"by", text(&m.Role)},
		{"name", text(&m.Author.Name)},
		{"text", text(&m.Text)},
		{"at", moment(&m.SentAt)},
		{"client", text(&m.ClientMessageID)},
		{"total", number(&m.SideTotal)},
	}
}

var messageKind = kind{messagePrefix, func(row item) any { return readMessage(row) }}

// Sent is the record of a client's id: where its message stands in the thread (A2).
type Sent struct {
	Seq     int
	CheckAt time.Time // when upkeep looks whether the message is answered, if it began a wait (T13)
}

func sentFields(s *Sent) fields { return fields{{"seq", number(&s.Seq)}} }

var sentKind = kind{sentPrefix, func(row item) any { return valueOf(row, Sent{CheckAt: dueTime(row)}, sentFields) }}

func readMessage(row item) *chat.Message {
	return valueOf(row, chat.Message{Seq: keyOf(row).sk.seq()}, messageFields)
}

// messageWrites save a message and the record of its client's id.
func messageWrites(t chat.Thread, m chat.Message) []write {
	pk := messagesKey(t.Key(), t.ID)
	return []write{
		put(pk, messageSort(m.Seq), messageFields(&m)),
		put(pk, sentSort(m.Role, m.ClientMessageID), sentFields(&Sent{m.Seq, m.CheckAt}).due(UpkeepLane, pk, m.CheckAt)),
	}
}

// AddMessage saves the thread's next message with the thread that counts it (T9).
func (t *Table) AddMessage(ctx context.Context, th chat.Thread, m chat.Message) error {
	return t.apply(ctx, append(messageWrites(th, m), threadWrite(th))...)
}

// StartThread saves a new thread, its first message and the enrollment that it
// moves, in one transaction.
func (t *Table) StartThread(ctx context.Context, e chat.Enrollment, th chat.Thread, m chat.Message) error {
	return t.apply(ctx, append(messageWrites(th, m), threadWrite(th), enrollmentWrite(e))...)
}

// ClaimWithMessage saves an enrollment with what moves with it and a message of its new
// owner, whose thread is among that, in one transaction (T13).
func (t *Table) ClaimWithMessage(ctx context.Context, e chat.Enrolled, th chat.Thread, m chat.Message) error {
	return t.apply(ctx, append(messageWrites(th, m), enrolledWrites(e)...)...)
}

// Sent finds the message that a side sent with this id; nil if there is none.
func (t *Table) Sent(ctx context.Context, m chat.MemberKey, threadID string, role chat.Kind, clientMessageID string) (*chat.Message, error) {
	pk := messagesKey(m, threadID)
	record, err := t.get(ctx, pk, sentSort(role, clientMessageID))
	if err != nil || record == nil {
		return nil, err
	}
	row, err := t.get(ctx, pk, messageSort(valueOf(record, Sent{}, sentFields).Seq))
	return readMessage(row), err
}

// Messages reads a page and the thread beside it. The two are no snapshot: Messages
// leaves out what is above the thread's last seq, and reads a page again that has a
// gap or lacks what the thread already counts (T6). The thread is nil if there is
// none; if no whole page comes in five tries the error is problem.Unavailable.
func (t *Table) Messages(ctx context.Context, m chat.MemberKey, threadID string, p chat.MessageQuery) (*chat.Thread, []chat.Message, error) {
	for n := 1; ; n++ {
		thread, items, err := t.readPage(ctx, m, threadID, p)
		if err != nil || thread == nil || whole(*thread, items, p) {
			return thread, items, err
		}
		if n == 5 {
			return nil, nil, &problem.Problem{Code: problem.Unavailable, RetryAfter: time.Second}
		}
	}
}

func (t *Table) readPage(ctx context.Context, m chat.MemberKey, threadID string, p chat.MessageQuery) (*chat.Thread, []chat.Message, error) {
	var thread *chat.Thread
	read := make(chan error, 1)
	go func() {
		var err error
		thread, err = t.Thread(ctx, m, threadID)
		read <- err
	}()
	var rows []item
	var err error
	if s := pageSpan(messagesKey(m, threadID), p); s.from <= s.to {
		rows, err = t.query(ctx, s)
	}
	if err := errors.Join(err, <-read); err != nil || thread == nil {
		return nil, nil, err
	}
	if p.After == nil {
		slices.Reverse(rows)
	}
	var items []chat.Message
	for _, row := range rows {
		if msg := readMessage(row); msg.Seq <= thread.LastSeq() {
			items = append(items, thread.Signed(*msg))
		}
	}
	return thread, items, nil
}

// pageSpan returns the range of a page: forward after a seq, else backward.
func pageSpan(pk partition, p chat.MessageQuery) span {
	s := span{pk: pk, from: messageSort(1), to: messagePrefix.until(), limit: int32(p.Limit), backward: p.After == nil}
	if p.After != nil {
		s.from = messageSort(*p.After + 1)
	}
	if p.Before != nil {
		s.to = messageSort(*p.Before - 1)
	}
	return s
}

// whole reports whether a page has all that the thread says it must have.
func whole(t chat.Thread, items []chat.Message, p chat.MessageQuery) bool {
	first, last := bounds(t, p)
	if last < first {
		return len(items) == 0
	}
	if len(items) == 0 || items[0].Seq != first || items[len(items)-1].Seq != last {
		return false
	}
	return len(items) == last-first+1
}

// bounds returns the first and the last seq that a page must have.
func bounds(t chat.Thread, p chat.MessageQuery) (first, last int) {
	first, last = 1, t.LastSeq()
	if p.Before != nil {
		last = min(last, *p.Before-1)
	}
	if p.After != nil {
		first = *p.After + 1
		return first, min(last, first+p.Limit-1)
	}
	return max(first, last-p.Limit+1), last
}
