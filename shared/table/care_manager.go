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
	return valueOf(row, chat.CareManagerRow{Organization: k.pk.organizationOf(), ID: k.sk.lastPart()}, careManagerFields)
}

// CareManager reads a care manager, never from memory: the row decides whether they
// are let in, and their rights (T7). It returns nil if there is none.
func (t *Table) CareManager(ctx context.Context, organization, id string) (*chat.CareManagerRow, error) {
	row, err := t.get(ctx, orgKey(organization), careManagerSort(id))
	return readCareManager(row), err
}

// Staff lists every care manager of an organization.
func (t *Table) Staff(ctx context.Context, organization string) ([]chat.CareManagerRow, error) {
	rows, _, err := t.query(ctx, begins(orgKey(organization), staffPrefix))
	all := make([]chat.CareManagerRow, len(rows))
	for i, row := range rows {
		all[i] = *readCareManager(row)
	}
	return all, err
}

// SaveCareManager saves a care manager, their subjects and the departments whose
// lists of disabled people change, in one transaction (T11).
func (t *Table) SaveCareManager(ctx context.Context, was *chat.CareManagerRow, is chat.CareManagerRow, departments []chat.Department) error {
	writes := []write{save(orgKey(is.Organization), careManagerSort(is.ID), careManagerFields(&is), is.Version)}
	var subjects []chat.Subject
	if was != nil {
		subjects = was.Subjects
	}
	writes = append(writes, subjectWrites(chat.Person{Kind: chat.CareManager, ID: is.ID}, subjects, is.Subjects)...)
	for _, d := range departments {
		writes = append(writes, departmentWrite(is.Organization, d))
	}
	return t.apply(ctx, writes...)
}
