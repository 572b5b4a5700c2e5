package table

import (
	"context"

	"carechat/shared/chat"
)

func coverageFields(v *chat.Coverage) fields {
	return fields{{"id", text(&v.ID)}, {"by", ref(&v.By)}, {"from", moment(&v.From)}, {"to", moment(&v.To)}}
}

func coverageMarkFields(m *chat.CoverageMark) fields {
	return fields{
		{"told", object(coverageFields(&m.Told))},
		{"next", object(coverageFields(&m.Next))},
		{"version", number(&m.Version)},
	}
}

var coverageKind = kind{coveragePrefix, func(row item) any {
	k := keyOf(row)
	m := chat.CoverageMark{Organization: k.pk.organizationOf()}
	m.Covered, m.ID = k.sk.coverage()
	return valueOf(row, m, coverageMarkFields)
}}

// CoverageMark reads the mark of a care manager's coverage, at version 0 if there is
// none.
func (t *Table) CoverageMark(ctx context.Context, organization, covered, id string) (chat.CoverageMark, error) {
	m := chat.CoverageMark{Organization: organization, Covered: covered, ID: id}
	row, err := t.get(ctx, orgKey(organization), coverageSort(covered, id))
	coverageMarkFields(&m).read(row)
	return m, err
}

// SaveCoverageMark saves the next version of a coverage's mark.
func (t *Table) SaveCoverageMark(ctx context.Context, m chat.CoverageMark) error {
	return t.apply(ctx, coverageMarkWrite(m))
}

func coverageMarkWrite(m chat.CoverageMark) write {
	pk := orgKey(m.Organization)
	return save(pk, coverageSort(m.Covered, m.ID), coverageMarkFields(&m).due(UpkeepLane, pk, m.CheckAt()), m.Version)
}

// SaveCoverage saves the care managers whose coverages change, with the mark of what the
// platform is to be told, in one transaction (T11). It does not write when they are to be
// handed over, which upkeep ends without moving a version.
func (t *Table) SaveCoverage(ctx context.Context, rows []chat.CareManagerRow, mark chat.CoverageMark) error {
	writes := []write{coverageMarkWrite(mark)}
	for _, m := range rows {
		writes = append(writes, update(orgKey(m.Organization), careManagerSort(m.ID), careManagerFields(&m), m.Version))
	}
	return t.apply(ctx, writes...)
}
