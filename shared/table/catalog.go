package table

import (
	"context"

	"carechat/shared/chat"
)

// Catalog reads an organization's configuration with one Query and keeps it in
// memory for a while (T7). If there is no such organization, the catalog is empty.
func (t *Table) Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error) {
	return t.settings.get(organization, fresh, func() (chat.Catalog, error) {
		rows, err := t.query(ctx, span{pk: orgKey(organization), from: departmentPrefix, to: settingsSort})
		if err != nil {
			return chat.Catalog{}, err
		}
		c := chat.Catalog{
			Programs: map[string]chat.Program{}, Reasons: map[string]chat.Reason{},
			Departments: map[string]chat.Department{},
		}
		for _, row := range rows {
			switch v := Decode(row).(type) {
			case *chat.Organization:
				c.Organization = *v
			case *chat.Program:
				c.Programs[v.ID] = *v
			case *chat.Reason:
				c.Reasons[v.ID] = *v
			case *chat.Department:
				c.Departments[v.ID] = *v
			}
		}
		return c, nil
	})
}
