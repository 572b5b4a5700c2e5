package table

import (
	"context"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
)

// keepAsked is how long a contact's row outlives its last change: what was sent
// counts for a day.
const keepAsked = 25 * time.Hour

// askedFields are a contact's row as it is written now. Its place in the DUE index is a pure function of it.
func askedFields(a *login.Asked, now time.Time) fields {
	ends := now.Add(keepAsked)
	return fields{
		{"address", text(&a.Address)},
		{"for", list(&a.For, memberKeyFields)},
		{"dueAt", moment(&a.DueAt)},
		{"attempts", number(&a.Attempts)},
		{"lost", number(&a.Lost)},
		{"served", texts(&a.Served)},
		{"sent", list(&a.Sent, momentFields)},
		{"version", number(&a.Version)},
		{TTLAttribute, expiry(&ends)},
	}.due(contactHashed(a.Contact), a.DueAt)
}

var askedKind = kind{askedSort, func(row item) any { return readAsked(keyOf(row).pk.contact(), row) }}

func readAsked(contact string, row item) *login.Asked {
	a := login.Asked{Contact: contact}
	askedFields(&a, time.Time{}).read(row)
	return &a
}

func memberKeyFields(m *chat.MemberKey) fields {
	return fields{{"organization", text(&m.Organization)}, {"member", text(&m.Member)}}
}

func momentFields(at *time.Time) fields { return fields{{"at", moment(at)}} }

// AskedWith reads what was asked for with an address; version 0 if nothing was.
func (t *Table) AskedWith(ctx context.Context, address string) (login.Asked, error) {
	return t.Asked(ctx, contactKey(address).contact())
}

// Asked reads what was asked for with a contact, by its hash.
func (t *Table) Asked(ctx context.Context, contact string) (login.Asked, error) {
	row, err := t.get(ctx, contactHashed(contact), askedSort)
	return *readAsked(contact, row), err
}

// SaveAsked saves the next version with the links minted for it, whole or not at all.
func (t *Table) SaveAsked(ctx context.Context, a login.Asked, minted ...login.Link) error {
	writes := []write{save(contactHashed(a.Contact), askedSort, askedFields(&a, t.now()), a.Version)}
	for _, l := range minted {
		writes = append(writes, linkWrite(l))
	}
	return t.apply(ctx, writes...)
}

// Contact says in its key that a member is reached by an address.
type Contact struct{ Member chat.MemberKey }

var contactKind = kind{reachedPrefix, func(row item) any {
	m, _ := keyOf(row).sk.reached()
	return &Contact{m}
}}

// MembersReached lists whose contact it is, by its hash.
func (t *Table) MembersReached(ctx context.Context, contact string) ([]chat.MemberKey, error) {
	rows, _, err := t.query(ctx, begins(contactHashed(contact), reachedPrefix))
	var all []chat.MemberKey
	for _, row := range rows {
		if m, ok := keyOf(row).sk.reached(); ok {
			all = append(all, m)
		}
	}
	return all, err
}

// contactWrites make the addresses by which a member is found before into those
// now; "" is none.
func contactWrites(m chat.MemberKey, was, is []string) []write {
	var all []write
	for _, address := range is {
		if address != "" && !slices.Contains(was, address) {
			all = append(all, put(contactKey(address), reachedSort(m), nil))
		}
	}
	for _, address := range was {
		if address != "" && !slices.Contains(is, address) {
			all = append(all, removeAny(contactKey(address), reachedSort(m)))
		}
	}
	return all
}

func asksFields(a *login.Asks) fields {
	ends := a.Since.Add(keepAsked)
	return fields{
		{"since", moment(&a.Since)},
		{"count", number(&a.Count)},
		{"version", number(&a.Version)},
		{TTLAttribute, expiry(&ends)},
	}
}

var asksKind = kind{asksSort, func(row item) any { return valueOf(row, login.Asks{}, asksFields) }}

// AsksFrom reads the count of a source address; version 0 if there is none.
func (t *Table) AsksFrom(ctx context.Context, source string) (login.Asks, error) {
	a := login.Asks{Source: source}
	row, err := t.get(ctx, ipKey(source), asksSort)
	asksFields(&a).read(row)
	return a, err
}

// SaveAsks saves the next version of a count.
func (t *Table) SaveAsks(ctx context.Context, a login.Asks) error {
	return t.apply(ctx, save(ipKey(a.Source), asksSort, asksFields(&a), a.Version))
}
