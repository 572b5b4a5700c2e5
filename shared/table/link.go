package table

import (
	"context"

	"carechat/shared/login"
)

// linkFields lists the TTL before the expiry, which it rounds: the last one read counts.
func linkFields(l *login.Link) fields {
	return fields{
		{TTLAttribute, expiry(&l.ExpiresAt)},
		{"expiresAt", moment(&l.ExpiresAt)},
		{"organization", text(&l.Organization)},
		{"members", list(&l.Members, linkMemberFields)},
		{"landing", object{{"kind", text(&l.Landing.Kind)}, {"id", text(&l.Landing.ID)}}},
		{"wrong", texts(&l.Wrong)},
		{"version", number(&l.Version)},
	}
}

func linkMemberFields(m *login.LinkMember) fields {
	return fields{{"id", text(&m.ID)}, {"epoch", number(&m.Epoch)}}
}

var linkKind = kind{linkSort, func(row item) any { return readLink(row) }}

func readLink(row item) *login.Link {
	return valueOf(row, login.Link{Hash: keyOf(row).pk.linkHash()}, linkFields)
}

func linkWrite(l login.Link) write { return put(linkKey(l.Hash), linkSort, linkFields(&l)) }

// triedWrite saves the next version of a link that was tried. A link that an earlier
// release made has no version.
func triedWrite(l login.Link) write {
	w := update(linkKey(l.Hash), linkSort, fields{{"wrong", texts(&l.Wrong)}, {"version", number(&l.Version)}}, l.Version)
	return w.when("("+hasVersion+" OR attribute_not_exists(version)) AND "+isThere, w.values)
}

// Link reads a link by its token's hash; nil if there is none.
func (t *Table) Link(ctx context.Context, hash string) (*login.Link, error) {
	row, err := t.get(ctx, linkKey(hash), linkSort)
	return readLink(row), err
}
