package table

import (
	"context"
	"errors"

	"carechat/shared/chat"
)

// RenameEnrolled gives an enrollment and what belongs to it the member's name.
func (t *Table) RenameEnrolled(ctx context.Context, e chat.Enrolled, member chat.Ref) error {
	rows := []sort{enrollmentSort(e.Enrollment.Program.ID)}
	if e.Request != nil {
		rows = append(rows, openSort(e.Request.Program.ID))
	}
	for _, th := range e.Threads {
		rows = append(rows, threadSort(th.ID))
	}
	var writes []write
	for _, sk := range rows {
		writes = append(writes, renamed(memberKey(e.Enrollment.Key()), sk, fields{{"member", ref(&member)}}))
	}
	return t.apply(ctx, writes...)
}

// RenameSessions gives a member's sessions the name, language and time zone of their
// profile. One that ends meanwhile is passed over.
func (t *Table) RenameSessions(ctx context.Context, p chat.Profile) error {
	sessions, err := t.Sessions(ctx, p.Key())
	for _, s := range sessions {
		if s.Name != p.Name || s.Language != p.Language || s.TimeZone != p.TimeZone {
			named := fields{{"name", text(&p.Name)}, {"language", text(&p.Language)}, {"timeZone", text(&p.TimeZone)}}
			err = errors.Join(err, chat.IgnoreConflict(t.apply(ctx, renamed(memberKey(s.Key), sessionSort(s.Hash), named))))
		}
	}
	return err
}

// renamed returns the write of a copy of a profile. It moves no version: whoever else saves
// the row may put the old copy back, and upkeep looks again.
func renamed(pk partition, sk sort, f fields) write {
	return write{key: key(pk, sk), set: f.changes(), condition: isThere}
}

// EndRename saves that the rows of a member have the name of this version of their profile.
func (t *Table) EndRename(ctx context.Context, p chat.Profile) error {
	return t.apply(ctx, checked(memberKey(p.Key()), profileSort).when(hasVersion, item{":was": numberOf(int64(p.Version))}))
}
