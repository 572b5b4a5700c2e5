package chat

import (
	"context"
	"slices"
	"time"

	"carechat/shared/problem"
)

// EnrollmentPut is an enrollment as the platform PUTs it: it means the care
// manager or, without one, the program's department.
type EnrollmentPut struct {
	State         EnrollmentState
	CareManagerID string
	When          Precondition
}

// Enrolled is an enrollment with what moves with it: its open request and its
// threads, all in one transaction (T9).
type Enrolled struct {
	Enrollment Enrollment
	Request    *Request
	Threads    []Thread
}

// EnrollmentEntry reads an enrollment as it was put last.
func (s *Service) EnrollmentEntry(ctx context.Context, c Caller, memberID, programID string) (Enrollment, error) {
	if err := c.only(Platform); err != nil {
		return Enrollment{}, err
	}
	m, err := c.member(memberID)
	if err != nil || !ValidID(programID) {
		return Enrollment{}, orAbsent(err)
	}
	e, err := s.Store.Enrollment(ctx, m, programID)
	if err != nil || e == nil {
		return Enrollment{}, orAbsent(err)
	}
	return *e, nil
}

// PutEnrollment enrolls a member in a program, hands the enrollment over, closes
// it or opens it again.
func (s *Service) PutEnrollment(ctx context.Context, c Caller, memberID, programID string, p EnrollmentPut) (stored Stored[Enrollment], err error) {
	if err := c.only(Platform); err != nil {
		return stored, err
	}
	m, err := c.member(memberID)
	if err != nil || !ValidID(programID) {
		return stored, orAbsent(err)
	}
	var f checks
	f.oneOf("/state", string(p.State), string(EnrollmentActive), string(EnrollmentClosed))
	if p.CareManagerID != "" {
		f.id("/careManagerId", p.CareManagerID)
	}
	if f.Fields != nil {
		return stored, f.Err()
	}
	catalog, err := s.catalogWith(ctx, c.Organization, func(c Catalog) bool { return c.hasProgram(programID) })
	if err != nil {
		return stored, err
	}
	if !catalog.hasProgram(programID) {
		return stored, problem.New(problem.NotFound)
	}
	program := Ref{programID, catalog.Programs[programID].Name}
	err = RetryOnConflict(ctx, func() error {
		stored, err = s.tryPutEnrollment(ctx, m, program, p)
		return err
	})
	return stored, err
}

func (s *Service) tryPutEnrollment(ctx context.Context, m MemberKey, program Ref, p EnrollmentPut) (stored Stored[Enrollment], err error) {
	screen, err := s.Store.MemberChats(ctx, m)
	if err != nil {
		return stored, err
	}
	was := screen.enrolled(program.ID)
	version := was.Enrollment.Version
	if version == 0 {
		if was.Enrollment, err = s.newEnrollment(ctx, m, program); err != nil {
			return stored, err
		}
	}
	meant, err := s.meant(ctx, was.Enrollment, p)
	if err != nil {
		return stored, err
	}
	plan, changed, err := planEnrollment(was, meant, s.Now())
	switch {
	case err != nil:
		return stored, err
	case !p.When.allows(version) && !(!changed && p.When.repeats(version)):
		return stored, problem.New(problem.VersionMismatch)
	case changed:
		err = s.Store.SaveEnrolled(ctx, plan)
	}
	return Stored[Enrollment]{plan.Enrollment, version == 0}, err
}

// enrolled is what a member's screen has of one program.
func (s MemberChats) enrolled(programID string) Enrolled {
	var e Enrolled
	if i := slices.IndexFunc(s.Enrollments, func(e Enrollment) bool { return e.Program.ID == programID }); i >= 0 {
		e.Enrollment = s.Enrollments[i]
	}
	if i := slices.IndexFunc(s.Requests, func(r Request) bool { return r.Program.ID == programID }); i >= 0 {
		e.Request = &s.Requests[i]
	}
	for _, t := range s.Threads {
		if t.Program.ID == programID {
			e.Threads = append(e.Threads, t)
		}
	}
	return e
}

// newEnrollment has no version yet. A member who is not there has none.
func (s *Service) newEnrollment(ctx context.Context, m MemberKey, program Ref) (Enrollment, error) {
	profile, err := s.Store.Profile(ctx, m)
	if err != nil || profile == nil {
		return Enrollment{}, orAbsent(err)
	}
	return Enrollment{Organization: m.Organization, Member: Ref{m.Member, profile.Name}, Program: program}, nil
}

