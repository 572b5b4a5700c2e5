package table

import "carechat/shared/chat"

func ownershipFields(h *chat.Ownership) fields {
	return fields{{"owner", owner(&h.Owner)}, {"department", text(&h.Department)}}
}

func owner(o *chat.Owner) value {
	return object{{"kind", text(&o.Kind)}, {"id", text(&o.ID)}, {"name", text(&o.Name)}}
}

// work adds the row's place in its owner's lists; with "" it is in none.
func (f fields) work(organization string, o chat.Owner, place sort) fields {
	pk := ownerKey(organization, o)
	if place == "" {
		pk = ""
	}
	return append(f, fields{{"WORK_PK", text(&pk)}, {"WORK_SK", text(&place)}}...)
}
