package table

import (
	"context"

	"carechat/shared/chat"
)

// mailboxFields has the place in the DUE index too. A mailbox has a row of its own,
// because the profile's version belongs to the platform (A3).
func mailboxFields(b *chat.Mailbox) fields {
	return append(fields{
		{"address", text(&b.Address)},
		{"topic", text(&b.Topic)},
		{"subscription", text(&b.Subscription)},
		{"subscribedAt", moment(&b.SubscribedAt)},
		{"status", text(&b.Status)},
		{"old", texts(&b.Old)},
		{"version", number(&b.Version)},
	}, workFields(&b.Work)...).due(MailboxLane, memberKey(b.Key), b.DueAt)
}

var mailboxKind = kind{mailboxSort, func(row item) any {
	b := readMailbox(keyOf(row).pk.member(), row)
	return &b
}}

func readMailbox(m chat.MemberKey, row item) chat.Mailbox {
	b := chat.Mailbox{Key: m}
	mailboxFields(&b).read(row)
	return b
}

func mailboxWrite(b chat.Mailbox) write {
	return save(memberKey(b.Key), mailboxSort, mailboxFields(&b), b.Version)
}

// Mailbox reads a member's mailbox; version 0 if there is none.
func (t *Table) Mailbox(ctx context.Context, m chat.MemberKey) (chat.Mailbox, error) {
	row, err := t.get(ctx, memberKey(m), mailboxSort)
	return readMailbox(m, row), err
}

// SaveMailbox saves the next version of a mailbox.
func (t *Table) SaveMailbox(ctx context.Context, b chat.Mailbox) error {
	return t.apply(ctx, mailboxWrite(b))
}
