package table

import (
	"context"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/notice"
)

func limitsFields(l *login.Limits) fields {
	return fields{
		{"failures", number(&l.Failures)},
		{"lockedUntil", moment(&l.LockedUntil)},
		{"version", number(&l.Version)},
	}
}

// Limits are the two counts in a member's row of limits.
type Limits struct {
	LogIns  login.Limits
	Notices notice.Ledger
}

var limitsKind = kind{limitsSort, func(row item) any {
	m := keyOf(row).pk.member()
	return valueOf(row, Limits{login.Limits{Key: m}, notice.Ledger{Key: m}}, func(l *Limits) fields {
		return append(limitsFields(&l.LogIns), ledgerFields(&l.Notices)...)
	})
}}

func limitsWrite(l login.Limits) write {
	return save(memberKey(l.Key), limitsSort, limitsFields(&l), l.Version)
}

// Limits reads the members' counts; version 0 where there is no row.
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

// SaveLimits saves the next version of each, all or none.
func (t *Table) SaveLimits(ctx context.Context, all ...login.Limits) error {
	writes := make([]write, len(all))
	for i, l := range all {
		writes[i] = limitsWrite(l)
	}
	return t.apply(ctx, writes...)
}
