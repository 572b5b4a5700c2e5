package table

import (
	"context"

	"carechat/shared/chat"
)

// memberChannelsKeys are the rows of a member that say how they can be notified.
func memberChannelsKeys(m chat.MemberKey) []rowKey {
	pk := memberKey(m)
	return []rowKey{{pk, profileSort}, {pk, preferencesSort}, {pk, mailboxSort}}
}

// readMemberChannels decodes those rows and reads what is known of the phone that
// the profile has; nil if there is no such member.
func (t *Table) readMemberChannels(ctx context.Context, m chat.MemberKey, rows []item) (*chat.MemberChannels, error) {
	profile := readProfile(m, rows[0])
	if profile == nil {
		return nil, nil
	}
	all := chat.MemberChannels{Profile: *profile, Mailbox: readMailbox(m, rows[2])}
	preferencesFields(&all.Preferences).read(rows[1])
	var err error
	if profile.Phone != "" {
		all.Phone, err = t.PhoneState(ctx, profile.Phone)
	}
	return &all, err
}

// MemberChannels reads everything that decides on which channels a member can be
// notified; nil if there is no such member.
func (t *Table) MemberChannels(ctx context.Context, m chat.MemberKey) (*chat.MemberChannels, error) {
	rows, err := t.getAll(ctx, memberChannelsKeys(m)...)
	if err != nil {
		return nil, err
	}
	return t.readMemberChannels(ctx, m, rows)
}
