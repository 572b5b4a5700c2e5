package table

import (
	"context"

	"carechat/shared/chat"
)

func attendanceFields(a *chat.Attendance) fields {
	return fields{{"unattended", flag(&a.Unattended)}, {"checkAt", moment(&a.CheckAt)}, {"version", number(&a.Version)}}
}

var attendanceKind = kind{attendancePrefix, func(row item) any {
	k := keyOf(row)
	return valueOf(row, chat.Attendance{Organization: k.pk.organizationOf(), Department: k.sk.lastPart()}, attendanceFields)
}}

func attendanceWrite(a chat.Attendance) write {
	pk := orgKey(a.Organization)
	return save(pk, attendanceSort(a.Department), attendanceFields(&a).due(UpkeepLane, pk, a.CheckAt), a.Version)
}

// Attendance reads the attendance of departments, each at version 0 if there is
// none.
func (t *Table) Attendance(ctx context.Context, organization string, departments ...string) ([]chat.Attendance, error) {
	var keys []rowKey
	all := make([]chat.Attendance, len(departments))
	for i, id := range departments {
		keys = append(keys, rowKey{orgKey(organization), attendanceSort(id)})
		all[i] = chat.Attendance{Organization: organization, Department: id}
	}
	rows, err := t.getAll(ctx, keys...)
	for i := range rows {
		attendanceFields(&all[i]).read(rows[i])
	}
	return all, err
}

// SaveAttendance saves the next version of a department's attendance.
func (t *Table) SaveAttendance(ctx context.Context, a chat.Attendance) error {
	return t.apply(ctx, attendanceWrite(a))
}
