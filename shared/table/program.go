package table

import (
	"context"

	"carechat/shared/chat"
)

func programFields(p *chat.Program) fields {
	return fields{
		{"name", text(&p.Name)}, {"names", labels(&p.Names)}, {"kind", text(&p.Kind)}, {"department", text(&p.DepartmentID)},
		{"version", number(&p.Version)}, {"updatedAt", moment(&p.UpdatedAt)},
	}
}

var programKind = kind{programPrefix, func(row item) any {
	return valueOf(row, chat.Program{ID: keyOf(row).sk.lastPart()}, programFields)
}}

// SaveProgram saves a program that builds on the version before it.
func (t *Table) SaveProgram(ctx context.Context, organization string, p chat.Program) error {
	return t.apply(ctx, save(orgKey(organization), programSort(p.ID), programFields(&p), p.Version))
}
