package table

import (
	"context"

	"carechat/shared/login"
)

func askCountFields(c *login.AskCount) fields {
	ends := c.Since.Add(keepAsked)
	return fields{
		{"since", moment(&c.Since)},
		{"count", number(&c.Count)},
		{"version", number(&c.Version)},
		{TTLAttribute, expiry(&ends)},
	}
}

var askCountKind = kind{askCountSort, func(row item) any { return valueOf(row, login.AskCount{}, askCountFields) }}

// AskCount reads the count of a source address; version 0 if there is none.
func (t *Table) AskCount(ctx context.Context, source string) (login.AskCount, error) {
	c := login.AskCount{Source: source}
	row, err := t.get(ctx, ipKey(source), askCountSort)
	askCountFields(&c).read(row)
	return c, err
}

// SaveAskCount saves the next version of a count.
func (t *Table) SaveAskCount(ctx context.Context, c login.AskCount) error {
	return t.apply(ctx, save(ipKey(c.Source), askCountSort, askCountFields(&c), c.Version))
}
