package table

import (
	"context"

	"carechat/shared/auth"
)

// linkFields lists the TTL before the expiry, which it rounds: the last one read counts.
func linkFields(l *auth.Link) fields {
	return fields{
		{TTLAttribute, expiry(&l.ExpiresAt)},
		{"expiresAt", moment(&l.ExpiresAt)},
		{"organization", text(&l.Organization)},
		{"members", list(&l.Members, reachedFields)},
		{"landing", object{{"kind", text(&l.Landing.Kind)}, {"id", text(&l.Landing.ID)}}},
	}
}

func reachedFields(r *auth.Reached) fields {
	return fields{{"id", text(&r.ID)}, {"epoch", number(&r.Epoch)}}
}

func linkWrite(l auth.Link) write { return put(linkKey(l.Hash), linkSort, linkFields(&l)) }

// Link reads a link by its token's hash; nil if there is none.
func (t *Table) Link(ctx context.Context, hash string) (*auth.Link, error) {
	row, err := t.get(ctx, linkKey(hash), linkSort)
	if row == nil {
		return nil, err
	}
	l := auth.Link{Hash: hash}
	linkFields(&l).read(row)
	return &l, err
}
