package table

import (
	"context"

	"carechat/shared/chat"
)

func preferencesFields(p *chat.Preferences) fields {
	return fields{
		{"channels", list(&p.Channels, channelFields)},
		{"quietHours", optional(&p.QuietHours, hoursFields)},
		{"version", number(&p.Version)},
	}
}

var preferencesKind = kind{preferencesSort, func(row item) any { return valueOf(row, chat.Preferences{}, preferencesFields) }}

// channelFields leave room for more about a channel than its kind.
func channelFields(c *chat.Channel) fields { return fields{{"kind", text(c)}} }

func preferencesWrite(m chat.MemberKey, p chat.Preferences) write {
	return save(memberKey(m), preferencesSort, preferencesFields(&p), p.Version)
}

// SavePreferences saves the next version of a member's preferences and, unless it
// is nil, of their mailbox, in one transaction.
func (t *Table) SavePreferences(ctx context.Context, m chat.MemberKey, p chat.Preferences, b *chat.Mailbox) error {
	writes := []write{preferencesWrite(m, p)}
	if b != nil {
		writes = append(writes, mailboxWrite(*b))
	}
	return t.apply(ctx, writes...)
}
