package table

import (
	"context"

	"carechat/shared/chat"
)

func coverageFields(v *chat.Coverage) fields {
	return fields{{"id", text(&v.ID)}, {"by", ref(&v.By)}, {"from", moment(&v.From)}, {"to", moment(&v.To)}}
}

// SaveCoverage saves the care managers whose coverages change, in one transaction
// (T11).
func (t *Table) SaveCoverage(ctx context.Context, rows []chat.CareManagerRow) error {
	var writes []write
	for _, m := range rows {
		writes = append(writes, careManagerWrite(m))
	}
	return t.apply(ctx, writes...)
}

// Coverages reads the coverages of each care manager of an organization and keeps
// them in memory for a while (T7).
func (t *Table) Coverages(ctx context.Context, organization string) (map[string][]chat.Coverage, error) {
	return t.coverages.get(organization, false, func() (map[string][]chat.Coverage, error) {
		staff, err := t.Staff(ctx, organization)
		all := map[string][]chat.Coverage{}
		for _, m := range staff {
			if len(m.CoveredBy) > 0 {
				all[m.ID] = m.CoveredBy
			}
		}
		return all, err
	})
}
