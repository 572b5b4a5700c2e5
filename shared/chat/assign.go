package chat

import (
	"context"
	"slices"
	"unicode/utf8"

	"carechat/shared/problem"
)

// HandOverStore hands enrollments over.
type HandOverStore interface {
	RightsStore
	CatalogStore
	CareManagerStore
	StaffStore
	ColleagueStore
	MemberChatsStore
	EnrolledStore
}

// NewOwner names whom an enrollment is assigned to, exactly one of the two, and perhaps why.
type NewOwner struct{ CareManagerID, DepartmentID, Why string }

// maxWhy is how many code points a hand-over's why may have: the history of a request, which
// is one row, holds many.
const maxWhy = 200

// checkWhy refuses a why that is too long or shows nothing.
func (o NewOwner) checkWhy() error {
	var fields problem.Fields
	if o.Why == "" {
		return nil
	}
	if checkText(&fields, "/why", o.Why); fields == nil && utf8.RuneCountInString(o.Why) > maxWhy {
		fields.Add("/why", "too-long", "at most 200 characters")
	}
	return fields.Err()
}

// Claim makes the calling care manager the owner of an enrollment that a department of theirs owns or awaits, or
// a disabled colleague owns, or in which something is late. If it is theirs already it changes nothing. If
// somebody else owns it, Claim returns problem.AlreadyClaimed to whoever may know that, such as care managers of
// its department, and problem.NotFound to everybody else (S7).
func (s *TaskService) Claim(ctx context.Context, c Caller, memberID, programID string, when Precondition) (Enrollment, error) {
	if err := c.Only(CareManager); err != nil {
		return Enrollment{}, err
	}
	me := c.asOwner()
	var first *Owner
	return s.handOver(ctx, c, memberID, programID, when, "", func(e Enrollment, may rights) (Ownership, error) {
		if first == nil {
			first = &e.Owner
		}
		if !e.Owner.Is(*first) { // a late enrollment may be claimed from the first owner, not from one who claimed it meanwhile
			may.late = nil
		}
		return Ownership{Owner: me, Department: may.departmentOf(e)}, may.claim(e)
	})
}

// Assign hands an enrollment over to an active care manager or to a department. A care manager needs full rights
// on it. An enrollment that goes to a department belongs to it from then on (T10). Why is kept in the history of
// the open request; without one it is not kept.
func (s *TaskService) Assign(ctx context.Context, c Caller, memberID, programID string, to NewOwner, when Precondition) (Enrollment, error) {
	if err := c.Only(CareManager, Platform); err != nil {
		return Enrollment{}, err
	}
	if err := to.checkWhy(); err != nil {
		return Enrollment{}, err
	}
	to.Why = stored(to.Why)
	return s.handOver(ctx, c, memberID, programID, when, to.Why, func(e Enrollment, may rights) (Ownership, error) {
		if err := may.assign(e); err != nil {
			return Ownership{}, err
		}
		owner, err := s.newOwner(ctx, c.Organization, to)
		if owner.Kind == OwnedByDepartment {
			return Ownership{Owner: owner, Department: owner.ID}, err
		}
		return Ownership{Owner: owner, Department: may.departmentOf(e)}, err
	})
}

// newOwner returns the owner who is named. Nothing is given to a care manager who is disabled, or to a
// department without an active one, where nobody would see it (G10).
func (s *TaskService) newOwner(ctx context.Context, organization string, to NewOwner) (Owner, error) {
	if (to.CareManagerID == "") == (to.DepartmentID == "") {
		return Owner{}, problem.WithField("/careManagerId", "required", "name exactly one careManagerId or departmentId")
	}
	if to.CareManagerID != "" {
		return s.namedCareManager(ctx, organization, to.CareManagerID)
	}
	return s.namedDepartment(ctx, organization, to.DepartmentID)
}

func (s *TaskService) namedDepartment(ctx context.Context, organization, id string) (Owner, error) {
	catalog, err := CatalogWith(ctx, s.Store, organization, func(c Catalog) bool { return c.HasDepartment(id) })
	if err != nil {
		return Owner{}, err
	}
	if !catalog.HasDepartment(id) {
		return Owner{}, problem.WithField("/departmentId", "unknown", "does not exist")
	}
	staff, err := s.Store.Staff(ctx, organization)
	if err == nil && len(activeIn(staff, id)) == 0 {
		err = problem.WithField("/departmentId", "unattended", "has no active care manager")
	}
	return catalog.Departments[id].asOwner(), err
}

