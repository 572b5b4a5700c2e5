package notice

import (
	"context"

	"carechat/shared/chat"
	"carechat/shared/login"
)

// Member is what a decision about a member's notices is made from.
type Member struct {
	State       State
	Channels    chat.MemberChannels
	MemberChats chat.MemberChats
}

// Outcome is what a decision changes.
type Outcome struct {
	Key   chat.MemberKey
	State *State // the next version; nil if it stays
	// Disabled is the profile as it was read, if threads are suppressed because of it: it must
	// be unchanged, or whoever enables the member meanwhile does not resume them (T4).
	Disabled *chat.Profile
	Log      []chat.Notice // new rows of the why-log
	Threads  []chat.Thread // each at its next version
}

// Topics counts the topics of some of the members, because an account has a limit (N5).
type Topics struct {
	Count   int
	Version int
}

// Store keeps what notices need. Its reads are strongly consistent; a row that is
// not there has version 0. Each save saves everything that it is given or, with
// chat.ErrConflict, nothing.
type Store interface {
	// Member reads the state first: what ended by the state's version is in the rest.
	Member(ctx context.Context, m chat.MemberKey) (Member, error)
	Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error)
	// SaveClaim saves the next version of a state with the links minted for it.
	SaveClaim(ctx context.Context, s State, minted ...login.Link) error
	SaveOutcome(ctx context.Context, o Outcome) error
	PhoneState(ctx context.Context, phone string) (chat.PhoneState, error)
	SavePhoneState(ctx context.Context, phone string, s chat.PhoneState) error

	Mailbox(ctx context.Context, m chat.MemberKey) (chat.Mailbox, error)
	SaveMailbox(ctx context.Context, b chat.Mailbox) error
	// Topics reads how many topics all members have.
	Topics(ctx context.Context) (int, error)
	// TopicsWith reads the count in which a member's topics are.
	TopicsWith(ctx context.Context, m chat.MemberKey) (Topics, error)
	// SaveTopics saves the next version of the count with the mailbox that it counts.
	SaveTopics(ctx context.Context, t Topics, b chat.Mailbox) error
}

// Mail is a transport of emails that sends only to subscriptions which their
// owners have confirmed (N5). Its errors are those of package chat.
type Mail interface {
	// Subscribe makes the topic of this name, if it is not there, and asks the
	// owner of the address to confirm.
	Subscribe(ctx context.Context, name, address string) (topic, subscription string, err error)
	// Confirmed reports whether the owner has confirmed; false if the subscription
	// is gone.
	Confirmed(ctx context.Context, subscription string) (bool, error)
	Send(ctx context.Context, topic, subject, text string) error
	// Remove deletes a topic with its subscriptions, if it is there.
	Remove(ctx context.Context, topic string) error
}
