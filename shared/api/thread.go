package api

import (
	"time"

	"carechat/shared/chat"
)

// ThreadsQuery asks for threads in a state.
type ThreadsQuery struct {
	MemberID string `path:"memberId" json:"-"`
	State    string `query:"state" json:"-"`
}

// MessagesQuery asks for a page of messages.
type MessagesQuery struct {
	MemberID string `path:"memberId" json:"-"`
	ThreadID string `path:"threadId" json:"-"`
	After    *int   `query:"after" json:"-"`
	Before   *int   `query:"before" json:"-"`
	Limit    *int   `query:"limit" json:"-"`
}

// MessageNew is the body of a message.
type MessageNew struct {
	MemberID        string `path:"memberId" json:"-"`
	ThreadID        string `path:"threadId" json:"-"`
	ClientMessageID string `json:"clientMessageId"`
	Text            string `json:"text"`
}

// ThreadNew is a care manager's message to a member in a program.
type ThreadNew struct {
	MemberID        string `path:"memberId" json:"-"`
	ProgramID       string `json:"programId"`
	ClientMessageID string `json:"clientMessageId"`
	Text            string `json:"text"`
}

// ReadTo moves a read cursor.
type ReadTo struct {
	MemberID string `path:"memberId" json:"-"`
	ThreadID string `path:"threadId" json:"-"`
	Seq      *int   `json:"seq"`
}

// Thread is a thread's summary.
type Thread struct {
	ID          string            `json:"id"`
	URL         string            `json:"url"`
	Program     Named             `json:"program"`
	CareManager ThreadCareManager `json:"careManager"`
	Member      Person            `json:"member"`
	State       chat.ThreadState  `json:"state"`
	LastSeq     int               `json:"lastSeq"`
	UnreadCount int               `json:"unreadCount"`
	UpdatedAt   Time              `json:"updatedAt"`
	LastMessage LastMessage       `json:"lastMessage"`
	CanReply    CanReply          `json:"canReply"`

	// Only for the care side.
	Owner               *Owner `json:"owner,omitempty"`
	WaitingSince        Time   `json:"waitingSince,omitzero"`
	Late                bool   `json:"late,omitzero"`
	UnreadByMemberSince Time   `json:"unreadByMemberSince,omitzero"`
}

// LastMessage is the beginning of the newest message.
type LastMessage struct {
	Seq     int    `json:"seq"`
	Author  Author `json:"author"`
	Preview string `json:"preview"`
	SentAt  Time   `json:"sentAt"`
}

// Author is who wrote a message.
type Author struct {
	Role        chat.Kind `json:"role"`
	DisplayName string    `json:"displayName"`
	IsMe        bool      `json:"isMe"`
}

// CanReply says whether the caller can write and, if not, why.
type CanReply struct {
	Allowed bool   `json:"allowed"`
	Reason  string `json:"reason,omitempty"`
}

func author(c chat.Caller, role chat.Kind, who chat.Ref) Author {
	return Author{role, who.Name, role == c.Kind && who.ID == c.ID}
}

// NewThread shapes a thread for a caller, as it is now.
func NewThread(c chat.Caller, t chat.ThreadView, now time.Time) Thread {
	out := Thread{
		ID: t.ID, URL: threadURL(t.Member.ID, t.ID), Program: named(t.Program),
		CareManager: threadCareManager(t), Member: person(t.Member), State: t.State,
		LastSeq: t.LastSeq(), UnreadCount: t.Unread(c.Kind), UpdatedAt: Time{t.UpdatedAt},
		LastMessage: LastMessage{
			t.Last.Seq, author(c, t.Last.Role, t.Last.Author), t.Last.Preview, Time{t.Last.SentAt},
		},
		CanReply: CanReply(t.CanReply(c, t.Access)),
	}
	if c.Kind == chat.CareManager {
		owner := newOwner(t.Owner)
		out.Owner = &owner
		out.WaitingSince, out.UnreadByMemberSince = Time{t.WaitingSince}, Time{t.UnreadByMemberSince}
		out.Late = t.Late(now)
	}
	return out
}

// ThreadCareManager is the care manager of a thread and who answers for them now.
type ThreadCareManager struct {
	Person
	Cover *ThreadCover `json:"cover,omitempty"`
}

// ThreadCover is who covers, and until when.
type ThreadCover struct {
	DisplayName string `json:"displayName"`
	Until       Time   `json:"until"`
}

func threadCareManager(t chat.ThreadView) ThreadCareManager {
	out := ThreadCareManager{Person: person(t.CareManager)}
	if t.Cover.ID != "" {
		out.Cover = &ThreadCover{t.Cover.By.Name, Time{t.Cover.To}}
	}
	return out
}

func threads(c chat.Caller, reached []chat.ThreadView, now time.Time) []Thread {
	return each(reached, func(t chat.ThreadView) Thread { return NewThread(c, t, now) })
}

// Message is one message.
type Message struct {
	ID              string `json:"id"`
	Seq             int    `json:"seq"`
	Author          Author `json:"author"`
	Text            string `json:"text"`
	SentAt          Time   `json:"sentAt"`
	ClientMessageID string `json:"clientMessageId,omitempty"`
}

// NewMessage shapes a message. Its client's id is shown only to its author.
func NewMessage(c chat.Caller, m chat.Message) Message {
	out := Message{m.ID, m.Seq, author(c, m.Role, m.Author), m.Text, Time{m.SentAt}, ""}
	if out.Author.IsMe {
		out.ClientMessageID = m.ClientMessageID
	}
	return out
}

// Started is a care manager's message with the thread that it stands in.
type Started struct {
	Thread  Thread  `json:"thread"`
	Message Message `json:"message"`
}

// NewStarted shapes a posted message with its thread, as it is now.
func NewStarted(c chat.Caller, p chat.Posted, now time.Time) Started {
	return Started{NewThread(c, chat.ThreadView{Thread: p.Thread, Access: p.Access}, now), NewMessage(c, p.Message)}
}

// MessagePage is a page of a conversation.
type MessagePage struct {
	Items   []Message `json:"items"`
	HasMore bool      `json:"hasMore"`
	LastSeq int       `json:"lastSeq"`
	Read    ReadSeqs  `json:"read"`
	Thread  Thread    `json:"thread"`
}

// ReadSeqs are both sides' cursors.
type ReadSeqs struct {
	Member      int `json:"member"`
	CareManager int `json:"careManager"`
}

// NewMessagePage shapes a page with its thread, as it is now.
func NewMessagePage(c chat.Caller, p chat.MessagePage, now time.Time) MessagePage {
	return MessagePage{
		Items:   each(p.Items, func(m chat.Message) Message { return NewMessage(c, m) }),
		HasMore: p.HasMore, LastSeq: p.Thread.LastSeq(),
		Read:   ReadSeqs{p.Thread.ReadSeq(chat.Member), p.Thread.ReadSeq(chat.CareManager)},
		Thread: NewThread(c, p.Thread, now),
	}
}

// ReadState is the caller's side's cursor.
type ReadState struct {
	Seq         int `json:"seq"`
	UnreadCount int `json:"unreadCount"`
}

// NewReadState shapes a side's cursor.
func NewReadState(c chat.Caller, t chat.Thread) ReadState {
	return ReadState{t.ReadSeq(c.Kind), t.Unread(c.Kind)}
}

// NewThreads shapes a list of threads, as they are now.
func NewThreads(c chat.Caller, reached []chat.ThreadView, now time.Time) List[Thread] {
	return List[Thread]{Items: threads(c, reached, now)}
}
