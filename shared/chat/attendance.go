package chat

import (
	"context"
	"slices"
	"time"
)

// Attendance is whether a department's work is seen by anybody, as upkeep found it last
// (G10). While nobody active is in the department upkeep looks again and again; else
// CheckAt is zero until somebody leaves it.
type Attendance struct {
	Organization string
	Department   string
	Unattended   bool // there is work, and nobody for it: the platform was told (N8)
	CheckAt      time.Time
	Version      int
}

// Asked returns the attendance at its next version, to be looked at now.
func (a Attendance) Asked(now time.Time) Attendance {
	a.CheckAt = now
	a.Version++
	return a
}

// AttendanceStore keeps departments' attendance.
type AttendanceStore interface {
	// Attendance reads the attendance of departments, each at version 0 if there is none.
	Attendance(ctx context.Context, organization string, departments ...string) ([]Attendance, error)
	// SaveAttendance saves the next version.
	SaveAttendance(ctx context.Context, a Attendance) error
}

// CheckAttendance looks whether anybody active is in a department and whether work waits
// there. It returns whether the department is unattended.
func (s *UpkeepService) CheckAttendance(ctx context.Context, organization, department string) (unattended bool, err error) {
	err = RetryOnConflict(ctx, func() error {
		found, err := s.Store.Attendance(ctx, organization, department)
		if err != nil || found[0].CheckAt.IsZero() {
			return err
		}
		a := found[0].Asked(time.Time{})
		staff, err := s.Store.Staff(ctx, organization)
		if err != nil {
			return err
		}
		if a.Unattended = false; len(activeIn(staff, department)) == 0 {
			a.CheckAt = s.Now().Add(lookAgain)
			a.Unattended, err = s.haveWork(ctx, organization, unattendedIn(staff, department))
		}
		if err != nil {
			return err
		}
		unattended = a.Unattended
		return s.Store.SaveAttendance(ctx, a)
	})
	return unattended, err
}

// unattendedIn returns whose work nobody sees if a department is unattended: its own, and
// that of its disabled care managers who are of no other department.
func unattendedIn(staff []CareManagerRow, department string) []Owner {
	owners := []Owner{{Kind: OwnedByDepartment, ID: department}}
	for _, m := range staff {
		if slices.Contains(m.DepartmentIDs, department) && m.abandoned(staff) {
			owners = append(owners, Owner{Kind: OwnedByCareManager, ID: m.ID})
		}
	}
	return owners
}

// haveWork reports whether any of the owners has an active enrollment, or a thread that
// waits in one that is closed.
func (s *UpkeepService) haveWork(ctx context.Context, organization string, owners []Owner) (bool, error) {
	for _, o := range owners {
		enrollments, err := s.Store.OwnerEnrollments(ctx, organization, Work{Owner: o}, "", 1)
		if err != nil || len(enrollments) > 0 {
			return true, err
		}
		threads, err := s.Store.OwnerThreads(ctx, organization, Work{Owner: o}, Waiting, "", 1)
		if err != nil || len(threads) > 0 {
			return true, err
		}
	}
	return false, nil
}

// attendanceEvent names a department that is unattended from now on, or no longer.
func attendanceEvent(was, is *Attendance, at time.Time) (Event, bool) {
	if was == nil {
		was = &Attendance{}
	}
	e := Event{
		Type: DepartmentAttended, Key: MemberKey{Organization: is.Organization}, Aggregate: "department/" + is.Department,
		Sequence: is.Version, At: at, Department: is.Department,
	}
	if is.Unattended {
		e.Type = DepartmentUnattended
	}
	return e, was.Unattended != is.Unattended
}
