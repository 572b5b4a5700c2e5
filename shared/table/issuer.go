package table

import (
	"context"
	"slices"

	"carechat/shared/auth"
	"carechat/shared/chat"
)

func issuerFields(i *auth.Issuer) fields {
	return append(fields{{"organization", text(&i.Organization)}}, verifyingFields(&i.Issuer)...)
}

// verifyingFields say how an issuer's tokens are verified and read.
func verifyingFields(i *chat.Issuer) fields {
	return fields{
		{"issuer", text(&i.Issuer)},
		{"audience", text(&i.Audience)},
		{"keysUrl", text(&i.KeysURL)},
		{"audienceClaim", text(&i.AudienceClaim)},
		{"subjectClaim", text(&i.SubjectClaim)},
		{"platform", object{{"claim", text(&i.Platform.Claim)}, {"value", text(&i.Platform.Value)}}},
	}
}

var issuerKind = kind{issuerSort, func(row item) any { return readIssuer(row) }}

func readIssuer(row item) *auth.Issuer { return valueOf(row, auth.Issuer{}, issuerFields) }

func personFields(p *chat.Person) fields {
	return fields{{"kind", text(&p.Kind)}, {"id", text(&p.ID)}}
}

// Identity reads, in one call, an issuer and the person whom one of its subjects
// names; nil for what is unknown.
func (t *Table) Identity(ctx context.Context, s chat.Subject) (*auth.Issuer, *chat.Person, error) {
	pk := issuerKey(s.Issuer)
	rows, err := t.getAll(ctx, rowKey{pk, issuerSort}, rowKey{pk, subjectSort(s.Subject)})
	if err != nil || rows[0] == nil {
		return nil, nil, err
	}
	return readIssuer(rows[0]), readPerson(rows[1]), nil
}

var personKind = kind{subjectPrefix, func(row item) any { return readPerson(row) }}

func readPerson(row item) *chat.Person { return valueOf(row, chat.Person{}, personFields) }

// Issuer reads an issuer, with the organization that it belongs to; nil if it is
// unknown.
func (t *Table) Issuer(ctx context.Context, issuer string) (*auth.Issuer, error) {
	row, err := t.get(ctx, issuerKey(issuer), issuerSort)
	return readIssuer(row), err
}

func subjectFields(s *chat.Subject) fields {
	return fields{{"issuer", text(&s.Issuer)}, {"subject", text(&s.Subject)}}
}

// SubjectOf reads the person whom a subject names; nil if it names nobody.
func (t *Table) SubjectOf(ctx context.Context, s chat.Subject) (*chat.Person, error) {
	row, err := t.get(ctx, issuerKey(s.Issuer), subjectSort(s.Subject))
	return readPerson(row), err
}

const ifMineOrNew = "attribute_not_exists(PK) OR organization = :organization"

// issuerWrites give an organization the issuers it names and take away those
// that it no longer does. Another organization's issuer is chat.ErrConflict (S5).
func issuerWrites(organization string, was, is []chat.Issuer) []write {
	mine := item{":organization": text(&organization).encode()}
	var all []write
	for _, i := range is {
		row := auth.Issuer{Organization: organization, Issuer: i}
		all = append(all, update(issuerKey(i.Issuer), issuerSort, issuerFields(&row), 0).when(ifMineOrNew, mine))
	}
	for _, i := range was {
		kept := slices.ContainsFunc(is, func(other chat.Issuer) bool { return other.Issuer == i.Issuer })
		if !kept {
			all = append(all, removeAny(issuerKey(i.Issuer), issuerSort).when(ifMineOrNew, mine))
		}
	}
	return all
}

// subjectWrites make the subjects before into the subjects now. One that is
// somebody else's is chat.ErrConflict (S5).
func subjectWrites(p chat.Person, was, is []chat.Subject) []write {
	const mine = "kind = :kind AND id = :id"
	values := item{":kind": text(&p.Kind).encode(), ":id": text(&p.ID).encode()}
	var all []write
	for _, s := range is {
		if !slices.Contains(was, s) {
			all = append(all, update(issuerKey(s.Issuer), subjectSort(s.Subject), personFields(&p), 0).
				when("attribute_not_exists(PK) OR "+mine, values))
		}
	}
	for _, s := range was {
		if !slices.Contains(is, s) {
			all = append(all, removeAny(issuerKey(s.Issuer), subjectSort(s.Subject)).when(mine, values))
		}
	}
	return all
}

// IssuerOwner is the organization that an issuer belongs to, "" if none.
func (t *Table) IssuerOwner(ctx context.Context, issuer string) (string, error) {
	i, err := t.Issuer(ctx, issuer)
	if err != nil || i == nil {
		return "", err
	}
	return i.Organization, nil
}
