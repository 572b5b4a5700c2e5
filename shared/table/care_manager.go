package table

import (
	"context"

	"carechat/shared/chat"
)

func careManagerFields(m *chat.CareManagerRow) fields {
	return fields{
		{"name", text(&m.Name)},
		{"departments", texts(&m.DepartmentIDs)},
		{"active", flag(&m.Active)},
		{"subjects", list(&m.Subjects, subjectFields)},
		{"covers", list(&m.Covers, coverFields)},
		{"coveredBy", list(&m.CoveredBy, coverageFields)},
		{"version", number(&m.Version)},
		{"updatedAt", moment(&m.UpdatedAt)},
	}
}

var careManagerKind = kind{staffPrefix, func(row item) any { return readCareManager(row) }}

func coverFields(c *chat.Cover) fields {
	return fields{{"of", ref(&c.Of)}, {"from", moment(&c.From)}, {"to", moment(&c.To)}}
}

func readCareManager(row item) *chat.CareManagerRow {
	k := keyOf(row)
	return valueOf(row, chat.CareManagerRow{Organization: k.pk.organizationOf(), ID: k.sk.lastPart(), HandOverAt: dueTime(row)}, careManagerFields)
}

// CareManager reads a care manager, never from memory: the row decides whether they
// are let in, and their rights (T7). It returns nil if there is none.
func (t *Table) CareManager(ctx context.Context, organization, id string) (*chat.CareManagerRow, error) {
	row, err := t.get(ctx, orgKey(organization), careManagerSort(id))
	return readCareManager(row), err
}

// Staff lists every care manager of an organization.
func (t *Table) Staff(ctx context.Context, organization string) ([]chat.CareManagerRow, error) {
	rows, err := t.query(ctx, begins(orgKey(organization), staffPrefix))
	all := make([]chat.CareManagerRow, len(rows))
	for i, row := range rows {
		all[i] = *readCareManager(row)
	}
	return all, err
}

// Colleagues reads the care managers of an organization by id, for display, and keeps
// them in memory for a while (T7).
func (t *Table) Colleagues(ctx context.Context, organization string) (map[string]chat.CareManagerRow, error) {
	return t.colleagues.get(organization, false, func() (map[string]chat.CareManagerRow, error) {
		staff, err := t.Staff(ctx, organization)
		all := map[string]chat.CareManagerRow{}
		for _, m := range staff {
			all[m.ID] = m
		}
		return all, err
	})
}

// SaveCareManager saves a care manager, their subjects, the departments whose lists of
// disabled people change (T11), and the attendance of those that they leave, in one
// transaction.
func (t *Table) SaveCareManager(ctx context.Context, was *chat.CareManagerRow, is chat.CareManagerRow, departments []chat.Department, left []chat.Attendance) error {
	pk := orgKey(is.Organization)
	writes := []write{save(pk, careManagerSort(is.ID), careManagerFields(&is).due(HandOverLane, pk, is.HandOverAt), is.Version)}
	var subjects []chat.Subject
	if was != nil {
		subjects = was.Subjects
	}
	writes = append(writes, subjectWrites(chat.Person{Kind: chat.CareManager, ID: is.ID}, subjects, is.Subjects)...)
	writes = append(writes, departmentWrites(is.Organization, departments)...)
	for _, a := range left {
		writes = append(writes, attendanceWrite(a))
	}
	return t.apply(ctx, writes...)
}

// EndHandOver saves that a disabled care manager owns nothing any more, together with
// their departments, which no longer list them. It moves no version of the care manager's
// row, because nothing that the platform put has changed.
func (t *Table) EndHandOver(ctx context.Context, row chat.CareManagerRow, departments []chat.Department) error {
	done := checked(orgKey(row.Organization), careManagerSort(row.ID)).when(hasVersion, item{":was": numberOf(int64(row.Version))})
	return t.apply(ctx, append(departmentWrites(row.Organization, departments), done)...)
}
