package directory

import (
	"context"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// CareManager reads a care manager.
func (s *Service) CareManager(ctx context.Context, c chat.Caller, id string) (chat.CareManagerRow, error) {
	if err := c.Only(chat.Platform); err != nil {
		return chat.CareManagerRow{}, err
	}
	if !chat.ValidID(id) {
		return chat.CareManagerRow{}, problem.New(problem.NotFound)
	}
	row, err := s.Store.CareManager(ctx, c.Organization, id)
	if err != nil || row == nil {
		return chat.CareManagerRow{}, problem.OrNotFound(err)
	}
	return *row, nil
}

// PutCareManager makes or replaces a care manager. Without subjects (nil), the caller's
// own issuer names them by their id. One who is not active is refused from their next
// call on, and is listed with their departments until upkeep has handed over what they
// own (T11).
func (s *Service) PutCareManager(ctx context.Context, c chat.Caller, p Put[chat.CareManagerRow]) (stored Stored[chat.CareManagerRow], err error) {
	f, err := begin(c, &p, careManagerHead)
	if err != nil {
		return stored, err
	}
	if p.ID == "me" {
		return stored, problem.New(problem.NotFound)
	}
	if p.Entry.Subjects == nil {
		p.Entry.Subjects = []chat.Subject{{Issuer: c.Issuer, Subject: p.ID}}
	}
	err = chat.RetryOnConflict(ctx, func() error {
		stored, err = s.tryPutCareManager(ctx, c, f, p)
		return err
	})
	return stored, err
}

func careManagerHead(m *chat.CareManagerRow) (*string, *int, *time.Time) {
	return &m.ID, &m.Version, &m.UpdatedAt
}

func checkCareManager(f *checks, c chat.Catalog, m chat.CareManagerRow) {
	f.line("/displayName", m.Name, maxName)
	f.refs("/departmentIds", m.DepartmentIDs, 1, maxDepartments, c.HasDepartment)
	f.subjects("/subjects", m.Subjects, c.Organization.Issuers)
}

func (s *Service) tryPutCareManager(ctx context.Context, c chat.Caller, f *checks, p Put[chat.CareManagerRow]) (stored Stored[chat.CareManagerRow], err error) {
	was, err := s.Store.CareManager(ctx, c.Organization, p.ID)
	if err != nil {
		return stored, err
	}
	catalog, err := s.Store.Catalog(ctx, c.Organization, true) // after the row, whose version guards the departments' lists of it
	if err != nil {
		return stored, err
	}
	if checkCareManager(f, catalog, p.Entry); f.Fields != nil {
		return stored, f.Err()
	}
	next := p.Entry
	next.Organization = c.Organization
	if next.Subjects = orNil(next.Subjects); was != nil {
		next.Covers, next.CoveredBy, next.HandOverAt = was.Covers, was.CoveredBy, was.HandOverAt
	}
	switch {
	case next.Active:
		next.HandOverAt = time.Time{}
	case was == nil || was.Active:
		next.HandOverAt = s.Now()
	}
	stored, changed, err := decide(was, next, p.When, careManagerHead, s.Now())
	if err != nil || !changed {
		return stored, err
	}
	if err := s.checkSubjects(ctx, chat.Person{Kind: chat.CareManager, ID: p.ID}, next.Subjects); err != nil {
		return stored, err
	}
	left, err := s.left(ctx, was, stored.Entry)
	if err != nil {
		return stored, err
	}
	return stored, s.Store.SaveCareManager(ctx, was, stored.Entry, relist(catalog.Departments, was, stored.Entry), left)
}

// left returns the attendance of the departments in which the care manager is no longer
// active, for upkeep to look at (G10).
func (s *Service) left(ctx context.Context, was *chat.CareManagerRow, is chat.CareManagerRow) ([]chat.Attendance, error) {
	if was == nil || !was.Active {
		return nil, nil
	}
	stays := func(id string) bool { return is.Active && slices.Contains(is.DepartmentIDs, id) }
	departments := slices.DeleteFunc(slices.Clone(was.DepartmentIDs), stays)
	if len(departments) == 0 {
		return nil, nil
	}
	all, err := s.Store.Attendance(ctx, is.Organization, departments...)
	for i := range all {
		all[i] = all[i].Asked(s.Now())
	}
	return all, err
}

// relist returns the next version of each department whose list of disabled care managers
// (those who may still own something) changes (T11) or has this one, so that a PUT and the
// end of the hand-over cannot both win (T4).
func relist(all map[string]chat.Department, was *chat.CareManagerRow, is chat.CareManagerRow) []chat.Department {
	ids := slices.Clone(is.DepartmentIDs)
	if was != nil {
		ids = append(ids, was.DepartmentIDs...)
	}
	slices.Sort(ids)
	var changed []chat.Department
	for _, id := range slices.Compact(ids) {
		d := all[id]
		listed := slices.Contains(d.Disabled, is.ID)
		belongs := !is.HandOverAt.IsZero() && slices.Contains(is.DepartmentIDs, id)
		if !belongs && !listed {
			continue
		}
		if d = d.Without(is.ID); belongs {
			d.Disabled = append(d.Disabled, is.ID)
		}
		changed = append(changed, d)
	}
	return changed
}

// checkSubjects refuses a subject that names somebody else (S5).
func (s *Service) checkSubjects(ctx context.Context, self chat.Person, subjects []chat.Subject) error {
	for _, each := range subjects {
		person, err := s.Store.SubjectOf(ctx, each)
		if err != nil {
			return err
		}
		if person != nil && *person != self {
			return problem.New(problem.SubjectTaken)
		}
	}
	return nil
}
