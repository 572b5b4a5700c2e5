package chat

import (
	"context"
	"errors"
	"slices"
)

// RenameStore gives a member's rows the name of their profile. It moves no version, because
// to whoever changes a row nothing has changed.
type RenameStore interface {
	ProfileStore
	MemberChatsStore
	// RenameEnrolled gives an enrollment and what belongs to it the member's name, all or none.
	RenameEnrolled(ctx context.Context, e Enrolled, member Ref) error
	// RenameSessions gives the member's sessions the profile's name, language and time zone.
	RenameSessions(ctx context.Context, p Profile) error
	// EndRename saves that the member's rows have the name of this version of their profile.
	EndRename(ctx context.Context, p Profile) error
}

// RenameMember gives a member's enrollments, with their open requests and threads, and
// their sessions the name that their profile has now (T10). It looks again once it has
// changed a row, and for as long as a call that began before may still write the old name.
func (s *UpkeepService) RenameMember(ctx context.Context, m MemberKey) error {
	p, err := s.Store.Profile(ctx, m)
	if err != nil || p == nil || p.RenamedAt.IsZero() {
		return err
	}
	renamed := 0
	err = RetryOnConflict(ctx, func() error {
		n, err := s.renameRows(ctx, m, Ref{p.ID, p.Name})
		renamed += n
		return err
	})
	if err = errors.Join(err, s.Store.RenameSessions(ctx, *p)); err != nil || renamed > 0 || s.Now().Before(p.RenamedAt.Add(handOverGrace)) {
		return err
	}
	return IgnoreConflict(s.Store.EndRename(ctx, *p))
}

// renameRows returns how many enrollments had another name. A call that read one of their rows
// before may still put it back.
func (s *UpkeepService) renameRows(ctx context.Context, m MemberKey, member Ref) (renamed int, err error) {
	chats, err := s.Store.MemberChats(ctx, m)
	for _, e := range chats.Enrollments {
		if rows := chats.Enrolled(e.Program.ID); err == nil && !rows.isOf(member) {
			renamed++
			err = s.Store.RenameEnrolled(ctx, rows, member)
		}
	}
	return renamed, err
}

// isOf reports whether every row has the member's name.
func (was Enrolled) isOf(member Ref) bool {
	other := func(t Thread) bool { return t.Member != member }
	return was.Enrollment.Member == member && (was.Request == nil || was.Request.Member == member) && !slices.ContainsFunc(was.Threads, other)
}
