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
