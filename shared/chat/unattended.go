package chat

import (
	"context"
	"slices"
)

// unattendedStore reads who is in which department.
type unattendedStore interface {
	CatalogStore
	StaffStore
}

// unattended returns the owners whose work is in nobody's list (G10): departments without
// an active care manager, and disabled care managers of such departments alone whose
// enrollments are still to be handed over.
func unattended(ctx context.Context, store unattendedStore, organization string) (owners []Owner, err error) {
	catalog, err := store.Catalog(ctx, organization, true)
	if err != nil {
		return nil, err
	}
	staff, err := store.Staff(ctx, organization)
	if err != nil {
		return nil, err
	}
	for id := range catalog.Departments {
		if len(activeIn(staff, id)) == 0 {
			owners = append(owners, Owner{Kind: OwnedByDepartment, ID: id})
		}
	}
	for _, m := range staff {
		if m.abandoned(staff) {
			owners = append(owners, Owner{Kind: OwnedByCareManager, ID: m.ID})
		}
	}
	return owners, nil
}

// abandoned reports whether a care manager is disabled, what they own is still to be handed
// over, and no active one is in their departments.
func (m CareManagerRow) abandoned(staff []CareManagerRow) bool {
	attended := func(id string) bool { return len(activeIn(staff, id)) > 0 }
	return !m.HandOverAt.IsZero() && !slices.ContainsFunc(m.DepartmentIDs, attended)
}
