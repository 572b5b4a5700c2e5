package notices

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/tests/support/town"
)

// G6: one notice covers everything unread, even in more threads than one transaction holds.
func TestOneNoticeCoversMoreThreadsThanATransactionHolds(t *testing.T) {
	w := newHarness(t)
	w.rules.MinutesBetweenTexts, w.rules.TextsPerDay = 0, 100
	p := w.newMember()
	w.Enroll(p.id, town.Program, "")
	for n := range 85 {
		w.Start(fmt.Sprint("cm-", n), p.id, town.Program, w.NewID("client-message"))
	}
	w.pass(10*time.Minute, time.Minute)
	wantLog(t, p, "sms sent: due")
	for _, thread := range w.Chats(p.id).Threads {
		if thread.DueRule != chat.Reminder {
			t.Fatalf("a thread is due as %q at %v", thread.DueRule, thread.DueAt)
		}
	}
}

// N3: quiet hours without end suppress a notice: the care manager sees it instead.
func TestQuietHoursWithoutAGapSuppress(t *testing.T) {
	w := newHarness(t)
	w.rules.QuietHours = &chat.QuietHours{From: "20:00", To: "09:00"}
	p := w.newMember()
	w.Must(w.Chat.PutPreferences(w.ctx(), town.Member(p.id), "me", chat.PreferencesPut{
		Channels: []chat.Channel{chat.SMS}, QuietHours: &chat.QuietHours{From: "09:00", To: "20:00"},
	}))
	id := p.write(town.Program)
	w.pass(26*time.Hour, time.Hour)
	wantLog(t, p, "sms suppressed: quietHours", "sms suppressed: quietHours")
	if p.thread(id).UnreadByMemberSince.IsZero() {
		t.Error("the care manager does not see it")
	}
}

// N3: while SNS takes nothing, the care manager sees what the member does not learn of.
func TestTheCareManagerSeesWhatCannotBeSent(t *testing.T) {
	w := newHarness(t)
	p := w.newMember()
	w.Refuse = func(chat.Channel) error { return errors.New("sns: Throttled") }
	id := p.write(town.Program)
	for hour := range 26 {
		w.Now = w.Now.Add(time.Hour)
		_ = w.runSchedule()
		if since := p.thread(id).UnreadByMemberSince; since.IsZero() != (hour < 23) {
			t.Fatalf("after %d hours it is in the care manager's list since %v", hour+1, since)
		}
	}
	w.TakeAll()
	w.pass(48*time.Hour, time.Hour)
	if p.texts() != 1 || p.thread(id).UnreadByMemberSince.IsZero() || !p.thread(id).DueAt.IsZero() {
		t.Errorf("afterwards %d texts, %+v", p.texts(), p.thread(id))
	}
}

// N2: the why-log says what ended a deferred text, and no second email is sent.
func TestWhatWaitedOnOneChannelIsLoggedThere(t *testing.T) {
	for end, act := range map[string]func(*harness, *member){
		"sms suppressed: read":    func(_ *harness, p *member) { p.readAll() },
		" suppressed: noneChosen": choose(chat.Email), // the text's channel is given up
	} {
		w := newHarness(t)
		p := w.newMember(town.Email("dana@example.org"))
		w.Must(nil, w.runSchedule())
		p.write(town.Program)
		w.pass(2*time.Minute, time.Minute)
		p.readAll()
		p.write(town.Program)
		w.pass(2*time.Minute, time.Minute)
		act(w, p)
		w.pass(time.Hour, time.Minute)
		wantLog(t, p, "sms sent: due", "email sent: due", "sms deferred: cap", "email sent: due", end)
	}
}

// N4: the first text to a new number says how to stop them, too.
func TestStopIsSaidFirstToEachPhone(t *testing.T) {
	w := newHarness(t)
	w.rules.MinutesBetweenTexts = 0
	p := w.newMember()
	var said []bool
	notify := func() {
		p.write(town.Program)
		w.pass(3*time.Minute, time.Minute)
		p.readAll()
		said = append(said, strings.Contains(w.Sent[len(w.Sent)-1].Text, "STOP"))
	}
	notify()
	p.put(town.Phone("+15550109999"))
	notify()
	notify()
	if diff := cmp.Diff([]bool{true, true, false}, said); diff != "" {
		t.Error(diff)
	}
}

// S4: a link that was asked for is sent to a number that failed. If it arrives, the
// number is usable again.
func TestALinkIsTriedOnANumberThatFailed(t *testing.T) {
	w := newHarness(t)
	p := w.newMember()
	phoneIs(chat.Failing)(w, p)
	profile, err := w.Table.Profile(w.ctx(), p.key)
	w.Must(nil, err)
	ask := func() {
		_, err := w.sender.DeliverLink(w.ctx(), p.phone, []chat.Profile{*profile}, "Harbor", "https://care.example.org/#/l/x")
		w.Must(nil, err)
	}
	w.Refuse = func(chat.Channel) error { return chat.ErrInvalid }
	ask()
	w.TakeAll()
	ask()
	if state, err := w.Table.PhoneState(w.ctx(), p.phone); err != nil || p.texts() != 1 || state.Status != chat.Usable {
		t.Errorf("%d texts, %+v, %v", p.texts(), state, err)
	}
}

// S4: if one member's mailbox is gone, the link goes to another's with the same address.
func TestALinkByEmailGoesToAMailboxThatTakesIt(t *testing.T) {
	w := newHarness(t)
	var whose []chat.Profile
	for range 2 {
		p := w.newMember(town.Email("dana@example.org"))
		profile, err := w.Table.Profile(w.ctx(), p.key)
		w.Must(nil, err)
		whose = append(whose, *profile)
	}
	w.Must(nil, w.runSchedule())
	gone := 1
	w.Refuse = func(chat.Channel) error {
		if gone--; gone >= 0 {
			return fmt.Errorf("%w: NotFound", chat.ErrInvalid)
		}
		return nil
	}
	_, err := w.sender.DeliverLink(w.ctx(), "dana@example.org", whose, "Harbor", "https://care.example.org/#/l/x")
	w.Must(nil, err)
	if len(w.Sent) != 1 {
		t.Errorf("sent %v", w.Sent)
	}
}

// G7: a member who is enabled again is notified of what is unread.
func TestAMemberWhoIsEnabledAgainIsNotified(t *testing.T) {
	w := newHarness(t)
	p := w.newMember()
	active := func(is bool) {
		p.put(func(m *chat.Profile) { m.Active = is })
	}
	active(false)
	p.write(town.Program)
	w.pass(48*time.Hour, time.Hour)
	active(true)
	w.Must(nil, w.runSchedule())
	wantLog(t, p, "sms suppressed: disabled", "sms sent: resumed")
	p.readAll()
	active(false)
	active(true)
	w.pass(48*time.Hour, time.Hour)
	wantLog(t, p, "sms suppressed: disabled", "sms sent: resumed", "sms suppressed: read")
}

// S2, N4: a link is the same whether the pages' address ends in a slash or not.
func TestALinkLeadsToThePagesWithOrWithoutASlash(t *testing.T) {
	for _, base := range []string{"https://care.example.org/app", "https://care.example.org/app/"} {
		_, url := login.Mint(chat.Organization{LinkURL: base}, "", nil, login.Home, time.Time{})
		if !strings.HasPrefix(url, "https://care.example.org/app/#/l/") {
			t.Errorf("%s leads to %s", base, url[:len(url)-27])
		}
	}
}
