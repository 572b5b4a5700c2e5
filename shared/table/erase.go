package table

import (
	"context"
	"errors"
	"slices"
	"time"

	"carechat/shared/chat"
)

// Purge stands for a thread that is gone while its messages are not (T14). A thread that
// began anew meanwhile has later ones.
type Purge struct{ Until time.Time }

var purgeKind = kind{purgePrefix, func(row item) any { return &Purge{dueTime(row)} }}

// rowsAtOnce is how many rows one transaction deletes, of the 100 that it may.
const rowsAtOnce = 90

// SaveHold saves the beginning or the end of a legal hold. It moves logIns, on which a PUT
// and an erasure build, and no version: that is the platform's (A3).
func (t *Table) SaveHold(ctx context.Context, p chat.Profile) error {
	w := moveLogIns(p, "attribute_not_exists(erasedAt)", item{})
	w.set = append(w.set, change{"heldAt", moment(&p.HeldAt).encode()})
	return t.apply(ctx, w)
}

// unheld returns the write that moves a profile's logIns if nobody is holding the member.
func unheld(p chat.Profile) write { return moveLogIns(p, "attribute_not_exists(heldAt)", item{}) }

// SaveTombstone saves the next version of what is left of an erased member.
func (t *Table) SaveTombstone(ctx context.Context, p chat.Profile) error {
	return t.apply(ctx, profileWrite(p))
}

// ForgetThread removes a thread, which the enrollment no longer counts, and leaves its
// messages to be deleted. It returns chat.ErrConflict if one of them or the profile has
// moved, or if the member is held.
func (t *Table) ForgetThread(ctx context.Context, p chat.Profile, e chat.Enrollment, th chat.Thread) error {
	return t.apply(ctx, append(forgetWrites(th), enrollmentWrite(e), unheld(p))...)
}

// forgetWrites put in a thread's place what has its messages deleted: those up to its last.
func forgetWrites(th chat.Thread) []write {
	pk := memberKey(th.Key())
	return []write{remove(pk, threadSort(th.ID), th.Version), put(pk, purgeSort(th.ID), fields{}.due(HandOverLane, pk, th.UpdatedAt))}
}

// ForgetRequests deletes the requests of a member that ended before a time, with what names
// them, and returns how many, even with an error. It returns chat.ErrConflict if the profile
// has moved or the member is held.
func (t *Table) ForgetRequests(ctx context.Context, p chat.Profile, before time.Time) (forgotten int, err error) {
	old := map[string]bool{}
	var gone []write
	for _, prefix := range []sort{requestPrefix, keyPrefix, endedPrefix} { // the last two expire, days late
		rows, err := t.query(ctx, begins(memberKey(p.Key()), prefix))
		if err != nil {
			return 0, err
		}
		for _, row := range rows {
			if k := keyOf(row); isOld(row, before, old) {
				gone = append(gone, removeAny(k.pk, k.sk))
			}
		}
		if len(old) == 0 {
			return 0, nil
		}
	}
	for some := range slices.Chunk(gone, rowsAtOnce) {
		if err := t.apply(ctx, append(slices.Clone(some), unheld(p))...); err != nil {
			return forgotten, err
		}
		forgotten = min(forgotten+len(some), len(old)) // the requests come first
		p.LogIns++
	}
	return forgotten, nil
}

// isOld reports whether a row is a request that ended before a time, which it adds to the
// old ones, or names an old one.
func isOld(row item, before time.Time, old map[string]bool) bool {
	switch r := Decode(row).(type) {
	case *chat.Request:
		if r.UpdatedAt.Before(before) {
			old[r.ID] = true
		}
		return old[r.ID]
	case *chat.KeyRecord:
		return old[r.RequestID]
	case *chat.EndedRequest:
		return old[r.ID]
	}
	return false
}

// EraseRows deletes up to limit rows of an erased member and returns how many it found. A
// mailbox stays until its topics are gone, and what stands for a thread until its messages
// are. A row that changes meanwhile is left to the next call.
func (t *Table) EraseRows(ctx context.Context, m chat.MemberKey, limit int) (found int, failed error) {
	rows, err := t.query(ctx, span{pk: memberKey(m), from: firstSort, to: lastSort.until(), limit: int32(limit)})
	if err != nil {
		return 0, err
	}
	var gone []write
	for _, row := range rows {
		k := keyOf(row)
		switch {
		case k.sk == profileSort:
			continue
		case k.sk.is(threadPrefix):
			failed = errors.Join(failed, chat.IgnoreConflict(t.apply(ctx, forgetWrites(*readThread(row))...)))
		case k.sk.is(purgePrefix), k.sk == mailboxSort && readMailbox(m, row).Owed():
		default:
			gone = append(gone, removeAny(k.pk, k.sk))
		}
		found++
	}
	return found, errors.Join(failed, t.applyAll(ctx, gone))
}

// applyAll makes writes in transactions of rowsAtOnce. A transaction of which a row has
// changed is left out.
func (t *Table) applyAll(ctx context.Context, writes []write) (failed error) {
	for len(writes) > 0 {
		n := min(len(writes), rowsAtOnce)
		failed = errors.Join(failed, chat.IgnoreConflict(t.apply(ctx, writes[:n]...)))
		writes = writes[n:]
	}
	return failed
}

// PurgeMessages deletes up to limit messages of a thread that is gone, its last ones first,
// with the records of their clients' ids, and what stands for the thread once none is left.
// It returns whether any is.
func (t *Table) PurgeMessages(ctx context.Context, m chat.MemberKey, threadID string, limit int) (left bool, err error) {
	mark, err := t.get(ctx, memberKey(m), purgeSort(threadID))
	if err != nil || mark == nil {
		return false, err
	}
	s := begins(messagesKey(m, threadID), messagePrefix)
	s.limit, s.backward = int32(limit), true // a thread that began anew has the first ones
	rows, err := t.query(ctx, s)
	if err != nil {
		return true, err
	}
	var gone []write
	for _, row := range rows {
		if msg := readMessage(row); !msg.SentAt.After(dueTime(mark)) {
			gone = append(gone, removeAny(s.pk, messageSort(msg.Seq)), removeAny(s.pk, sentSort(msg.Role, msg.ClientMessageID)))
		}
	}
	if len(gone) == 0 {
		return false, chat.IgnoreConflict(t.apply(ctx, removeAny(memberKey(m), purgeSort(threadID))))
	}
	return true, t.applyAll(ctx, gone)
}
