package notice

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/owed"
)

// N3: one notice covers all that is unread, so it is also the first notice of what is
// not due yet. A reminder that is not due stays due on its day.
func TestANoticeLeavesAReminderToItsDay(t *testing.T) {
	unread := func(id string, rule chat.DueRule, due time.Time) chat.Thread {
		return chat.Thread{ID: id, State: chat.ThreadActive, CareManagerSide: chat.Side{Sent: 1}, DueRule: rule, DueAt: due}
	}
	tomorrow := start.Add(24 * time.Hour)
	f := facts{now: start, Member: Member{
		Channels: chat.MemberChannels{Profile: chat.Profile{Active: true}},
		MemberChats: chat.MemberChats{Threads: []chat.Thread{
			unread("due", chat.FirstNotice, start), unread("soon", chat.FirstNotice, start.Add(time.Minute)), unread("told", chat.Reminder, start.Add(time.Hour)),
		}},
	}}
	p := f.due()
	p.decisions = []decision{{channel: chat.SMS, is: chat.Delivered}}
	got := map[string]time.Time{}
	for _, th := range f.next(p, f.MemberChats.Threads) {
		got[th.ID] = th.DueAt
	}
	if diff := cmp.Diff(map[string]time.Time{"due": tomorrow, "soon": tomorrow}, got); diff != "" {
		t.Errorf("what it moves, to when (-want +got):\n%s", diff)
	}
}

// N2: an attempt that was lost is remembered while its notice waits to be repeated, and
// forgotten with it: the next notice has two attempts of its own.
func TestALostAttemptIsForgottenWithItsNotice(t *testing.T) {
	f := facts{now: start, Member: Member{State: State{Work: owed.Work{DueAt: start, Attempts: 1, Lost: 1}, Version: 4}}}
	waits := plan{decisions: []decision{{channel: chat.SMS, is: chat.Deferred, rule: ruleQuietHours, until: start.Add(time.Hour)}}}
	if next := f.idle(waits); next == nil || next.Lost != 1 || next.Attempts != 1 || !next.DueAt.IsZero() {
		t.Errorf("while it waits: %+v", next)
	}
	if next := f.idle(plan{}); next == nil || next.Work != (owed.Work{}) || next.Version != 5 {
		t.Errorf("once it was read: %+v", next)
	}
}

// oneMailbox is a store that keeps a mailbox.
type oneMailbox struct {
	Store
	saved chat.Mailbox
}

func (o *oneMailbox) SaveMailbox(_ context.Context, b chat.Mailbox) error {
	o.saved = b
	return nil
}

// N5: what SNS says about a mailbox is kept; other failures say nothing about it.
func TestWhatSNSSaysOfAMailboxIsKept(t *testing.T) {
	for answer, want := range map[error]chat.ChannelStatus{chat.ErrOptedOut: chat.OptedOut, chat.ErrInvalid: chat.Failing, chat.ErrBusy: ""} {
		store := &oneMailbox{}
		err := (&Sender{Store: store}).recordMailbox(t.Context(), chat.Mailbox{Version: 3}, answer)
		if err != nil || store.saved.Status != want || want != "" && store.saved.Version != 4 {
			t.Errorf("%v: %+v, %v", answer, store.saved, err)
		}
	}
}
