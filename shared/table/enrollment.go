package table

import (
	"context"

	"carechat/shared/chat"
)

func enrollmentFields(e *chat.Enrollment) fields {
	return append(ownershipFields(&e.Ownership), fields{
		{"member", ref(&e.Member)},
		{"program", ref(&e.Program)},
		{"state", text(&e.State)},
		{"paused", flag(&e.Paused)},
		{"provisioned", text(&e.Provisioned)},
		{"threads", number(&e.Threads)},
		{"version", number(&e.Version)},
		{"updatedAt", moment(&e.UpdatedAt)},
	}...)
}

var enrollmentKind = kind{enrolledPrefix, func(row item) any { return readEnrollment(row) }}

func readEnrollment(row item) *chat.Enrollment {
	return valueOf(row, chat.Enrollment{Organization: keyOf(row).pk.organizationOf()}, enrollmentFields)
}

// enrollmentWrite saves an enrollment, which is new at version 1.
func enrollmentWrite(e chat.Enrollment) write {
	f := enrollmentFields(&e).work(e.Organization, e.Owner, enrollmentWork(e))
	return save(memberKey(e.Key()), enrollmentSort(e.Program.ID), f, e.Version)
}

// Enrollment reads a member's enrollment in a program; nil if there is none.
func (t *Table) Enrollment(ctx context.Context, m chat.MemberKey, programID string) (*chat.Enrollment, error) {
	row, err := t.get(ctx, memberKey(m), enrollmentSort(programID))
	return readEnrollment(row), err
}

// SaveEnrolled saves an enrollment with its open request and its threads, each on
// the version before, in one transaction (T9). A request that has ended moves to
// the ended ones.
func (t *Table) SaveEnrolled(ctx context.Context, e chat.Enrolled) error {
	return t.apply(ctx, enrolledWrites(e)...)
}

func enrolledWrites(e chat.Enrolled) []write {
	writes := []write{enrollmentWrite(e.Enrollment)}
	switch r := e.Request; {
	case r == nil:
	case r.State == chat.Open:
		writes = append(writes, openRequestWrite(*r))
	default:
		writes = append(writes, endRequestWrites(*r)...)
	}
	for _, th := range e.Threads {
		writes = append(writes, threadWrite(th))
	}
	return writes
}
