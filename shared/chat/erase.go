package chat

import (
	"context"
	"errors"
	"time"
)

// EraseStore deletes what is left of members and threads.
type EraseStore interface {
	// StoredProfile reads a member's profile, even that of an erased member; nil if there
	// never was such a member.
	StoredProfile(ctx context.Context, m MemberKey) (*Profile, error)
	// SaveTombstone saves the next version of what is left of an erased member.
	SaveTombstone(ctx context.Context, p Profile) error
	// EraseRows deletes up to limit rows of an erased member and returns how many it
	// found.
	EraseRows(ctx context.Context, m MemberKey, limit int) (found int, err error)
	// PurgeMessages deletes up to limit messages of a thread that is gone, and
	// returns whether any is left.
	PurgeMessages(ctx context.Context, m MemberKey, threadID string, limit int) (left bool, err error)
}

const (
	// eraseStep is how many rows of a member upkeep deletes in one run.
	eraseStep = 500
	// purgeStep is how many messages are deleted at once, and purgeSteps how often in
	// one run.
	purgeStep, purgeSteps = 90, 20
	// eraseGrace is longer than any function runs. A call that began before the member
	// was erased may still write what it decided on what it had read.
	eraseGrace = 5 * time.Minute
)

// Present returns the profile, or nil if it is only what is left of an erased member.
func (p *Profile) Present() *Profile {
	if p == nil || !p.ErasedAt.IsZero() {
		return nil
	}
	return p
}

// Tombstone returns what is left of an erased member: ids, counts and the time of the
// erasure, but no name, no contact and no other date. Older links are void (S2).
func (p Profile) Tombstone(now time.Time) Profile {
	return Profile{
		Organization: p.Organization, ID: p.ID, Epoch: p.Epoch + 1, LogIns: p.LogIns, Version: p.Version + 1,
		ErasedAt: now, EraseAt: now,
	}
}

// erasedEvent names the end of an erasure: nothing of the member is left (T14).
func erasedEvent(was, is *Profile, at time.Time) (Event, bool) {
	e := Event{Type: MemberErased, Key: is.Key(), Aggregate: "member/" + is.ID, Sequence: is.Version, At: at}
	return e, was != nil && !was.EraseAt.IsZero() && is.EraseAt.IsZero() && !is.ErasedAt.IsZero()
}

// KeepProfile does what is owed since a member's profile changed: it gives the new name to
// the rows that have a copy, or erases all of them.
func (s *UpkeepService) KeepProfile(ctx context.Context, m MemberKey) error {
	return errors.Join(s.RenameMember(ctx, m), s.Erase(ctx, m))
}

// Erase deletes rows of an erased member, as many as one run may. Once nothing was left
// for long enough, the erasure is over, and the platform may PUT such a member again (T14).
func (s *UpkeepService) Erase(ctx context.Context, m MemberKey) error {
	p, err := s.Store.StoredProfile(ctx, m)
	if err != nil || p == nil || p.EraseAt.IsZero() {
		return err
	}
	found, err := s.Store.EraseRows(ctx, m, eraseStep)
	if err != nil || found > 0 || s.Now().Before(p.ErasedAt.Add(eraseGrace)) {
		return err
	}
	p.EraseAt = time.Time{}
	p.Version++
	return IgnoreConflict(s.Store.SaveTombstone(ctx, *p))
}

// Purge deletes messages of a thread that is gone, as many as one run may (T14).
func (s *UpkeepService) Purge(ctx context.Context, m MemberKey, threadID string) error {
	for range purgeSteps {
		if left, err := s.Store.PurgeMessages(ctx, m, threadID, purgeStep); err != nil || !left {
			return err
		}
	}
	return nil
}
