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
	}
}

var profileKind = kind{profileSort, func(row item) any { return readProfile(keyOf(row).pk.member(), row) }}

// Profile reads a member's profile; nil if there is no such member.
func (t *Table) Profile(ctx context.Context, m chat.MemberKey) (*chat.Profile, error) {
	row, err := t.get(ctx, memberKey(m), profileSort)
	return readProfile(m, row), err
}

func readProfile(m chat.MemberKey, row item) *chat.Profile {
	return valueOf(row, chat.Profile{Organization: m.Organization, ID: m.Member, RenamedAt: dueTime(row)}, profileFields)
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

func profileWrite(p chat.Profile) write {
	pk, sk := memberList(p)
	f := append(profileFields(&p), fields{{"WORK_PK", text(&pk)}, {"WORK_SK", text(&sk)}}...)
	w := save(memberKey(p.Key()), profileSort, f.due(UpkeepLane, memberKey(p.Key()), p.RenamedAt), p.Version)
	if p.Version == 1 {
		return w
	}
	return w.when(hasVersion+" AND logIns = :logIns", item{
		":was": numberOf(int64(p.Version - 1)), ":logIns": numberOf(int64(p.LogIns)),
	})
}
