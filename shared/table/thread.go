package table

import (
	"context"

	"carechat/shared/chat"
)

func threadFields(t *chat.Thread) fields {
	return append(ownershipFields(&t.Ownership), fields{
		{"member", ref(&t.Member)},
		{"program", ref(&t.Program)},
		{"careManager", ref(&t.CareManager)},
		{"state", text(&t.State)},
		{"memberSide", side(&t.MemberSide)},
		{"careManagerSide", side(&t.CareManagerSide)},
		{"last", object{
			{"seq", number(&t.Last.Seq)}, {"role", text(&t.Last.Role)}, {"author", ref(&t.Last.Author)},
			{"preview", text(&t.Last.Preview)}, {"at", moment(&t.Last.SentAt)},
		}},
		{"createdAt", moment(&t.CreatedAt)},
		{"updatedAt", moment(&t.UpdatedAt)},
		{"waitingSince", moment(&t.WaitingSince)},
		{"lateAt", moment(&t.LateAt)},
		{"unreadSince", moment(&t.UnreadSince)},
		{"unreadByMemberSince", moment(&t.UnreadByMemberSince)},
		{"due", moment(&t.DueAt)},
		{"dueRule", text(&t.DueRule)},
		{"dueChannels", list(&t.DueChannels, channelFields)},
		{"version", number(&t.Version)},
	}...)
}

var threadKind = kind{threadPrefix, func(row item) any { return readThread(row) }}

func side(s *chat.Side) value {
	return object{
		{"sent", number(&s.Sent)}, {"read", number(&s.ReadSeq)}, {"readSent", number(&s.ReadSent)},
		{"at", moment(&s.ActiveAt)},
	}
}

// threadWrite saves a thread, which is new at version 1, with its places in WORK and
// DUE. Both are decided on a row that nobody has changed since it was read (T3).
func threadWrite(t chat.Thread) write {
	pk := memberKey(t.Key())
	f := threadFields(&t).work(t.Organization, t.Owner, threadWork(t)).due(NoticeLane, pk, t.DueAt)
	return save(pk, threadSort(t.ID), f, t.Version)
}

func readThread(row item) *chat.Thread {
	k := keyOf(row)
	return valueOf(row, chat.Thread{Organization: k.pk.organizationOf(), ID: k.sk.lastPart()}, threadFields)
}

// Thread reads a thread; nil if there is none.
func (t *Table) Thread(ctx context.Context, m chat.MemberKey, threadID string) (*chat.Thread, error) {
	row, err := t.get(ctx, memberKey(m), threadSort(threadID))
	return readThread(row), err
}

// EnrollmentAndThread reads both at once, each nil if there is none.
func (t *Table) EnrollmentAndThread(ctx context.Context, m chat.MemberKey, programID, threadID string) (*chat.Enrollment, *chat.Thread, error) {
	pk := memberKey(m)
	rows, err := t.getAll(ctx, rowKey{pk, enrollmentSort(programID)}, rowKey{pk, threadSort(threadID)})
	if err != nil {
		return nil, nil, err
	}
	return readEnrollment(rows[0]), readThread(rows[1]), nil
}

// ThreadAndMessage reads both at once, each nil if there is none.
func (t *Table) ThreadAndMessage(ctx context.Context, m chat.MemberKey, threadID string, seq int) (*chat.Thread, *chat.Message, error) {
	rows, err := t.getAll(ctx,
		rowKey{memberKey(m), threadSort(threadID)}, rowKey{messagesKey(m, threadID), messageSort(seq)})
	if err != nil {
		return nil, nil, err
	}
	return readThread(rows[0]), readMessage(rows[1]), nil
}

// SaveRead saves a thread whose cursor moved.
func (t *Table) SaveRead(ctx context.Context, th chat.Thread) error {
	return t.apply(ctx, threadWrite(th))
}
