package directory

import (
	"context"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// EnrollmentPut is an enrollment as the platform PUTs it. The care manager is to own it
// or, without one, the program's department.
type EnrollmentPut struct {
	State         chat.EnrollmentState
	CareManagerID string
	When          chat.Precondition
}

// Enrollment reads an enrollment as it was last PUT.
func (s *Service) Enrollment(ctx context.Context, c chat.Caller, memberID, programID string) (chat.Enrollment, error) {
	if err := c.Only(chat.Platform); err != nil {
		return chat.Enrollment{}, err
	}
	m, err := c.MemberKey(memberID)
	if err != nil || !chat.ValidID(programID) {
		return chat.Enrollment{}, problem.OrNotFound(err)
	}
	e, err := s.Store.Enrollment(ctx, m, programID)
	if err != nil || e == nil {
		return chat.Enrollment{}, problem.OrNotFound(err)
	}
	return *e, nil
}

// PutEnrollment enrolls a member in a program, hands the enrollment over, closes
// it or opens it again.
func (s *Service) PutEnrollment(ctx context.Context, c chat.Caller, memberID, programID string, p EnrollmentPut) (stored Stored[chat.Enrollment], err error) {
	if err := c.Only(chat.Platform); err != nil {
		return stored, err
	}
	m, err := c.MemberKey(memberID)
	if err != nil || !chat.ValidID(programID) {
		return stored, problem.OrNotFound(err)
	}
	if err := p.check(); err != nil {
		return stored, err
	}
	catalog, err := chat.CatalogWith(ctx, s.Store, c.Organization, func(c chat.Catalog) bool { return c.HasProgram(programID) })
	if err != nil {
		return stored, err
	}
	if !catalog.HasProgram(programID) {
		return stored, problem.WithField("?programId", "unknown", "is not a program of the organization")
	}
	program := chat.Ref{ID: programID, Name: catalog.Programs[programID].Name}
	err = chat.RetryOnConflict(ctx, func() error {
		stored, err = s.tryPutEnrollment(ctx, m, program, p)
		return err
	})
	return stored, err
}

func (p EnrollmentPut) check() error {
	var f checks
	f.oneOf("/state", string(p.State), string(chat.EnrollmentActive), string(chat.EnrollmentClosed))
	if p.CareManagerID != "" {
		f.id("/careManagerId", p.CareManagerID)
	}
	return f.Err()
}

func (s *Service) tryPutEnrollment(ctx context.Context, m chat.MemberKey, program chat.Ref, p EnrollmentPut) (stored Stored[chat.Enrollment], err error) {
	chats, err := s.Store.MemberChats(ctx, m)
	if err != nil {
		return stored, err
	}
	was := chats.Enrolled(program.ID)
	version := was.Enrollment.Version
	if version == 0 {
		if was.Enrollment, err = s.newEnrollment(ctx, m, program); err != nil {
			return stored, err
		}
	}
	want, err := s.meaning(ctx, was.Enrollment, p)
	if err != nil {
		return stored, err
	}
	plan, changed, err := planEnrollment(was, want, s.Now())
	switch {
	case err != nil:
		return stored, err
	case !p.When.Allows(version) && !(!changed && p.When.Repeats(version)):
		return stored, problem.New(problem.VersionMismatch)
	case changed:
		err = s.Store.SaveEnrolled(ctx, plan)
	}
	return Stored[chat.Enrollment]{Entry: plan.Enrollment, Created: version == 0}, err
}

// newEnrollment returns an enrollment that has no version yet. A member who does not
// exist cannot have one.
func (s *Service) newEnrollment(ctx context.Context, m chat.MemberKey, program chat.Ref) (chat.Enrollment, error) {
	profile, err := s.Store.Profile(ctx, m)
	if err != nil || profile == nil {
		return chat.Enrollment{}, problem.OrNotFound(err)
	}
	return chat.Enrollment{Organization: m.Organization, Member: chat.Ref{ID: m.Member, Name: profile.Name}, Program: program}, nil
}

// meaning is what a PUT of an enrollment asks for. Owner, Department and MovedFrom are
// filled in if it decides who owns the enrollment.
type meaning struct {
	State       chat.EnrollmentState
	Provisioned string // the care manager named, or ""
	Owner       chat.Owner
	Department  string // the program's
	MovedFrom   []string
}

// decidesOwner reports whether a PUT decides who owns the enrollment: the first
// one does, and each that means another owner than the last, unless it closes (T9).
func (m meaning) decidesOwner(e chat.Enrollment) bool {
	return e.Version == 0 || m.State == chat.EnrollmentActive && m.Provisioned != e.Provisioned
}

// meaning finds the owner that a PUT names. Nothing new is given to a care manager
// who is disabled. Whose the program is decides rights: never from memory (T7).
func (s *Service) meaning(ctx context.Context, e chat.Enrollment, p EnrollmentPut) (want meaning, err error) {
	want = meaning{State: p.State, Provisioned: p.CareManagerID}
	decides := want.decidesOwner(e)
	if p.CareManagerID != "" {
		row, err := s.Store.CareManager(ctx, e.Organization, p.CareManagerID)
		switch {
		case err != nil:
			return want, err
		case row == nil:
			return want, problem.WithField("/careManagerId", "unknown", "does not exist")
		case !row.Active && decides:
			return want, problem.WithField("/careManagerId", "inactive", "is not active")
		}
		want.Owner = chat.Owner{Kind: chat.OwnedByCareManager, ID: row.ID, Name: row.Name}
	}
	if !decides {
		return want, nil
	}
	catalog, err := s.Store.Catalog(ctx, e.Organization, true)
	program := catalog.Programs[e.Program.ID]
	department := catalog.Departments[program.DepartmentID]
	if want.Department, want.MovedFrom = department.ID, program.MovedFrom; p.CareManagerID == "" {
		want.Owner = chat.Owner{Kind: chat.OwnedByDepartment, ID: department.ID, Name: department.Name}
	}
	return want, err
}

// planEnrollment decides what a PUT changes: the rows that it moves, each at its next
// version. It returns false if the PUT says what the last one said.
func planEnrollment(was chat.Enrolled, want meaning, now time.Time) (plan chat.Enrolled, changed bool, err error) {
	e := was.Enrollment
	if e.Version > 0 && want.State == e.State && want.Provisioned == e.Provisioned {
		return chat.Enrolled{Enrollment: e}, false, nil
	}
	if want.decidesOwner(e) && !e.Owner.Is(want.Owner) {
		e.Ownership = want.ownership(e)
	}
	e.State, e.Provisioned, e.UpdatedAt = want.State, want.Provisioned, now
	plan, err = was.MoveTo(e, chat.Platform, now)
	return plan, true, err
}

// ownership gives the enrollment to the owner that is meant. Its department is
// the program's from the start, whenever it goes to that department, and if it was still
// to arrive there (T10).
func (m meaning) ownership(e chat.Enrollment) chat.Ownership {
	arrives := e.Owner.Kind == chat.OwnedByDepartment && slices.Contains(m.MovedFrom, e.Owner.ID)
	if e.Version == 0 || m.Owner.Kind == chat.OwnedByDepartment || arrives {
		return chat.Ownership{Owner: m.Owner, Department: m.Department}
	}
	return chat.Ownership{Owner: m.Owner, Department: e.Department}
}
