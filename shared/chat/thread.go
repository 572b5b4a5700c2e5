package chat

import (
	"crypto/sha256"
	"encoding/base64"
	"time"
)

// ThreadState is active or inactive: its enrollment's state.
type ThreadState string

// The states of a thread.
const (
	ThreadActive   ThreadState = "active"
	ThreadInactive ThreadState = "inactive"
)

// Side is what a thread keeps of one of its two sides. A running total counts each
// side's messages, so that what is unread is a difference and never drifts (T8).
type Side struct {
	Sent     int       // messages that this side wrote
	ReadSeq  int       // its read cursor: the highest seq read; moves forward only
	ReadSent int       // the other side's messages up to ReadSeq
	ActiveAt time.Time // when it last wrote or read
}

// Thread is the conversation of a member and a care manager in a program.
type Thread struct {
	Organization        string
	ID                  string
	Member              Ref
	Program             Ref
	CareManager         Ref
	State               ThreadState
	Ownership           // of its enrollment
	MemberSide          Side
	CareManagerSide     Side
	Last                LastMessage
	CreatedAt           time.Time
	UpdatedAt           time.Time
	WaitingSince        time.Time // the care side's first unread message; zero when it has read all
	LateAt              time.Time // when that is late, once upkeep has worked it out (T13)
	UnreadSince         time.Time // the member's unread spell; zero when they have read all
	UnreadByMemberSince time.Time // shown to the care side once the reminder was decided (N3)
	DueAt               time.Time // when a notice of it is due (N1)
	DueRule             DueRule   // which one
	DueChannels         []Channel // on which channels, the others being decided; nil for every chosen one
	Version             int
}

// DueRule says why a notice is due.
type DueRule string

// The rules by which a notice is sent (N1, N3).
const (
	FirstNotice DueRule = ""         // of a spell
	Reminder    DueRule = "reminder" // of the same spell, once
	Resumed     DueRule = "resumed"  // of what is unread when a pause ends or an enrollment opens again
)

// LastMessage is what lists show of a thread's newest message.
type LastMessage struct {
	Seq     int
	Role    Kind
	Author  Ref
	Preview string // at most 80 code points
	SentAt  time.Time
}

// Message is one message, immutable.
type Message struct {
	ID              string
	Seq             int // 1, 2, 3 … without gaps in its thread (G2)
	Role            Kind
	Author          Ref
	Text            string
	SentAt          time.Time
	ClientMessageID string
	SideTotal       int // messages of this side up to this one (T8)
	// CheckAt is when upkeep looks whether the message with which the care side begins
	// to wait is answered; zero for any other, and when read.
	CheckAt time.Time
}

// ThreadID returns a hash of the program and the care manager: a pair has one
// thread, found without a look-up, and the id says nothing (A1).
func ThreadID(programID, careManagerID string) string {
	sum := sha256.Sum256([]byte(programID + "\x00" + careManagerID))
	return "thr_" + base64.RawURLEncoding.EncodeToString(sum[:12])
}

// Key returns whose thread it is.
func (t Thread) Key() MemberKey { return MemberKey{t.Organization, t.Member.ID} }

// LastSeq returns the newest message's seq: seqs have no gaps, so it is their number.
func (t Thread) LastSeq() int { return t.MemberSide.Sent + t.CareManagerSide.Sent }

// ReadSeq returns a side's read cursor.
func (t Thread) ReadSeq(k Kind) int { return t.side(k).ReadSeq }

// ActiveAt returns when a side last wrote or read.
func (t Thread) ActiveAt(k Kind) time.Time { return t.side(k).ActiveAt }

// side returns a side's state, to read or to change.
func (t *Thread) side(k Kind) *Side {
	if k == Member {
		return &t.MemberSide
	}
	return &t.CareManagerSide
}

// Unread returns how many messages of the other side are above the side's cursor,
// exactly. Its own messages never count (G3).
func (t Thread) Unread(k Kind) int { return t.side(k.Other()).Sent - t.side(k).ReadSent }

