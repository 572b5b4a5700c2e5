package chat

import (
	"context"
	"time"

	"carechat/shared/problem"
)

// Decision is what became of a notice.
type Decision string

// The decisions of the why-log (N3).
const (
	Delivered  Decision = "sent"       // handed to SNS
	Deferred   Decision = "deferred"   // decided again later
	Suppressed Decision = "suppressed" // not sent, for a reason that stays
	Failed     Decision = "failed"     // tried without success
)

// NoticeKind is what a row of the why-log is about.
type NoticeKind string

// The kinds of rows of the why-log.
const (
	MessageNotice NoticeKind = ""     // there is a message
	LinkNotice    NoticeKind = "link" // a link that was asked for (S4)
	LockNotice    NoticeKind = "lock" // the member's links were locked (S3)
)

// Notice is one decision about notifying a member: a row of the why-log.
type Notice struct {
	Kind     NoticeKind
	Key      MemberKey
	ID       string  // sorts by time
	Channel  Channel // "" if none was chosen
	Decision Decision
	Rule     string // why, by name (N3)
	By       Asker  // of a link
	At       time.Time
	Threads  []string // what it was about
	// MessageID is SNS's id of a text that it took, by which its delivery log is read.
	MessageID string
}

// Asker is who asked for a link.
type Asker string

// Who asks for links (S4).
const (
	AskedByAnyone      Asker = "anyone" // with a member's contact
	AskedByCareManager Asker = "careManager"
	AskedByPlatform    Asker = "platform"
)

// NoticeStore reads the why-log.
type NoticeStore interface {
	// Notices reads up to limit of a member's notices, newest first: those before
	// the one with an id, or with "" from the newest on.
	Notices(ctx context.Context, m MemberKey, before string, limit int) ([]Notice, error)
}

// noticePage is how many rows a page of the why-log has.
const noticePage = 50

// Notices reads a page of a member's why-log, newest first: those before the one
// with an id, or with "" from the newest on. It is for the platform and for every
// care manager who may see anything of the member (S7).
func (s *ListService) Notices(ctx context.Context, c Caller, memberID, before string) (page ListPage[Notice], err error) {
	m, _, err := viewMember(ctx, s.Store, c, s.Now(), memberID)
	if err != nil {
		return page, err
	}
	if before != "" && !ValidID(before) {
		return page, problem.New(problem.InvalidCursor)
	}
	page.Items, err = s.Store.Notices(ctx, m, before, noticePage+1)
	if len(page.Items) > noticePage {
		page.Items = page.Items[:noticePage]
		page.Next = page.Items[noticePage-1].ID
	}
	return page, err
}
