package table

import (
	"context"

	"carechat/shared/chat"
	"carechat/shared/login"
)

func limitsFields(l *login.Limits) fields {
	return fields{
		{"failures", number(&l.Failures)},
		{"lockedUntil", moment(&l.LockedUntil)},
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

// SaveLimits saves the next version of each, all or none.
func (t *Table) SaveLimits(ctx context.Context, all ...login.Limits) error {
	writes := make([]write, len(all))
	for i, l := range all {
		writes[i] = limitsWrite(l)
	}
	return t.apply(ctx, writes...)
}
