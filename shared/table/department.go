package table

import (
	"context"

	"carechat/shared/chat"
)

func departmentFields(d *chat.Department) fields {
	return fields{
		{"name", text(&d.Name)}, {"disabled", texts(&d.Disabled)}, {"arriving", list(&d.Arriving, arrivalFields)},
		{"version", number(&d.Version)}, {"updatedAt", moment(&d.UpdatedAt)},
	}
}

func arrivalFields(a *chat.Arrival) fields {
	return fields{{"program", text(&a.ProgramID)}, {"from", text(&a.From)}}
}

var departmentKind = kind{departmentPrefix, func(row item) any { return readDepartment(row) }}

func readDepartment(row item) *chat.Department {
	return valueOf(row, chat.Department{ID: keyOf(row).sk.lastPart()}, departmentFields)
}

func departmentWrite(organization string, d chat.Department) write {
	return save(orgKey(organization), departmentSort(d.ID), departmentFields(&d), d.Version)
}

func departmentWrites(organization string, all []chat.Department) (writes []write) {
	for _, d := range all {
		writes = append(writes, departmentWrite(organization, d))
	}
	return writes
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

// Departments reads those of these departments that are there, never from memory, because
// they decide rights (T7).
func (t *Table) Departments(ctx context.Context, organization string, ids []string) ([]chat.Department, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var keys []rowKey
	for _, id := range ids {
		keys = append(keys, rowKey{orgKey(organization), departmentSort(id)})
	}
	rows, err := t.getAll(ctx, keys...)
	if err != nil {
		return nil, err
	}
	var all []chat.Department
	for _, row := range rows {
		if d := readDepartment(row); d != nil {
			all = append(all, *d)
		}
	}
	return all, nil
}
