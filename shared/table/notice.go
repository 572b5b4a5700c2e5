package table

import (
	"context"
	"time"

	"carechat/shared/chat"
)

// keepNotice is how long the why-log goes back.
const keepNotice = 400 * 24 * time.Hour

func noticeFields(n *chat.Notice) fields {
	ends := n.At.Add(keepNotice)
	return fields{
		{"kind", text(&n.Kind)},
		{"by", text(&n.By)},
		{"channel", text(&n.Channel)},
		{"decision", text(&n.Decision)},
		{"rule", text(&n.Rule)},
		{"at", moment(&n.At)},
		{"messageId", text(&n.MessageID)},
		{"threads", texts(&n.Threads)},
		{TTLAttribute, expiry(&ends)},
	}
}

var noticeKind = kind{noticePrefix, func(row item) any { return readNotice(row) }}

func readNotice(row item) *chat.Notice {
	k := keyOf(row)
	return valueOf(row, chat.Notice{Key: k.pk.member(), ID: k.sk.lastPart()}, noticeFields)
}

// noticeWrites returns the writes of new rows of the why-log.
func noticeWrites(all []chat.Notice) []write {
	writes := make([]write, len(all))
	for i, n := range all {
		writes[i] = put(memberKey(n.Key), noticeSort(n.ID), noticeFields(&n))
	}
	return writes
}

// SaveNotices saves new rows of the why-log, all or none: at most 100.
func (t *Table) SaveNotices(ctx context.Context, all ...chat.Notice) error {
	return t.apply(ctx, noticeWrites(all)...)
}

// Notices reads a member's why-log, newest first: up to limit rows before the one
// with an id, or from the newest on if before is "".
func (t *Table) Notices(ctx context.Context, m chat.MemberKey, before string, limit int) ([]chat.Notice, error) {
	s := begins(memberKey(m), noticePrefix)
	s.backward, s.limit = true, int32(limit)
	if before != "" {
		if s.after = noticeSort(before); len(s.after) > maxSort {
			return nil, nil // a position that the caller made up: nothing comes after it
		}
	}
	rows, err := t.query(ctx, s)
	all := make([]chat.Notice, len(rows))
	for i, row := range rows {
		all[i] = *readNotice(row)
	}
	return all, err
}
