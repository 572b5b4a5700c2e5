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
