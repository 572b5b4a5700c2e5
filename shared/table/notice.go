package table

import (
	"context"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/notice"
)

// ledgerFields lie in the row of limits, beside those of the wrong birth dates.
func ledgerFields(l *notice.Ledger) fields {
	return fields{
		{"texts", list(&l.Texts, momentFields)},
		{"stopSaidAt", moment(&l.StopSaidAt)},
		{"stopSaidEpoch", number(&l.Epoch)},
		{"attempt", optional(&l.Attempt, attemptFields)},
		{"lost", number(&l.Lost)},
		{"setbacks", number(&l.Setbacks)},
		{"noticeVersion", number(&l.Version)},
	}
}

func attemptFields(a *notice.Attempt) fields {
	return fields{
		{"at", moment(&a.At)}, {"until", moment(&a.Until)},
		{"channels", list(&a.Channels, channelFields)}, {"threads", texts(&a.Threads)},
	}
}

// ledgerWrite updates the row of limits in any case: it may be there already.
// Where it is not, it gets a first version of the other count too, because that
// is put into a row that is not there, or updates one that has a version.
func ledgerWrite(l notice.Ledger) write {
	w := update(memberKey(l.Key), limitsSort, ledgerFields(&l), l.Version)
	w.condition = "noticeVersion = :was"
	if l.Version == 1 {
		w.condition, w.values = "attribute_not_exists(noticeVersion)", nil
		w.first = item{"version": numberOf(1)}
	}
	return w
}

// Member reads everything that a decision about a member's notices is made from.
// The ledger comes before what was written after it: the other rows are read
// with it or later, what is unread last. So whatever has ended by the ledger's
// version is seen, and what happens since is either seen or moves the ledger or
// a thread, on whose versions the decision is saved.
func (t *Table) Member(ctx context.Context, m chat.MemberKey) (notice.Member, error) {
	all := notice.Member{Ledger: notice.Ledger{Key: m}}
	rows, err := t.getAll(ctx, append(memberChannelsKeys(m), rowKey{memberKey(m), limitsSort})...)
	if err != nil {
		return all, err
	}
	ledgerFields(&all.Ledger).read(rows[len(rows)-1])
	reach, err := t.readMemberChannels(ctx, m, rows)
	if reach == nil {
		return all, err
	}
	all.Reach = *reach
	all.MemberChats, err = t.MemberChats(ctx, m)
	return all, err
}

// SaveAttempt saves the next version of a ledger with the links minted for it,
// whole or not at all.
func (t *Table) SaveAttempt(ctx context.Context, l notice.Ledger, minted ...login.Link) error {
	writes := []write{ledgerWrite(l)}
	for _, each := range minted {
		writes = append(writes, linkWrite(each))
	}
	return t.apply(ctx, writes...)
}

// SaveOutcome saves what a decision changes, whole or not at all: at most 100 rows.
func (t *Table) SaveOutcome(ctx context.Context, o notice.Outcome) error {
	var writes []write
	if o.Ledger != nil {
		writes = append(writes, ledgerWrite(*o.Ledger))
	}
	for _, n := range o.Log {
		writes = append(writes, put(memberKey(n.Key), noticeSort(n.ID), noticeFields(&n)))
	}
	for _, th := range o.Threads {
		writes = append(writes, threadWrite(th))
	}
	return t.apply(ctx, writes...)
}

// keepNotice is how long the why-log goes back.
const keepNotice = 400 * 24 * time.Hour

func noticeFields(n *chat.Notice) fields {
	ends := n.At.Add(keepNotice)
	return fields{
		{"channel", text(&n.Channel)},
		{"decision", text(&n.Decision)},
		{"rule", text(&n.Rule)},
		{"at", moment(&n.At)},
		{"threads", texts(&n.Threads)},
		{TTLAttribute, expiry(&ends)},
	}
}

var noticeKind = kind{noticePrefix, func(row item) any { return readNotice(row) }}

func readNotice(row item) *chat.Notice {
	k := keyOf(row)
	return valueOf(row, chat.Notice{Key: k.pk.member(), ID: k.sk.lastPart()}, noticeFields)
}

// Notices reads a member's why-log, newest first: up to limit of those before
// the one with an id, or from the newest on.
func (t *Table) Notices(ctx context.Context, m chat.MemberKey, before string, limit int) ([]chat.Notice, error) {
	s := begins(memberKey(m), noticePrefix)
	s.backward, s.limit = true, int32(limit)
	if before != "" {
		if s.after = noticeSort(before); len(s.after) > maxSort {
			return nil, nil // a position of the caller's own making: nothing comes after it
		}
	}
	rows, _, err := t.query(ctx, s)
	all := make([]chat.Notice, len(rows))
	for i, row := range rows {
		all[i] = *readNotice(row)
	}
	return all, err
}
