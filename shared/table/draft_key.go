package table

import (
	"context"

	"carechat/shared/chat"
)

// draftKeyAttribute is on the row of a member or a care manager. It is in neither's
// list of attributes: who saves the row leaves it alone (T12), and who reads the row
// does not get it.
const draftKeyAttribute = "draftKey"

func personKey(c chat.Caller) (partition, sort) {
	if c.Kind == chat.Member {
		return memberKey(chat.MemberKey{Organization: c.Organization, Member: c.ID}), profileSort
	}
	return orgKey(c.Organization), careManagerSort(c.ID)
}

// DraftKey reads the caller's key for drafts; "" if there is none yet.
func (t *Table) DraftKey(ctx context.Context, c chat.Caller) (string, error) {
	pk, sk := personKey(c)
	row, err := t.get(ctx, pk, sk)
	var draftKey string
	text(&draftKey).decode(row[draftKeyAttribute])
	return draftKey, err
}

// SaveDraftKey saves the caller's first key for drafts.
func (t *Table) SaveDraftKey(ctx context.Context, c chat.Caller, draftKey string) error {
	pk, sk := personKey(c)
	return t.apply(ctx, write{
		key:       key(pk, sk),
		set:       fields{{draftKeyAttribute, text(&draftKey)}}.changes(),
		condition: isThere + " AND attribute_not_exists(" + draftKeyAttribute + ")",
	})
}
