package notice

import (
	"context"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
)

// Ledger is what is kept of a member's notices: who is sending one now, what
// was sent in the last day, what failed. It stands in the member's row of
// limits beside the wrong birth dates, with a version of its own.
type Ledger struct {
	Key        chat.MemberKey
	Texts      []time.Time // that were, or may have been, sent in the last day, oldest first
	StopSaidAt time.Time   // when a text last said how to stop them (N4)
	Epoch      int         // the profile's of that text: of another one the phone may be another
	Attempt    *Attempt    // begun and, as far as anybody knows, not over
	Lost       int         // attempts in a row without a result
	Setbacks   int         // in a row: SNS could not take a notice
	Version    int
}

// Attempt is a notice on its way: a lease on the member, written before
// anything is sent (N2).
type Attempt struct {
	At       time.Time
	Until    time.Time // nobody else sends before; longer than a sender may run
	Channels []chat.Channel
	Threads  []string // of which it tells
}

// stopSaidFor is how long after a text that said how to stop them the next may
// leave it out (N4).
const stopSaidFor = 30 * 24 * time.Hour

// busy reports whether somebody is sending the member a notice.
func (l Ledger) busy(now time.Time) bool { return l.Attempt != nil && now.Before(l.Attempt.Until) }

// found counts the attempt that somebody left without a result.
func (l Ledger) found() Ledger {
	if l.Attempt != nil {
		l.Attempt = nil
		l.Lost++
	}
	return l
}

// at is the ledger while the profile is of an epoch: whoever has the phone by now
// may never have been told how to stop texts (N4).
func (l Ledger) at(epoch int) Ledger {
	if l.Epoch != epoch {
		l.Epoch, l.StopSaidAt = epoch, time.Time{}
	}
	return l
}

// begun claims the member and counts the text, before anything is sent (N2).
func (l Ledger) begun(a Attempt) Ledger {
	if a.tells(chat.SMS) {
		day := slices.IndexFunc(l.Texts, func(at time.Time) bool { return a.At.Sub(at) < 24*time.Hour })
		if day < 0 {
			day = len(l.Texts)
		}
		l.Texts = append(slices.Clone(l.Texts[day:]), a.At)
		if l.saysStop(a.At) {
			l.StopSaidAt = a.At
		}
	}
	l.Attempt = &a
	l.Version++
	return l
}

func (a Attempt) tells(c chat.Channel) bool { return slices.Contains(a.Channels, c) }

// saysStop reports whether the next text has to say how to stop them.
func (l Ledger) saysStop(now time.Time) bool {
	return l.StopSaidAt.IsZero() || now.Sub(l.StopSaidAt) >= stopSaidFor
}

// untexted takes back a text that SNS did not take.
func (l Ledger) untexted(before Ledger) Ledger {
	l.Texts, l.StopSaidAt = before.Texts, before.StopSaidAt
	return l
}

// backoff is how long to wait for SNS: a minute, then twice as long each time,
// a quarter of an hour at the most.
func (l Ledger) backoff() time.Duration { return min(time.Minute<<min(l.Setbacks, 4), 15*time.Minute) }

// Member is everything that a decision is made from, read strongly and in an
// order that makes the ledger the oldest of it.
type Member struct {
	Ledger      Ledger
	Reach       chat.MemberChannels
	MemberChats chat.MemberChats
}

// Outcome is what a decision changes, whole or not at all.
type Outcome struct {
	Key     chat.MemberKey
	Ledger  *Ledger       // the next version; nil where it stays
	Log     []chat.Notice // new rows of the why-log
	Threads []chat.Thread // each at its next version
}

// Topics counts the members' topics, of which an account has only so many (N5).
type Topics struct {
	Count   int
	Version int
}

// Store is what sending notices asks of a table. Reads are strongly consistent;
// a save is whole or, with chat.ErrConflict, nothing.
type Store interface {
	// Member reads the ledger first (version 0 if there is none).
	Member(ctx context.Context, m chat.MemberKey) (Member, error)
	Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error)
	// SaveAttempt saves the next version of a ledger with the links minted for it.
	SaveAttempt(ctx context.Context, l Ledger, minted ...login.Link) error
	SaveOutcome(ctx context.Context, o Outcome) error
	// PhoneState reads what is known of a number; version 0 if nothing is.
	PhoneState(ctx context.Context, phone string) (chat.PhoneState, error)
	SavePhoneState(ctx context.Context, phone string, s chat.PhoneState) error

	// Mailbox reads a member's; version 0 if there is none.
	Mailbox(ctx context.Context, m chat.MemberKey) (chat.Mailbox, error)
	SaveMailbox(ctx context.Context, b chat.Mailbox) error
	// Topics reads the count of topics; SaveTopics saves its next version with
	// the mailbox that it counts.
	Topics(ctx context.Context) (Topics, error)
	SaveTopics(ctx context.Context, t Topics, b chat.Mailbox) error
}

// Mail is a transport of emails that sends only to subscriptions which their
// owner has confirmed (N5).
type Mail interface {
	// Subscribe makes a topic by name, once, and asks the address's owner to confirm.
	Subscribe(ctx context.Context, name, address string) (topic, subscription string, err error)
	// Confirmed says whether they have; of a subscription that is gone it is false.
	Confirmed(ctx context.Context, subscription string) (bool, error)
	Send(ctx context.Context, topic, subject, text string) error
	// Remove deletes a topic with its subscriptions; one that is not there is no error.
	Remove(ctx context.Context, topic string) error
}
