package table

import (
	"context"
	"strings"
	"time"

	"carechat/shared/chat"
)

// Due is something that is to be done: a member to notify, a member's mailbox
// to keep or, with a contact's hash alone, a link to send.
type Due struct {
	Member  chat.MemberKey
	Mailbox bool
	Contact string
}

// due adds a row's place among what is due; a zero time takes it out.
func (f fields) due(pk partition, at time.Time) fields {
	var shard partition
	var place sort
	if !at.IsZero() {
		shard, place = dueKey(pk), dueSort(at)
	}
	return append(f, fields{{dueIndex + "_PK", text(&shard)}, {dueIndex + "_SK", text(&place)}}...)
}

// dueAtOnce bounds how much of a shard is listed: what is left comes next time.
const dueAtOnce = 500

// DueRow says what a row that is due asks for: streams and the DUE index name
// rows by their keys. A row that can never be due asks for nothing.
func DueRow(pk, sk string) (Due, bool) {
	if sort(sk) == askedSort {
		return Due{Contact: partition(pk).contact()}, strings.HasPrefix(pk, string(contactPrefix))
	}
	m, ok := sort(pk).reached()
	if !ok {
		return Due{}, false
	}
	isMailbox := sort(sk) == mailboxSort
	return Due{Member: m, Mailbox: isMailbox}, isMailbox || strings.HasPrefix(sk, string(threadPrefix))
}

// DueBy lists what is due by now in one of DueShards, oldest first, each once:
// a member with several threads is notified once. The index may trail the table
// a moment (T6), and what is listed may be done already.
func (t *Table) DueBy(ctx context.Context, now time.Time, shard string) ([]Due, error) {
	rows, _, err := t.query(ctx, span{index: dueIndex, pk: partition(shard), from: "0", to: dueSort(now), limit: dueAtOnce})
	var all []Due
	seen := map[Due]bool{}
	for _, row := range rows {
		k := keyOf(row)
		if d, ok := DueRow(string(k.pk), string(k.sk)); ok && !seen[d] {
			seen[d], all = true, append(all, d)
		}
	}
	return all, err
}