// add returns the thread with the next message at its end, and that message. A
// side's first unread message begins its spell: the care side's wait begins then, and
// the member's notice is due.
func (t Thread) add(m Message, d delays) (Thread, Message) {
	own, other := t.side(m.Role), m.Role.Other()
	begins := t.Unread(other) == 0
	own.Sent++
	own.ActiveAt = m.SentAt
	m.SideTotal, m.Seq = own.Sent, t.LastSeq()
	switch {
	case begins && other == CareManager:
		t.WaitingSince, m.CheckAt = m.SentAt, m.SentAt.Add(d.reply)
	case begins:
		t.UnreadSince = m.SentAt
		t = t.due(FirstNotice, m.SentAt.Add(d.notice))
	}
	t.Last = LastMessage{m.Seq, m.Role, m.Author, preview(m.Text), m.SentAt}
	t.UpdatedAt = m.SentAt
	t.Version++
	return t, m
}

// due returns the thread with a notice due at a time, on every channel that is
// chosen by then; with none if the time is zero.
func (t Thread) due(r DueRule, at time.Time) Thread {
	t.DueRule, t.DueAt, t.DueChannels = r, at, nil
	return t
}

// resume returns the thread with a notice due now, if the member has anything
// unread in it.
func (t Thread) resume(now time.Time) Thread {
	if t.State == ThreadActive && t.Unread(Member) > 0 {
		t = t.due(Resumed, now)
	}
	return t
}

// Told returns the thread after the notice that was due is decided. The reminder
// is due next; after that the care side sees since when the member has not read (N3).
func (t Thread) Told(now time.Time, reminder time.Duration) Thread {
	if t.DueRule == Reminder || !t.UnreadByMemberSince.IsZero() {
		t.UnreadByMemberSince = t.UnreadSince
		return t.NothingDue()
	}
	t = t.due(Reminder, now.Add(reminder))
	t.Version++
	return t
}

// Deferred returns the thread with its notice to be decided again at a time, on
// these channels; without any, on those chosen by then.
func (t Thread) Deferred(until time.Time, on []Channel) Thread {
	t.DueAt, t.DueChannels = until, on
	t.Version++
	return t
}

// NothingDue returns the thread without a notice that is due.
func (t Thread) NothingDue() Thread {
	t = t.due(FirstNotice, time.Time{})
	t.Version++
	return t
}

// read returns the thread with the side's cursor at a message further on. A notice
// that is due stays so: when its time comes it finds nothing unread, and the
// why-log says so (N1).
func (t Thread) read(k Kind, at Message, now time.Time) Thread {
	own := t.side(k)
	own.ReadSeq, own.ActiveAt = at.Seq, now
	own.ReadSent = at.SideTotal
	if at.Role == k {
		own.ReadSent = at.Seq - at.SideTotal
	}
	if t.Unread(k) == 0 {
		if k == CareManager {
			t.WaitingSince, t.LateAt = time.Time{}, time.Time{}
		} else {
			t.UnreadSince, t.UnreadByMemberSince = time.Time{}, time.Time{}
		}
	}
	t.Version++
	return t
}

// Signed returns a message of this thread with its author's id: a thread has one
// author on each side.
func (t Thread) Signed(m Message) Message {
	m.Author.ID = t.Member.ID
	if m.Role == CareManager {
		m.Author.ID = t.CareManager.ID
	}
	return m
}

// ReplyRule says whether a caller can write in a thread and, if not, why.
type ReplyRule struct {
	Allowed bool
	Reason  string // "programClosed" or "notYours"
}

// CanReply says whether the caller can write in the thread: nobody can in a closed
// program and, on the care side, only the care manager named on it can, while it
// is theirs (S7).
func (t Thread) CanReply(c Caller, access Access) ReplyRule {
	switch {
	case t.State == ThreadInactive:
		return ReplyRule{Reason: "programClosed"}
	case c.Kind == CareManager && (c.ID != t.CareManager.ID || !access.Full()):
		return ReplyRule{Reason: "notYours"}
	}
	return ReplyRule{Allowed: true}
}
