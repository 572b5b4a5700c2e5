package table

import (
	"context"

	"carechat/shared/chat"
	"carechat/shared/directory"
)

func profileFields(p *chat.Profile) fields {
	return fields{
		{"name", text(&p.Name)},
		{"birthDate", text(&p.BirthDate)},
		{"phone", text(&p.Phone)},
		{"email", text(&p.Email)},
		{"language", text(&p.Language)},
		{"timeZone", text(&p.TimeZone)},
		{"active", flag(&p.Active)},
		{"subjects", list(&p.Subjects, subjectFields)},
		{"epoch", number(&p.Epoch)},
		{"logIns", number(&p.LogIns)},
		{"version", number(&p.Version)},
		{"updatedAt", moment(&p.UpdatedAt)},
		{"heldAt", moment(&p.HeldAt)},
		{"erasedAt", moment(&p.ErasedAt)},
	}
}

var profileKind = kind{profileSort, func(row item) any { return readStoredProfile(keyOf(row).pk.member(), row) }}

// Profile reads a member's profile; nil if there is no such member.
func (t *Table) Profile(ctx context.Context, m chat.MemberKey) (*chat.Profile, error) {
	row, err := t.get(ctx, memberKey(m), profileSort)
	return readProfile(m, row), err
}

// StoredProfile reads a member's profile, even that of an erased member, whom nothing else
// returns (T14); nil if there never was such a member.
func (t *Table) StoredProfile(ctx context.Context, m chat.MemberKey) (*chat.Profile, error) {
	row, err := t.get(ctx, memberKey(m), profileSort)
	return readStoredProfile(m, row), err
}

func readProfile(m chat.MemberKey, row item) *chat.Profile {
	return readStoredProfile(m, row).Present()
}

// readStoredProfile reads what upkeep owes of the profile from the DUE index: an erasure, or
// a new name.
func readStoredProfile(m chat.MemberKey, row item) *chat.Profile {
	p := valueOf(row, chat.Profile{Organization: m.Organization, ID: m.Member}, profileFields)
	switch {
	case p == nil:
	case p.Present() == nil:
		p.EraseAt = dueTime(row)
	default:
		p.RenamedAt = dueTime(row)
	}
	return p
}

// SaveMember saves a profile, the contacts and subjects by which the member is
// found, their mailbox, a new member's channels and the threads that are due again,
// in one transaction. It builds on the profile's version and on its count of
// log-ins: a session that began meanwhile cannot outlive a log-out (S1).
func (t *Table) SaveMember(ctx context.Context, c directory.MemberChange) error {
	m := c.Is.Key()
	writes := []write{profileWrite(c.Is)}
	var was chat.Profile
	if c.Was != nil {
		was = *c.Was
	} else {
		writes = append(writes, preferencesWrite(m, chat.Preferences{Channels: c.Channels, Version: 1}))
	}
	if c.Mailbox != nil {
		writes = append(writes, mailboxWrite(*c.Mailbox))
	}
	for _, th := range c.Threads {
		writes = append(writes, threadWrite(th))
	}
	writes = append(writes, contactWrites(m, was.Contacts(), c.Is.Contacts())...)
	writes = append(writes, subjectWrites(chat.Person{Kind: chat.Member, ID: m.Member}, was.Subjects, c.Is.Subjects)...)
	if c.LogOut {
		ended, err := t.sessionRemovals(ctx, m)
		if err != nil {
			return err
		}
		writes = append(writes, ended...)
	}
	return t.apply(ctx, writes...)
}

// moveLogIns returns the write that moves a profile's logIns, on which a PUT builds, if they are
// as they were read and a condition on these values holds.
func moveLogIns(p chat.Profile, condition string, values item) write {
	values[":before"] = numberOf(int64(p.LogIns))
	return write{
		key: key(memberKey(p.Key()), profileSort), set: []change{{"logIns", numberOf(int64(p.LogIns + 1))}},
		condition: "logIns = :before AND " + condition, values: values,
	}
}

// unmoved returns the write that moves a profile's logIns if nothing has moved the profile.
func unmoved(p chat.Profile) write {
	return moveLogIns(p, hasVersion, item{":was": numberOf(int64(p.Version))})
}

func profileWrite(p chat.Profile) write {
	pk, sk := memberList(p)
	lane, owed := UpkeepLane, p.RenamedAt
	if p.Present() == nil {
		lane, owed = HandOverLane, p.EraseAt
	}
	f := append(profileFields(&p), fields{{"WORK_PK", text(&pk)}, {"WORK_SK", text(&sk)}}...).due(lane, memberKey(p.Key()), owed)
	w := save(memberKey(p.Key()), profileSort, f, p.Version)
	switch {
	case p.Version == 1:
		return w
	case p.Present() == nil: // nothing is left of the row before, not even what this release does not know
		w = put(memberKey(p.Key()), profileSort, f)
	}
	return w.when(hasVersion+" AND logIns = :logIns", item{
		":was": numberOf(int64(p.Version - 1)), ":logIns": numberOf(int64(p.LogIns)),
	})
}
