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

// G6: one notice covers all that is unread, in more threads than one transaction holds too.
func TestOneNoticeCoversMoreThreadsThanATransactionHolds(t *testing.T) {
	w := newWorld(t)
	w.rules.MinutesBetweenTexts, w.rules.TextsPerDay = 0, 100
	p := w.patient(nothing)
	w.must(w.Enroll(w.ctx(), p.id, town.Program, chat.EnrollmentActive, ""))
	for n := range 85 {
		_, err := w.Chat.Start(w.ctx(), town.CareManager(100+n), p.id, town.Program, chat.Draft{
			ClientMessageID: w.id("client-message"), Text: "Hello",
		})
		w.must(nil, err)
	}
	w.pass(10*time.Minute, time.Minute)
	wantLog(t, p, "sms sent: due")
	for _, thread := range p.screen().Threads {
		if thread.DueRule != chat.Reminder {
			t.Fatalf("a thread is due as %q at %v", thread.DueRule, thread.DueAt)
		}
	}
}

// N3: hours that are never over do not hold a notice for ever: the care manager sees it.
func TestQuietHoursWithoutAGapSuppress(t *testing.T) {
	w := newWorld(t)
	w.rules.QuietHours = &chat.QuietHours{From: "20:00", To: "09:00"}
	p := w.patient(nothing)
	w.must(w.Chat.PutPreferences(w.ctx(), town.Member(p.id), "me", chat.PreferencesPut{
		Channels: []chat.Channel{chat.SMS}, QuietHours: &chat.QuietHours{From: "09:00", To: "20:00"},
	}))
	id := p.write(1)
	w.pass(26*time.Hour, time.Hour)
	wantLog(t, p, "sms suppressed: quietHours", "sms suppressed: quietHours")
	if p.thread(id).UnreadByMemberSince.IsZero() {
		t.Error("the care manager does not see it")
	}
}

// N3: while SNS takes nothing the care manager sees what the member cannot be told.
func TestTheCareManagerSeesWhatCannotBeTold(t *testing.T) {
	w := newWorld(t)
	p := w.patient(nothing)
	w.fail = func(chat.Channel) error { return errors.New("sns: Throttled") }
	id := p.write(1)
	for hour := range 26 {
		w.Now = w.Now.Add(time.Hour)
		_ = w.minute()
		if since := p.thread(id).UnreadByMemberSince; since.IsZero() != (hour < 23) {
			t.Fatalf("after %d hours it is shown since %v", hour+1, since)
		}
	}
	w.calm()
	w.pass(48*time.Hour, time.Hour)
	if p.texts() != 1 || p.thread(id).UnreadByMemberSince.IsZero() || !p.thread(id).DueAt.IsZero() {
		t.Errorf("afterwards %d texts, %+v", p.texts(), p.thread(id))
	}
}

// N2: what ends a text that waits has its row, though the email is long sent and
// gets no second one.
func TestWhatWaitedOnOneChannelIsLoggedThere(t *testing.T) {
	for end, act := range map[string]func(*world, *patient){
		"sms suppressed: read":    func(_ *world, p *patient) { p.read() },
		" suppressed: noneChosen": choose(chat.Email), // the text's channel is given up
	} {
		w := newWorld(t)
		p := w.patient(withEmail("dana@example.org"))
		w.must(nil, w.minute())
		p.write(1)
		w.pass(2*time.Minute, time.Minute)
		p.read()
		p.write(1)
		w.pass(2*time.Minute, time.Minute)
		act(w, p)
		w.pass(time.Hour, time.Minute)
		wantLog(t, p, "sms sent: due", "email sent: due", "sms deferred: cap", "email sent: due", end)
	}
}

// N4: whoever has the new number was never told.
func TestStopIsSaidFirstToEachPhone(t *testing.T) {
	w := newWorld(t)
	w.rules.MinutesBetweenTexts = 0
	p := w.patient(nothing)
	var said []bool
	tell := func() {
		p.write(1)
		w.pass(3*time.Minute, time.Minute)
		p.read()
		said = append(said, strings.Contains(w.sent[len(w.sent)-1].text, "STOP"))
	}
	tell()
	w.must(w.PutMember(w.ctx(), p.id, func(m *chat.Profile) { m.Phone = "+15550109999" }))
	tell()
	tell()
	if diff := cmp.Diff([]bool{true, true, false}, said); diff != "" {
		t.Error(diff)
	}
}

// S4: only an opt-out holds a link that was asked for. That it arrives mends the number.
func TestALinkIsTriedOnANumberThatFailed(t *testing.T) {
	w := newWorld(t)
	p := w.patient(nothing)
	phoneIs(chat.Failing)(w, p)
	profile, err := w.Table.Profile(w.ctx(), p.key)
	w.must(nil, err)
	ask := func() {
		w.must(nil, w.sender.Link(w.ctx(), p.phone, []chat.Profile{*profile}, "Harbor", "https://care.example.org/#/l/x"))
	}
	w.fail = func(chat.Channel) error { return chat.ErrInvalid }
	ask()
	w.calm()
	ask()
	if state, err := w.Table.PhoneState(w.ctx(), p.phone); err != nil || p.texts() != 1 || state.Status != chat.Usable {
		t.Errorf("%d texts, %+v, %v", p.texts(), state, err)
	}
}

// S4: where one member's mailbox is gone, another's with the same address takes the link.
func TestALinkByEmailGoesByWhoeversMailboxTakesIt(t *testing.T) {
	w := newWorld(t)
	var whose []chat.Profile
	for range 2 {
		p := w.patient(withEmail("dana@example.org"))
		profile, err := w.Table.Profile(w.ctx(), p.key)
		w.must(nil, err)
		whose = append(whose, *profile)
	}
	w.must(nil, w.minute())
	gone := 1
	w.fail = func(chat.Channel) error {
		if gone--; gone >= 0 {
			return fmt.Errorf("%w: NotFound", chat.ErrInvalid)
		}
		return nil
	}
	w.must(nil, w.sender.Link(w.ctx(), "dana@example.org", whose, "Harbor", "https://care.example.org/#/l/x"))
	if len(w.sent) != 1 {
		t.Errorf("sent %v", w.sent)
	}
}

// G7: what a member could not be told while they were disabled they are told afterwards.
func TestAMemberWhoIsEnabledAgainIsTold(t *testing.T) {
	w := newWorld(t)
	p := w.patient(nothing)
	active := func(is bool) {
		w.must(w.PutMember(w.ctx(), p.id, func(m *chat.Profile) { m.Phone, m.Active = p.phone, is }))
	}
	active(false)
	p.write(1)
	w.pass(48*time.Hour, time.Hour)
	active(true)
	w.must(nil, w.minute())
	wantLog(t, p, "sms suppressed: disabled", "sms sent: resumed")
	p.read()
	active(false)
	active(true)
	w.pass(48*time.Hour, time.Hour)
	wantLog(t, p, "sms suppressed: disabled", "sms sent: resumed", "sms suppressed: read")
}

// S2, N4: an address of pages that ends in a slash leads to the same place as without.
func TestALinkLeadsToThePagesWithOrWithoutASlash(t *testing.T) {
	for _, base := range []string{"https://care.example.org/app", "https://care.example.org/app/"} {
		_, url := login.Mint(chat.Organization{LinkURL: base}, "", nil, login.Home, time.Time{})
		if !strings.HasPrefix(url, "https://care.example.org/app/#/l/") {
			t.Errorf("%s leads to %s", base, url[:len(url)-27])
		}
	}
}
