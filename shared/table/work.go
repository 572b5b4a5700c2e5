package table

import (
	"context"
	"time"

	"carechat/shared/chat"
)

// listPrefixes are the inbox's lists in an owner's work.
var listPrefixes = map[chat.InboxList]sort{
	chat.Waiting:        waitingPrefix,
	chat.UnreadByMember: unreadPrefix,
}

// Tasks reads an owner's open requests, soonest due first.
func (t *Table) Tasks(ctx context.Context, organization string, w chat.Work, after string, limit int) ([]chat.Placed[chat.Request], error) {
	return work(ctx, t, organization, w, taskPrefix, after, limit, readRequest)
}

// OwnerEnrollments reads an owner's active enrollments, by member.
func (t *Table) OwnerEnrollments(ctx context.Context, organization string, w chat.Work, after string, limit int) ([]chat.Placed[chat.Enrollment], error) {
	return work(ctx, t, organization, w, enrollmentPrefix, after, limit, readEnrollment)
}

// Owned reads an owner's enrollments, closed ones before active ones, after a position.
func (t *Table) Owned(ctx context.Context, organization string, o chat.Owner, after string, limit int) ([]chat.Placed[chat.Enrollment], error) {
	s := span{index: workIndex, pk: ownerKey(organization, o), from: closedPrefix, to: enrollmentPrefix.until()}
	return placed(ctx, t, s, after, limit, readEnrollment)
}

// OwnerThreads reads an owner's threads of a list, longest first.
func (t *Table) OwnerThreads(ctx context.Context, organization string, w chat.Work, list chat.InboxList, after string, limit int) ([]chat.Placed[chat.Thread], error) {
	return work(ctx, t, organization, w, listPrefixes[list], after, limit, readThread)
}

// maxSort is the size limit of a sort key in bytes; a longer one fails the Query.
const maxSort = 1024

// work reads a list of an owner from the WORK index, after a position. The index
// may trail the table a moment (T6).
func work[T any](ctx context.Context, t *Table, organization string, w chat.Work, list sort, after string, limit int, read func(item) *T) ([]chat.Placed[T], error) {
	return placed(ctx, t, begins(ownerKey(organization, w.Owner), list).in(w.ProgramID), after, limit, read)
}

// placed reads up to limit rows of a span of the WORK index, after a position.
func placed[T any](ctx context.Context, t *Table, s span, after string, limit int, read func(item) *T) ([]chat.Placed[T], error) {
	s.index, s.limit = workIndex, int32(limit)
	if after != "" {
		s.from = max(s.from, sort(after)+"\x00")
	}
	if s.from > s.to || len(s.from) > maxSort {
		return nil, nil // a position that the caller made up: nothing comes after it
	}
	rows, err := t.query(ctx, s)
	if err != nil {
		return nil, err
	}
	all := make([]chat.Placed[T], len(rows))
	for i, row := range rows {
		text(&all[i].Position).decode(row[workIndex+"_SK"])
		all[i].Row = *read(row)
	}
	return all, nil
}

// TasksDue reads when an owner's open requests are due, soonest first.
func (t *Table) TasksDue(ctx context.Context, organization string, w chat.Work, limit int) ([]time.Time, error) {
	s := begins(ownerKey(organization, w.Owner), taskPrefix).in(w.ProgramID)
	s.index, s.limit, s.only = workIndex, int32(limit), "dueAt"
	rows, err := t.query(ctx, s)
	all := make([]time.Time, len(rows))
	for i, row := range rows {
		moment(&all[i]).decode(row[s.only])
	}
	return all, err
}
