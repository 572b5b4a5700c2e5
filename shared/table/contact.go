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

// MembersWith lists the members who have a contact, by the hash of its address, of
// each organization no more than the limit: it reads no further in an organization,
// however many members have the contact there.
func (t *Table) MembersWith(ctx context.Context, contact string, limit int) ([]chat.MemberKey, error) {
	s := begins(contactHashed(contact), memberSortPrefix)
	s.limit = int32(limit)
	var all []chat.MemberKey
	for {
		rows, err := t.query(ctx, s)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			m, _ := keyOf(row).sk.member()
			all = append(all, m)
		}
		if len(rows) < int(s.limit) {
			return all, nil
		}
		s = s.pastMembers(all, limit)
	}
}

// MembersWithPhone lists the members who have a phone, of each organization no more than
// the limit.
func (t *Table) MembersWithPhone(ctx context.Context, phone string, limit int) ([]chat.MemberKey, error) {
	return t.MembersWith(ctx, contactKey(phone).contact(), limit)
}

// pastMembers returns the span of the members that are left: those after the last
// one, or, if that one's organization has reached the limit, those of the next
// organization.
func (s span) pastMembers(all []chat.MemberKey, limit int) span {
	last := all[len(all)-1]
	n := 0
	for _, m := range slices.Backward(all) {
		if m.Organization != last.Organization {
			break
		}
		n++
	}
	if n < limit {
		s.after, s.limit = memberSort(last), int32(limit-n)
		return s
	}
	s.from, s.after, s.limit = membersOf(last.Organization).until(), "", int32(limit)
	return s
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
