package table

import (
	"context"

	"carechat/shared/chat"
	"carechat/shared/notice"
)

func topicsFields(n *notice.Topics) fields {
	return fields{{"count", number(&n.Count)}, {"version", number(&n.Version)}}
}

var topicsKind = kind{countSort, func(row item) any { return valueOf(row, notice.Topics{}, topicsFields) }}

// Topics reads how many topics all members have.
func (t *Table) Topics(ctx context.Context) (total int, err error) {
	var keys []rowKey
	for n := range uint32(topicCounts) {
		keys = append(keys, rowKey{topicsKey(n), countSort})
	}
	rows, err := t.getAll(ctx, keys...)
	for _, row := range rows {
		var n notice.Topics
		topicsFields(&n).read(row)
		total += n.Count
	}
	return total, err
}

// TopicsWith reads the count in which a member's topics are; version 0 if there is none.
func (t *Table) TopicsWith(ctx context.Context, m chat.MemberKey) (notice.Topics, error) {
	var n notice.Topics
	row, err := t.get(ctx, topicsOf(m), countSort)
	topicsFields(&n).read(row)
	return n, err
}

// SaveTopics saves the next version of the count with the mailbox that it counts.
func (t *Table) SaveTopics(ctx context.Context, n notice.Topics, b chat.Mailbox) error {
	return t.apply(ctx, save(topicsOf(b.Key), countSort, topicsFields(&n), n.Version), mailboxWrite(b))
}
