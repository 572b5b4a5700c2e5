package table

import (
	"context"

	"carechat/shared/chat"
)

func programFields(p *chat.Program) fields {
	return fields{
		{"name", text(&p.Name)}, {"names", labels(&p.Names)}, {"kind", text(&p.Kind)}, {"department", text(&p.DepartmentID)},
		{"movedFrom", texts(&p.MovedFrom)},
		{"version", number(&p.Version)}, {"updatedAt", moment(&p.UpdatedAt)},
	}
}

var programKind = kind{programPrefix, func(row item) any {
	return valueOf(row, chat.Program{ID: keyOf(row).sk.lastPart(), MovedAt: dueTime(row)}, programFields)
}}

// SaveProgram saves a program that builds on the version before it, with the departments
// whose arrivals change (T10).
func (t *Table) SaveProgram(ctx context.Context, organization string, p chat.Program, departments []chat.Department) error {
	pk := orgKey(organization)
	saved := save(pk, programSort(p.ID), programFields(&p).due(HandOverLane, pk, p.MovedAt), p.Version)
	return t.apply(ctx, append(departmentWrites(organization, departments), saved)...)
}

// EndMove saves that a program's former departments own nothing in it any more, together
// with its present department, which no longer awaits anything. It moves no version of
// the program, because nothing that the platform put has changed.
func (t *Table) EndMove(ctx context.Context, organization string, p chat.Program, departments []chat.Department) error {
	done := checked(orgKey(organization), programSort(p.ID)).when(hasVersion, item{":was": numberOf(int64(p.Version))})
	done.set = append(done.set, change{name: "movedFrom"})
	return t.apply(ctx, append(departmentWrites(organization, departments), done)...)
}
