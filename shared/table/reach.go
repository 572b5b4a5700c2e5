package table

import (
	"context"

	"carechat/shared/chat"
	"carechat/shared/notice"
)

func preferencesFields(p *chat.Preferences) fields {
	return fields{
		{"channels", list(&p.Channels, channelFields)},
		{"quietHours", optional(&p.QuietHours, hoursFields)},
		{"version", number(&p.Version)},
	}
}

var preferencesKind = kind{preferencesSort, func(row item) any { return valueOf(row, chat.Preferences{}, preferencesFields) }}

// channelFields leave room beside a channel's kind.
func channelFields(c *chat.Channel) fields { return fields{{"kind", text(c)}} }

func preferencesWrite(m chat.MemberKey, p chat.Preferences) write {
	return save(memberKey(m), preferencesSort, preferencesFields(&p), p.Version)
}

// SavePreferences saves the next version of a member's preferences and, where
// one is given, of their mailbox, whole or not at all.
func (t *Table) SavePreferences(ctx context.Context, m chat.MemberKey, p chat.Preferences, b *chat.Mailbox) error {
	writes := []write{preferencesWrite(m, p)}
	if b != nil {
		writes = append(writes, mailboxWrite(*b))
	}
	return t.apply(ctx, writes...)
}

// mailboxFields are a mailbox's row. It is due while there is something to do
// with it: a row of its own, for the profile's version is the platform's (A3).
func mailboxFields(b *chat.Mailbox) fields {
	return fields{
		{"address", text(&b.Address)},
		{"topic", text(&b.Topic)},
		{"subscription", text(&b.Subscription)},
		{"subscribedAt", moment(&b.SubscribedAt)},
		{"status", text(&b.Status)},
		{"old", texts(&b.Old)},
		{"dueAt", moment(&b.DueAt)},
		{"attempts", number(&b.Attempts)},
		{"version", number(&b.Version)},
	}.due(memberKey(b.Key), b.DueAt)
}

func mailboxWrite(b chat.Mailbox) write {
	return save(memberKey(b.Key), mailboxSort, mailboxFields(&b), b.Version)
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

// Mailbox reads a member's mailbox; version 0 if there is none.
func (t *Table) Mailbox(ctx context.Context, m chat.MemberKey) (chat.Mailbox, error) {
	row, err := t.get(ctx, memberKey(m), mailboxSort)
	return readMailbox(m, row), err
}

// SaveMailbox saves the next version of a mailbox.
func (t *Table) SaveMailbox(ctx context.Context, b chat.Mailbox) error {
	return t.apply(ctx, mailboxWrite(b))
}

func topicsFields(n *notice.Topics) fields {
	return fields{{"count", number(&n.Count)}, {"version", number(&n.Version)}}
}

var topicsKind = kind{countSort, func(row item) any { return valueOf(row, notice.Topics{}, topicsFields) }}

// Topics reads the count of the members' topics; version 0 if there is none.
func (t *Table) Topics(ctx context.Context) (notice.Topics, error) {
	var n notice.Topics
	row, err := t.get(ctx, topicsKey, countSort)
	topicsFields(&n).read(row)
	return n, err
}

// SaveTopics saves the next version of the count with the mailbox that it counts.
func (t *Table) SaveTopics(ctx context.Context, n notice.Topics, b chat.Mailbox) error {
	return t.apply(ctx, save(topicsKey, countSort, topicsFields(&n), n.Version), mailboxWrite(b))
}

func phoneFields(s *chat.PhoneState) fields {
	return fields{
		{"status", text(&s.Status)},
		{"at", moment(&s.At)},
		{"cause", text(&s.Cause)},
		{"version", number(&s.Version)},
	}
}

var phoneStateKind = kind{statusSort, func(row item) any { return valueOf(row, chat.PhoneState{}, phoneFields) }}

// PhoneState reads what is known of a number; version 0 if nothing is.
func (t *Table) PhoneState(ctx context.Context, phone string) (chat.PhoneState, error) {
	var s chat.PhoneState
	row, err := t.get(ctx, contactKey(phone), statusSort)
	phoneFields(&s).read(row)
	return s, err
}

// SavePhoneState saves the next version of what is known of a number.
func (t *Table) SavePhoneState(ctx context.Context, phone string, s chat.PhoneState) error {
	return t.apply(ctx, save(contactKey(phone), statusSort, phoneFields(&s), s.Version))
}

// memberChannelsKeys are the rows of a member that say how they can be told.
func memberChannelsKeys(m chat.MemberKey) []rowKey {
	pk := memberKey(m)
	return []rowKey{{pk, profileSort}, {pk, preferencesSort}, {pk, mailboxSort}}
}

// readMemberChannels reads those rows, and what is known of the phone that they name; nil
// if there is no such member.
func (t *Table) readMemberChannels(ctx context.Context, m chat.MemberKey, rows []item) (*chat.MemberChannels, error) {
	profile := readProfile(m, rows[0])
	if profile == nil {
		return nil, nil
	}
	r := chat.MemberChannels{Profile: *profile, Mailbox: readMailbox(m, rows[2])}
	preferencesFields(&r.Preferences).read(rows[1])
	var err error
	if r.Profile.Phone != "" {
		r.Phone, err = t.PhoneState(ctx, r.Profile.Phone)
	}
	return &r, err
}

// MemberChannels reads how a member can be told; nil if there is no such member.
func (t *Table) MemberChannels(ctx context.Context, m chat.MemberKey) (*chat.MemberChannels, error) {
	rows, err := t.getAll(ctx, memberChannelsKeys(m)...)
	if err != nil {
		return nil, err
	}
	return t.readMemberChannels(ctx, m, rows)
}
