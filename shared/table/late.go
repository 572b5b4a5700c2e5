package table

import (
	"context"

	"carechat/shared/chat"
)

func lateMarkFields(l *chat.LateMark) fields {
	return fields{
		{"program", text(&l.ProgramID)},
		{"request", text(&l.RequestID)},
		{"thread", text(&l.ThreadID)},
		{"owner", owner(&l.Owner)},
		{"department", text(&l.Department)},
		{"since", moment(&l.Since)},
		{"lateAt", moment(&l.LateAt)},
		{"listed", flag(&l.Listed)},
		{"checkAt", moment(&l.CheckAt)},
		{"version", number(&l.Version)},
	}
}

var (
	lateTaskKind   = kind{lateTaskKey, readLateMark}
	lateThreadKind = kind{lateThreadKey, readLateMark}
)

func readLateMark(row item) any {
	return valueOf(row, chat.LateMark{Key: keyOf(row).pk.member()}, lateMarkFields)
}

// RequestAndMark reads the open request in a program and its mark at once: nil and
// version 0 if there is none.
func (t *Table) RequestAndMark(ctx context.Context, m chat.MemberKey, programID string) (*chat.Request, chat.LateMark, error) {
	mark := chat.LateMark{Key: m, ProgramID: programID}
	row, err := t.withMark(ctx, openSort(programID), &mark)
	if err != nil {
		return nil, mark, err
	}
	return readRequest(row), mark, nil
}

// ThreadAndMark reads a thread and its mark at once: nil and version 0 if there is none.
func (t *Table) ThreadAndMark(ctx context.Context, m chat.MemberKey, threadID string) (*chat.Thread, chat.LateMark, error) {
	mark := chat.LateMark{Key: m, ThreadID: threadID}
	row, err := t.withMark(ctx, threadSort(threadID), &mark)
	if err != nil {
		return nil, mark, err
	}
	return readThread(row), mark, nil
}

// withMark reads a row of a member and fills in the mark that is about it.
func (t *Table) withMark(ctx context.Context, sk sort, mark *chat.LateMark) (item, error) {
	pk := memberKey(mark.Key)
	rows, err := t.getAll(ctx, rowKey{pk, sk}, rowKey{pk, lateSort(mark.ProgramID, mark.ThreadID)})
	if err != nil {
		return nil, err
	}
	lateMarkFields(mark).read(rows[1])
	return rows[0], nil
}

// SaveLateness saves what upkeep saw of a task or a thread, all or none of it.
func (t *Table) SaveLateness(ctx context.Context, l chat.Lateness) error {
	pk, mark := memberKey(l.Mark.Key), lateSort(l.Mark.ProgramID, l.Mark.ThreadID)
	var writes []write
	switch {
	case !l.Gone:
		place := chat.Owner{Kind: chat.OwnedByDepartment, ID: l.Mark.Department}
		f := lateMarkFields(&l.Mark).work(l.Mark.Key.Organization, place, lateWork(l.Mark)).due(UpkeepLane, pk, l.Mark.CheckAt)
		writes = append(writes, save(pk, mark, f, l.Mark.Version))
	case l.Mark.Version > 0:
		writes = append(writes, remove(pk, mark, l.Mark.Version))
	}
	if l.Request != nil {
		next := *l.Request
		next.Version++
		writes = append(writes, checked(pk, openSort(next.Program.ID)).of(next))
	}
	if l.Thread != nil {
		writes = append(writes, threadWrite(*l.Thread))
	}
	if l.Began != "" {
		writes = append(writes, checked(messagesKey(l.Mark.Key, l.Mark.ThreadID), sentSort(chat.Member, l.Began)).when(isThere, nil))
	}
	return t.apply(ctx, writes...)
}

// checked returns the write that takes a row out of what upkeep looks at. It moves no
// version, because to whoever shows or changes the row nothing has changed.
func checked(pk partition, sk sort) write {
	return write{key: key(pk, sk), set: []change{{name: dueIndex + "_PK"}, {name: dueIndex + "_SK"}}}
}

// LateTasks reads a department's late tasks, whoever owns them, soonest due first.
func (t *Table) LateTasks(ctx context.Context, organization, department, after string, limit int) ([]chat.Placed[chat.Request], error) {
	return late(ctx, t, lateList{organization, department, taskPrefix}, after, limit, readRequest, func(r chat.Request) (sort, bool) {
		return taskSort(r), r.Department == department && r.Late(t.now())
	})
}

// LateThreads reads a department's late threads, whoever owns them, longest first.
func (t *Table) LateThreads(ctx context.Context, organization, department, after string, limit int) ([]chat.Placed[chat.Thread], error) {
	return late(ctx, t, lateList{organization, department, waitingPrefix}, after, limit, readThread, func(th chat.Thread) (sort, bool) {
		return threadWork(th), th.Department == department && th.Late(t.now())
	})
}

// lateList is one kind of what is late in a department.
type lateList struct {
	organization, department string
	kind                     sort
}

// late reads the rows that a department's marks are about, up to limit, and leaves out
// those that are not late there any more: a mark may trail its row.
func late[T any](ctx context.Context, t *Table, l lateList, after string, limit int, read func(item) *T, place func(T) (sort, bool)) ([]chat.Placed[T], error) {
	listed := chat.Work{Owner: chat.Owner{Kind: chat.OwnedByDepartment, ID: l.department}}
	if after != "" {
		after = string(lateMark) + after
	}
	var all []chat.Placed[T]
	for {
		marks, err := work(ctx, t, l.organization, listed, lateMark+l.kind, after, limit, readKey)
		if err != nil || len(marks) == 0 {
			return all, err
		}
		rows, err := t.getAll(ctx, marked(marks)...)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if v := read(row); v != nil {
				if at, is := place(*v); is {
					all = append(all, chat.Placed[T]{Position: string(at), Row: *v})
				}
			}
		}
		if len(all) >= limit || len(marks) < limit {
			return all, nil
		}
		after = marks[len(marks)-1].Position
	}
}

func readKey(row item) *rowKey {
	k := keyOf(row)
	return &k
}

// marked returns the keys of the rows that marks are about.
func marked(marks []chat.Placed[rowKey]) []rowKey {
	var keys []rowKey
	for _, m := range marks {
		k := m.Row
		if k.sk.is(lateThreadKey) {
			k.sk = threadSort(k.sk.lastPart())
		} else {
			k.sk = openSort(k.sk.lastPart())
		}
		keys = append(keys, k)
	}
	return keys
}
