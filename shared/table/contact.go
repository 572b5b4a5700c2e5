package table

import (
	"context"
	"slices"

	"carechat/shared/chat"
)

// Contact is a row whose key says that a member has a contact.
type Contact struct{ Member chat.MemberKey }

var contactKind = kind{memberSortPrefix, func(row item) any {
	m, _ := keyOf(row).sk.member()
	return &Contact{m}
}}

// MembersWith lists the members, in every organization, who have a contact, by the
// hash of its address.
func (t *Table) MembersWith(ctx context.Context, contact string) ([]chat.MemberKey, error) {
	rows, _, err := t.query(ctx, begins(contactHashed(contact), memberSortPrefix))
	var all []chat.MemberKey
	for _, row := range rows {
		if m, ok := keyOf(row).sk.member(); ok {
			all = append(all, m)
		}
	}
	return all, err
}

// contactWrites changes the addresses by which a member is found; "" is none.
func contactWrites(m chat.MemberKey, was, is []string) []write {
	var all []write
	for _, address := range is {
		if address != "" && !slices.Contains(was, address) {
			all = append(all, put(contactKey(address), memberSort(m), nil))
		}
	}
	for _, address := range was {
		if address != "" && !slices.Contains(is, address) {
			all = append(all, removeAny(contactKey(address), memberSort(m)))
		}
	}
	return all
}