func (s *TaskService) namedCareManager(ctx context.Context, organization, id string) (Owner, error) {
	unknown := problem.WithField("/careManagerId", "unknown", "does not exist")
	if !ValidID(id) {
		return Owner{}, unknown
	}
	row, err := s.Store.CareManager(ctx, organization, id)
	switch {
	case err != nil:
		return Owner{}, err
	case row == nil:
		return Owner{}, unknown
	case !row.Active:
		return Owner{}, problem.WithField("/careManagerId", "inactive", "is not active")
	}
	return Owner{Kind: OwnedByCareManager, ID: row.ID, Name: row.Name}, nil
}

// decideOwnership returns who is to own an enrollment, or why the caller may not decide that.
type decideOwnership func(Enrollment, rights) (Ownership, error)

// handOver gives an enrollment to another owner, with its open request and its threads (T9), and starts again if
// a row moved meanwhile (T5). A PUT of the platform that repeats its last one does not undo it.
func (s *TaskService) handOver(ctx context.Context, c Caller, memberID, programID string, when Precondition, why string, decide decideOwnership) (is Enrollment, err error) {
	m, err := c.MemberKey(memberID)
	if err != nil || !ValidID(programID) {
		return Enrollment{}, problem.OrNotFound(err)
	}
	n, err := readNames(ctx, s.Store, c, anything)
	if err != nil {
		return Enrollment{}, err
	}
	err = RetryOnConflict(ctx, func() error {
		chats, err := s.Store.MemberChats(ctx, m)
		if err != nil {
			return err
		}
		is, err = s.tryHandOver(ctx, c, chats.Enrolled(programID), when, why, decide)
		return err
	})
	return n.enrollment(is), n.conflict(err)
}

func (s *TaskService) tryHandOver(ctx context.Context, c Caller, was Enrolled, when Precondition, why string, decide decideOwnership) (Enrollment, error) {
	e := was.Enrollment
	if e.Version == 0 {
		return Enrollment{}, notThere(ctx, s.Store, c, s.Now())
	}
	may, err := s.rightsToGive(ctx, c, e)
	if err != nil {
		return Enrollment{}, err
	}
	may.late = was.late(s.Now())
	becomes := e
	if becomes.Ownership, err = decide(e, may); err != nil {
		return Enrollment{}, err
	}
	done := becomes.Owner.Is(e.Owner)
	switch {
	case e.State == EnrollmentClosed:
		return Enrollment{}, problem.WithReason(problem.NotEligible, "closed")
	case !when.Allows(e.Version) && !(done && when.Repeats(e.Version)):
		return Enrollment{}, problem.WithCurrent(problem.VersionMismatch, e)
	case done:
		return e, nil
	}
	plan, err := was.MoveTo(becomes, c.Kind, s.Now())
	if err != nil {
		return Enrollment{}, err
	}
	if r := plan.Request; r != nil {
		r.History[len(r.History)-1].Why = why
	}
	return plan.Enrollment, s.Store.SaveEnrolled(ctx, plan)
}

// rightsToGive returns a caller's rights on an enrollment. If a department owns it, they also name the
// department that it is moving to, to which it belongs once a care manager gets it (T10). The platform and care
// managers of both departments are told.
func (s *TaskService) rightsToGive(ctx context.Context, c Caller, e Enrollment) (may rights, err error) {
	if e.Owner.Kind != OwnedByDepartment {
		return rightsOn(ctx, s.Store, c, s.Now(), e.Owner)
	}
	if may, err = rightsOn(ctx, s.Store, c, s.Now()); err != nil || c.Kind != Platform {
		return may, err
	}
	catalog, err := s.Store.Catalog(ctx, c.Organization, true)
	may.departments = []Department{catalog.Departments[catalog.Programs[e.Program.ID].DepartmentID]}
	return may, err
}

// claim returns why the caller cannot claim an enrollment; nil if they can, or
// have.
func (r rights) claim(e Enrollment) error {
	_, arrives := r.arrives(e.Program.ID, e.Owner)
	switch o := e.Owner; {
	case r.isCaller(o), r.isDisabled(o), o.Kind == OwnedByDepartment && r.owns(o), arrives, r.isLate(e.Program.ID, e.Ownership):
		return nil
	case r.on(e.Program.ID, e.Ownership).Full(), slices.Contains(r.caller.Departments, e.Department):
		return problem.WithCurrent(problem.AlreadyClaimed, e)
	}
	return problem.New(problem.NotFound)
}

// departmentOf returns the department to which an enrollment belongs once the caller has given it to a care
// manager: the one that it is moving to, or else its own.
func (r rights) departmentOf(e Enrollment) string {
	if id, arrives := r.arrives(e.Program.ID, e.Owner); arrives {
		return id
	}
	return e.Department
}

// assign returns why the caller cannot assign an enrollment. The platform may
// always: it provisions owners.
func (r rights) assign(e Enrollment) error {
	if r.caller.Kind == Platform || r.on(e.Program.ID, e.Ownership).Full() {
		return nil
	}
	return problem.New(problem.NotFound)
}
