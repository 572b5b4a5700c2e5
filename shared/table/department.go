package table

import (
	"context"
	"slices"

	"carechat/shared/chat"
)

func departmentFields(d *chat.Department) fields {
	return fields{
		{"name", text(&d.Name)}, {"disabled", texts(&d.Disabled)}, {"version", number(&d.Version)}, {"updatedAt", moment(&d.UpdatedAt)},
	}
}

var departmentKind = kind{departmentPrefix, func(row item) any { return readDepartment(row) }}

func readDepartment(row item) *chat.Department {
	return valueOf(row, chat.Department{ID: keyOf(row).sk.lastPart()}, departmentFields)
}

func departmentWrite(organization string, d chat.Department) write {
	return save(orgKey(organization), departmentSort(d.ID), departmentFields(&d), d.Version)
}

// SaveDepartment saves a department that builds on the version before it. Nobody is in a
// new one, so upkeep looks at it from then on.
func (t *Table) SaveDepartment(ctx context.Context, organization string, d chat.Department) error {
	writes := []write{departmentWrite(organization, d)}
	if d.Version == 1 {
		a := chat.Attendance{Organization: organization, Department: d.ID}
		writes = append(writes, attendanceWrite(a.Asked(t.now())))
	}
	return t.apply(ctx, writes...)
}

// DisabledIn lists the disabled care managers of departments, each once. It reads
// the departments' rows, never from memory, because they decide rights (T7).
func (t *Table) DisabledIn(ctx context.Context, organization string, departments []string) ([]string, error) {
	if len(departments) == 0 {
		return nil, nil
	}
	var keys []rowKey
	for _, id := range departments {
		keys = append(keys, rowKey{orgKey(organization), departmentSort(id)})
	}
	rows, err := t.getAll(ctx, keys...)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, row := range rows {
		if d := readDepartment(row); d != nil {
			all = append(all, d.Disabled...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}
