package table

import (
	"context"

	"carechat/shared/notice"
)

func sweepFields(s *notice.Sweep) fields {
	return fields{{"until", moment(&s.Until)}, {"version", number(&s.Version)}}
}

var sweepKind = kind{leaseSort, func(row item) any { return valueOf(row, notice.Sweep{}, sweepFields) }}

// Sweep reads the sweep that runs; version 0 if none ever did.
func (t *Table) Sweep(ctx context.Context) (notice.Sweep, error) {
	var s notice.Sweep
	row, err := t.get(ctx, sweepKey, leaseSort)
	sweepFields(&s).read(row)
	return s, err
}

// SaveSweep saves the next version of the sweep that runs.
func (t *Table) SaveSweep(ctx context.Context, s notice.Sweep) error {
	return t.apply(ctx, save(sweepKey, leaseSort, sweepFields(&s), s.Version))
}