// meaning is what a PUT of an enrollment asks for. Owner and Department are
// filled in where it decides who owns the enrollment.
type meaning struct {
	State       EnrollmentState
	Provisioned string // the care manager named, or ""
	Owner       Owner
	Department  string // the program's
}

// meant finds the owner that a PUT names. Nothing new is given to a care manager
// who is disabled. Whose the program is decides rights: never from memory (T7).
func (s *Service) meant(ctx context.Context, e Enrollment, p EnrollmentPut) (want meaning, err error) {
	want = meaning{State: p.State, Provisioned: p.CareManagerID}
	gives := e.gives(want)
	if p.CareManagerID != "" {
		row, err := s.Store.CareManager(ctx, e.Organization, p.CareManagerID)
		switch {
		case err != nil:
			return want, err
		case row == nil:
			return want, problem.WithField("/careManagerId", "unknown", "is not there")
		case !row.Active && gives:
			return want, problem.WithField("/careManagerId", "inactive", "is not active")
		}
		want.Owner = Owner{OwnedByCareManager, row.ID, row.Name}
	}
	if !gives {
		return want, nil
	}
	catalog, err := s.Store.Catalog(ctx, e.Organization, true)
	department := catalog.Departments[catalog.Programs[e.Program.ID].DepartmentID]
	if want.Department = department.ID; p.CareManagerID == "" {
		want.Owner = Owner{OwnedByDepartment, department.ID, department.Name}
	}
	return want, err
}

// gives reports whether a PUT decides who owns the enrollment: the first one
// does, and each that means another than the last, unless it closes (T9).
func (e Enrollment) gives(want meaning) bool {
	return e.Version == 0 || want.State == EnrollmentActive && want.Provisioned != e.Provisioned
}

// planEnrollment decides what a PUT comes to: the rows that it moves, each at its
// next version. Not changed means that it says what the last one said.
func planEnrollment(was Enrolled, want meaning, now time.Time) (plan Enrolled, changed bool, err error) {
	e := was.Enrollment
	if e.Version > 0 && want.State == e.State && want.Provisioned == e.Provisioned {
		return Enrolled{Enrollment: e}, false, nil
	}
	handedOver := e.gives(want) && !sameOwner(e.Owner, want.Owner)
	if handedOver {
		e.give(want)
	}
	e.State, e.Provisioned = want.State, want.Provisioned
	plan.Enrollment = e.moved()
	if r := was.Request; r != nil && (handedOver || e.State == EnrollmentClosed) {
		plan.Request, err = r.follow(e, now)
	}
	if handedOver || e.State != was.Enrollment.State {
		for _, t := range was.Threads {
			plan.Threads = append(plan.Threads, t.follow(e, now))
		}
	}
	return plan, true, err
}

// give makes the owner that is meant the enrollment's. Its department is the
// program's from the start and whenever it goes to that department (T10).
func (e *Enrollment) give(want meaning) {
	if e.Version == 0 || want.Owner.Kind == OwnedByDepartment {
		e.Department = want.Department
	}
	e.Owner = want.Owner
}

func sameOwner(a, b Owner) bool { return a.Kind == b.Kind && a.ID == b.ID }

// follow takes an open request along with its enrollment: assigned anew, or
// cancelled where the enrollment closes.
func (r Request) follow(e Enrollment, now time.Time) (*Request, error) {
	action := Assigned
	if e.State == EnrollmentClosed {
		action = WasCancelled
	}
	next, _, err := r.apply(Entry{At: now, Action: action, By: Platform})
	next.Ownership = e.Ownership
	return &next, err
}

// follow takes a thread along with its enrollment. What the care side has not
// read keeps waiting, in its owner's list (G10). Opened again, the member is told
// of what they have not read.
func (t Thread) follow(e Enrollment, now time.Time) Thread {
	opens := t.State == ThreadInactive && e.State == EnrollmentActive
	t.Ownership = e.Ownership
	if t.State = ThreadActive; e.State == EnrollmentClosed {
		t.State = ThreadInactive
	}
	if opens {
		t = t.resume(now)
	}
	t.Version++
	return t
}
