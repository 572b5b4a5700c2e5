package chat

import (
	"context"
	"time"
)

// Decision is what became of a notice.
type Decision string

// The decisions of the why-log (N3).
const (
	Delivered  Decision = "sent"       // handed to SNS
	Deferred   Decision = "deferred"   // decided again later
	Suppressed Decision = "suppressed" // not sent, for a reason that holds
	Failed     Decision = "failed"     // tried in vain
)

// Notice is one decision about telling a member of something: a row of the why-log.
type Notice struct {
	Key      MemberKey
	ID       string  // sorts by time
	Channel  Channel // "" where none was chosen
	Decision Decision
	Rule     string // why, by name (N3)
	At       time.Time
	Threads  []string // what it was about
}

// NoticeStore reads the why-log.
type NoticeStore interface {
	// Notices reads up to limit of a member's notices, newest first: those before
	// the one with an id, or from the newest on.
	Notices(ctx context.Context, m MemberKey, before string, limit int) ([]Notice, error)
}
