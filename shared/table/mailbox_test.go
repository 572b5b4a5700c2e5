package table_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/notice"
)

// N5: a mailbox follows the profile's address, and nothing else.
func TestMailboxFollowsTheProfilesAddress(t *testing.T) {
	w := newTown(t)
	steps := []struct {
		name   string
		change func(*chat.Profile)
		want   func(*chat.Mailbox) // nil: it stays as it is
	}{
		{"new, without an address", func(p *chat.Profile) { p.Email = "" }, nil},
		{"a first address", func(p *chat.Profile) { p.Email = "Lee@example.org" }, func(b *chat.Mailbox) { b.Address = "lee@example.org" }},
		{"the same in another spelling", func(p *chat.Profile) { p.Email = "lee@Example.org" }, nil},
		{"another name", func(p *chat.Profile) { p.Name = "Lee" }, nil},
		{"another address", func(p *chat.Profile) { p.Email = "lee2@example.org" }, func(b *chat.Mailbox) { b.Address = "lee2@example.org" }},
		{"disabled", func(p *chat.Profile) { p.Active = false }, func(b *chat.Mailbox) { b.Address = "" }},
		{"another one while disabled", func(p *chat.Profile) { p.Email = "lee3@example.org" }, nil},
		{"active again", func(p *chat.Profile) { p.Active = true }, func(b *chat.Mailbox) { b.Address = "lee3@example.org" }},
		{"none any more", func(p *chat.Profile) { p.Email = "" }, func(b *chat.Mailbox) { b.Address = "" }},
	}
	lee := chat.MemberKey{Organization: "harbor", Member: "lee"}
	p, want := member("lee"), chat.Mailbox{Key: lee}
	for _, step := range steps {
		w.later(time.Minute)
		step.change(&p.Entry)
		if w.Must(w.Chat.PutMember(t.Context(), platform, p)); step.want != nil {
			step.want(&want)
			want.DueAt = w.Now
			want.Version++
		}
		got, err := w.Table.Mailbox(t.Context(), lee)
		must(t, err)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", step.name, d)
		}
	}
}

