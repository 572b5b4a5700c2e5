package table

import (
	"context"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/notice"
)

func noticeStateFields(s *notice.State) fields {
	return append(fields{
		{"texts", list(&s.Texts, momentFields)},
		{"stopSaidAt", moment(&s.StopSaidAt)},
		{"epoch", number(&s.Epoch)},
		{"version", number(&s.Version)},
	}, workFields(&s.Work)...)
}

var noticeStateKind = kind{noticeStateSort, func(row item) any {
	return valueOf(row, notice.State{Key: keyOf(row).pk.member()}, noticeStateFields)
}}

func noticeStateWrite(s notice.State) write {
	return save(memberKey(s.Key), noticeStateSort, noticeStateFields(&s), s.Version)
}

// Member reads everything that a decision about a member's notices is made from.
// The other rows are read with the state or later, what is unread last. So whatever
// ended by the state's version is seen, and what happens since either is seen or
// changes the state or a thread, on whose versions the outcome is saved.
func (t *Table) Member(ctx context.Context, m chat.MemberKey) (notice.Member, error) {
	all := notice.Member{State: notice.State{Key: m}}
	rows, err := t.getAll(ctx, append(memberChannelsKeys(m), rowKey{memberKey(m), noticeStateSort})...)
	if err != nil {
		return all, err
	}
	noticeStateFields(&all.State).read(rows[len(rows)-1])
	channels, err := t.readMemberChannels(ctx, m, rows)
	if channels == nil {
		return all, err
	}
	all.Channels = *channels
	all.MemberChats, err = t.MemberChats(ctx, m)
	return all, err
}

// SaveClaim saves the next version of a state with the links minted for it, all or
// none.
func (t *Table) SaveClaim(ctx context.Context, s notice.State, minted ...login.Link) error {
	writes := []write{noticeStateWrite(s)}
	for _, each := range minted {
		writes = append(writes, linkWrite(each))
	}
	return t.apply(ctx, writes...)
}

// SaveOutcome saves what a decision changes, all or nothing: at most 100 rows.
func (t *Table) SaveOutcome(ctx context.Context, o notice.Outcome) error {
	var writes []write
	if o.State != nil {
		writes = append(writes, noticeStateWrite(*o.State))
	}
	if o.Disabled != nil {
		writes = append(writes, unmoved(*o.Disabled))
	}
	writes = append(writes, noticeWrites(o.Log)...)
	for _, th := range o.Threads {
		writes = append(writes, threadWrite(th))
	}
	return t.apply(ctx, writes...)
}
