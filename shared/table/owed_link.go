package table

import (
	"context"
	"time"

	"carechat/shared/login"
	"carechat/shared/owed"
)

// keepAsked is how long a count of links outlives its last change: links sent count
// for a day.
const keepAsked = 25 * time.Hour

// workFields are the attributes of work that a row owes.
func workFields(w *owed.Work) fields {
	return fields{{"dueAt", moment(&w.DueAt)}, {"attempts", number(&w.Attempts)}, {"lost", number(&w.Lost)}}
}

// owedLinkFields has the place in the DUE index too, which is a pure function of
// the row.
func owedLinkFields(l *login.OwedLink, ends time.Time) fields {
	return append(fields{
		{"address", text(&l.Address)},
		{"anyone", flag(&l.Anyone)},
		{"for", list(&l.For, recipientFields)},
		{"served", texts(&l.Served)},
		{"sent", list(&l.Sent, momentFields)},
		{"cappedAt", moment(&l.CappedAt)},
		{"sayCapped", flag(&l.SayCapped)},
		{"version", number(&l.Version)},
		{TTLAttribute, expiry(&ends)},
	}, workFields(&l.Work)...).due(LinkLane, contactHashed(l.Contact), l.DueAt)
}

var owedLinkKind = kind{owedLinkSort, func(row item) any { return readOwedLink(keyOf(row).pk.contact(), row) }}

func readOwedLink(contact string, row item) *login.OwedLink {
	l := login.OwedLink{Contact: contact}
	owedLinkFields(&l, time.Time{}).read(row)
	if _, known := row["anyone"]; !known { // an earlier release wrote it: without names it is anyone's
		l.Anyone = l.Owed() && len(l.For) == 0
	}
	return &l
}

func recipientFields(r *login.Recipient) fields {
	return fields{{"organization", text(&r.Member.Organization)}, {"member", text(&r.Member.Member)}, {"by", text(&r.By)}}
}

func momentFields(at *time.Time) fields { return fields{{"at", moment(at)}} }

// OwedLinkTo reads the link owed to an address; version 0 if none was ever asked for.
func (t *Table) OwedLinkTo(ctx context.Context, address string) (login.OwedLink, error) {
	return t.OwedLink(ctx, contactKey(address).contact())
}

// OwedLink reads the link owed to a contact, by the hash of its address; version 0
// if none was ever asked for.
func (t *Table) OwedLink(ctx context.Context, contact string) (login.OwedLink, error) {
	row, err := t.get(ctx, contactHashed(contact), owedLinkSort)
	return *readOwedLink(contact, row), err
}

// SaveOwedLink saves the next version with the links minted for it, all or none.
func (t *Table) SaveOwedLink(ctx context.Context, l login.OwedLink, minted ...login.Link) error {
	writes := []write{save(contactHashed(l.Contact), owedLinkSort, owedLinkFields(&l, t.now().Add(keepAsked)), l.Version)}
	for _, each := range minted {
		writes = append(writes, linkWrite(each))
	}
	return t.apply(ctx, writes...)
}
