package table

import (
	"context"

	"carechat/shared/chat"
	"carechat/shared/login"
)

func limitsFields(l *login.Limits) fields {
	return fields{
		{"failures", number(&l.Failures)},
		{"wrong", list(&l.Wrong, momentFields)},
		{"lockedUntil", moment(&l.LockedUntil)},
		{"sent", list(&l.Sent, momentFields)},
		{"cappedAt", moment(&l.CappedAt)},
		{"version", number(&l.Version)},
	}
}

var limitsKind = kind{limitsSort, func(row item) any {
	return valueOf(row, login.Limits{Key: keyOf(row).pk.member()}, limitsFields)
}}

func limitsWrite(l login.Limits) write {
	return save(memberKey(l.Key), limitsSort, limitsFields(&l), l.Version)
}

// Limits reads the counts of members, in their order; version 0 where there is none.
func (t *Table) Limits(ctx context.Context, members ...chat.MemberKey) ([]login.Limits, error) {
	keys := make([]rowKey, len(members))
	for i, m := range members {
		keys[i] = rowKey{memberKey(m), limitsSort}
	}
	rows, err := t.getAll(ctx, keys...)
	all := make([]login.Limits, len(members))
	for i, m := range members {
		all[i].Key = m
		limitsFields(&all[i]).read(rows[i])
	}
	return all, err
}

// SaveGuess saves a wrong birth date: the link that it was tried with, the counts of
// everybody whom it could have logged in, and the locks. All or none.
func (t *Table) SaveGuess(ctx context.Context, g login.Guess) error {
	writes := []write{triedWrite(g.Link)}
	for _, l := range g.Limits {
		writes = append(writes, limitsWrite(l))
	}
	return t.apply(ctx, append(writes, noticeWrites(g.Locks)...)...)
}

// SaveUnlock saves a member's count and, where their older links end, the epoch of
// their profile. It moves logIns too, on which a PUT of the profile builds. All or
// none.
func (t *Table) SaveUnlock(ctx context.Context, u login.Unlock) error {
	writes := append([]write{limitsWrite(u.Limits)}, noticeWrites(u.Log)...)
	if u.EndsLinksOf != nil {
		w := loggedIn(*u.EndsLinksOf)
		w.set = append(w.set, change{"epoch", numberOf(int64(u.EndsLinksOf.Epoch + 1))})
		writes = append(writes, w)
	}
	return t.apply(ctx, writes...)
}