// If the mailbox changed meanwhile, the profile is decided on again too.
func TestAMailboxIsSavedWithItsProfile(t *testing.T) {
	w := newTown(t)
	was, err := w.Table.Profile(t.Context(), ana)
	must(t, err)
	box, err := w.Table.Mailbox(t.Context(), ana)
	must(t, err)
	is := *was
	is.Email = "other@example.org"
	is.Version++
	stale := box.SubscribeTo("other@example.org", w.Now)
	stale.Version++
	change := directory.MemberChange{Was: was, Is: is, Mailbox: &stale, LogOut: true}
	if err := w.Table.SaveMember(t.Context(), change); !errors.Is(err, chat.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	if after, err := w.Table.Profile(t.Context(), ana); err != nil || after.Email != was.Email {
		t.Errorf("the profile moved alone: %+v, %v", after, err)
	}
}

// An opt-out belongs to the phone, even if no member has it.
func TestPhoneState(t *testing.T) {
	w := newTown(t)
	const phone = "+15550100177"
	state, err := w.Table.PhoneState(t.Context(), phone)
	must(t, err)
	for _, status := range []chat.ChannelStatus{chat.OptedOut, chat.Usable} {
		state.Status, state.At, state.Cause = status, w.Now, "text-of-"+string(status)
		state.Version++
		must(t, w.Table.SavePhoneState(t.Context(), phone, state))
		if err := w.Table.SavePhoneState(t.Context(), phone, state); !errors.Is(err, chat.ErrConflict) {
			t.Errorf("twice: %v", err)
		}
		got, err := w.Table.PhoneState(t.Context(), phone)
		must(t, err)
		if d := cmp.Diff(state, got); d != "" {
			t.Error(d)
		}
	}
	asked, err := w.Table.OwedLinkTo(t.Context(), phone)
	must(t, err)
	if members, err := w.Table.MembersWith(t.Context(), asked.Contact, 21); len(members) > 0 || err != nil {
		t.Errorf("it is taken for a member: %v, %v", members, err)
	}
}

// Of an organization where many share a contact no more members are listed than the
// limit, and the other organizations' are not missed.
func TestMembersWithAContactAreListedUpToALimit(t *testing.T) {
	w := newWorld(t)
	w.madeUp = true // members of organizations that are not there
	const shared, limit = "+15550100142", 3
	for organization, n := range map[string]int{"a": 7, "b": 2, "c": 1, "c-1": 3, "d": 4, "e": 2} {
		for id := range n {
			must(t, w.Table.SaveMember(t.Context(), directory.MemberChange{Is: chat.Profile{
				Organization: organization, ID: fmt.Sprint("m", id), Phone: shared, Active: true, Version: 1,
			}}))
		}
	}
	asked, err := w.Table.OwedLinkTo(t.Context(), shared)
	must(t, err)
	members, err := w.Table.MembersWith(t.Context(), asked.Contact, limit)
	must(t, err)
	got := map[string]int{}
	for _, m := range members {
		got[m.Organization]++
	}
	if d := cmp.Diff(map[string]int{"a": 3, "b": 2, "c": 1, "c-1": 3, "d": 3, "e": 2}, got); d != "" {
		t.Error(d)
	}
}

func TestPreferencesAreSavedWithTheMailbox(t *testing.T) {
	w := newTown(t)
	was, err := w.Table.MemberChannels(t.Context(), ana)
	must(t, err)
	is := chat.Preferences{Channels: []chat.Channel{chat.Email}, QuietHours: &chat.QuietHours{From: "22:00", To: "07:30"}, Version: 2}
	owed := was.Mailbox.SubscribeTo("ana@example.org", w.Now.Add(time.Hour))
	stale := owed
	stale.Version++
	if err := w.Table.SavePreferences(t.Context(), ana, is, &stale); !errors.Is(err, chat.ErrConflict) {
		t.Errorf("the mailbox moved: %v", err)
	}
	must(t, w.Table.SavePreferences(t.Context(), ana, is, &owed))
	if err := w.Table.SavePreferences(t.Context(), ana, is, nil); !errors.Is(err, chat.ErrConflict) {
		t.Errorf("the preferences moved: %v", err)
	}
	got, err := w.Table.MemberChannels(t.Context(), ana)
	must(t, err)
	if d := cmp.Diff(is, got.Preferences) + cmp.Diff(owed, got.Mailbox); d != "" {
		t.Error(d)
	}
	none := chat.Preferences{Version: 3}
	must(t, w.Table.SavePreferences(t.Context(), ana, none, nil))
	if got, err = w.Table.MemberChannels(t.Context(), ana); err != nil || cmp.Diff(none, got.Preferences) != "" {
		t.Errorf("none: %+v, %v", got.Preferences, err)
	}
}

func TestTopicsAreCountedWithTheirMailbox(t *testing.T) {
	w := newTown(t)
	w.madeUp = true // a mailbox with old topics, which it does not delete
	box, err := w.Table.Mailbox(t.Context(), ana)
	must(t, err)
	count, err := w.Table.TopicsWith(t.Context(), ana)
	must(t, err)
	for want := 1; want <= 2; want++ {
		count.Count++
		count.Version++
		box.Topic, box.Old, box.DueAt = fmt.Sprint("topic-", want), append(box.Old, "old"), time.Time{}
		if err := w.Table.SaveTopics(t.Context(), count, box); !errors.Is(err, chat.ErrConflict) {
			t.Errorf("the mailbox is another: %v", err)
		}
		box.Version++
		must(t, w.Table.SaveTopics(t.Context(), count, box))
		gotBox, err := w.Table.Mailbox(t.Context(), ana)
		must(t, err)
		got, err := w.Table.TopicsWith(t.Context(), ana)
		must(t, err)
		if total, err := w.Table.Topics(t.Context()); total != want || err != nil {
			t.Errorf("%d topics in all, %v", total, err)
		}
		if d := cmp.Diff(box, gotBox) + cmp.Diff(notice.Topics{Count: want, Version: want}, got); d != "" {
			t.Error(d)
		}
	}
}
