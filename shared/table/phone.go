package table

import (
	"context"

	"carechat/shared/chat"
)

func phoneFields(s *chat.PhoneState) fields {
	return fields{
		{"status", text(&s.Status)},
		{"at", moment(&s.At)},
		{"cause", text(&s.Cause)},
		{"answeredAt", moment(&s.AnsweredAt)},
		{"version", number(&s.Version)},
	}
}

var phoneStateKind = kind{statusSort, func(row item) any { return valueOf(row, chat.PhoneState{}, phoneFields) }}

// PhoneState reads what is known of a number; version 0 if nothing is.
func (t *Table) PhoneState(ctx context.Context, phone string) (chat.PhoneState, error) {
	var s chat.PhoneState
	row, err := t.get(ctx, contactKey(phone), statusSort)
	phoneFields(&s).read(row)
	return s, err
}

// SavePhoneState saves the next version of what is known of a number.
func (t *Table) SavePhoneState(ctx context.Context, phone string, s chat.PhoneState) error {
	return t.apply(ctx, save(contactKey(phone), statusSort, phoneFields(&s), s.Version))
}
