package table

import (
	"context"

	"carechat/shared/chat"
)

// SaveOrganization saves the settings with their issuers in one transaction; was
// are the issuers before. Another organization's issuer is chat.ErrConflict (S5).
func (t *Table) SaveOrganization(ctx context.Context, o chat.Organization, was []chat.Issuer) error {
	writes := []write{save(orgKey(o.ID), settingsSort, organizationFields(&o), o.Version)}
	return t.apply(ctx, append(writes, issuerWrites(o.ID, was, o.Issuers)...)...)
}

// SaveProgram saves a program that builds on the version before it.
func (t *Table) SaveProgram(ctx context.Context, organization string, p chat.Program) error {
	return t.apply(ctx, save(orgKey(organization), programSort(p.ID), programFields(&p), p.Version))
}

// SaveReason saves a reason that builds on the version before it.
func (t *Table) SaveReason(ctx context.Context, organization string, r chat.Reason) error {
	return t.apply(ctx, save(orgKey(organization), reasonSort(r.ID), reasonFields(&r), r.Version))
}

// SaveDepartment saves a department that builds on the version before it.
func (t *Table) SaveDepartment(ctx context.Context, organization string, d chat.Department) error {
	return t.apply(ctx, departmentWrite(organization, d))
}

func departmentWrite(organization string, d chat.Department) write {
	return save(orgKey(organization), departmentSort(d.ID), departmentFields(&d), d.Version)
}

// IssuerOwner is the organization that an issuer belongs to, "" if none.
func (t *Table) IssuerOwner(ctx context.Context, issuer string) (string, error) {
	i, err := t.Issuer(ctx, issuer)
	if err != nil || i == nil {
		return "", err
	}
	return i.Organization, nil
}
