package table

import (
	"context"

	"carechat/shared/chat"
)

func reasonFields(r *chat.Reason) fields {
	return fields{
		{"labels", labels(&r.Labels)}, {"order", number(&r.Order)}, {"active", flag(&r.Active)},
		{"programs", texts(&r.ProgramIDs)}, {"replyHours", number(&r.ReplyHours)}, {"version", number(&r.Version)},
		{"updatedAt", moment(&r.UpdatedAt)},
	}
}

var reasonKind = kind{reasonPrefix, func(row item) any {
	return valueOf(row, chat.Reason{ID: keyOf(row).sk.lastPart()}, reasonFields)
}}

// SaveReason saves a reason that builds on the version before it.
func (t *Table) SaveReason(ctx context.Context, organization string, r chat.Reason) error {
	return t.apply(ctx, save(orgKey(organization), reasonSort(r.ID), reasonFields(&r), r.Version))
}
