package notices

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/tests/support/town"
)

func wantLog(t *testing.T, p *patient, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, p.log()); diff != "" {
		t.Errorf("the why-log (-want +got):\n%s", diff)
	}
}

// G6: a spell causes one notice, one reminder, then the care manager sees it.
func TestASpellIsOneNoticeOneReminderThenTheCareManagersList(t *testing.T) {
	w := newWorld(t)
	p := w.patient(nothing)
	id := p.write(1)
	began := w.Now
	p.write(1)
	w.pass(time.Minute, time.Minute)
	p.write(1)
	if len(w.sent) != 0 {
		t.Fatalf("told before the delay: %v", w.sent)
	}
	w.pass(23*time.Hour, 10*time.Minute)
	wantLog(t, p, "sms sent: due")
	if since := p.thread(id).UnreadByMemberSince; !since.IsZero() {
		t.Errorf("shown to the care manager before the reminder, since %v", since)
	}
	w.pass(40*time.Hour, 10*time.Minute)
	wantLog(t, p, "sms sent: due", "sms sent: reminder")
	if got := p.thread(id); !got.UnreadByMemberSince.Equal(began) || !got.DueAt.IsZero() {
		t.Errorf("after the reminder: %+v", got)
	}
	p.read()
	if got := p.thread(id); !got.UnreadByMemberSince.IsZero() {
		t.Error("read, and still in the care manager's list")
	}
}

// N1: what was read before it was due is not sent, and the why-log says so.
func TestWhatWasReadIsNotSent(t *testing.T) {
	w := newWorld(t)
	p := w.patient(nothing)
	p.write(1)
	p.read()
	w.pass(48*time.Hour, time.Hour)
	wantLog(t, p, "sms suppressed: read")
}

// N3: one notice covers all that is unread and lands on Chats; of one thread, on it.
func TestOneNoticeCoversAllThreads(t *testing.T) {
	w := newWorld(t)
	p := w.patient(nothing)
	first := p.write(1)
	w.pass(time.Minute, time.Minute)
	second := p.write(2)
	w.pass(20*time.Hour, 10*time.Minute)
	wantLog(t, p, "sms sent: due")
	all, _ := w.Table.Notices(w.ctx(), p.key, "", 10)
	if diff := cmp.Diff(2, len(all[0].Threads)); diff != "" {
		t.Errorf("it tells of %v, not of %s and %s", all[0].Threads, first, second)
	}
	if got := w.landing(w.sent[0].text); got != login.Home {
		t.Errorf("it lands on %+v", got)
	}
	p.read()
	third := p.write(1)
	w.pass(time.Hour, time.Minute)
	if got := w.landing(w.sent[1].text); got != (login.Landing{Kind: "thread", ID: third}) {
		t.Errorf("of one thread it lands on %+v", got)
	}
}

// landing is where a message's link leads, once the birth date is given.
func (w *world) landing(text string) login.Landing {
	w.t.Helper()
	_, rest, _ := strings.Cut(text, "/#/l/")
	service := login.Service{Store: w.Table, Now: func() time.Time { return w.Now }, Local: true}
	grant, err := service.Exchange(w.ctx(), rest[:27], "1961-05-06")
	w.must(nil, err)
	return grant.Landing
}

func TestACapDefersATextAndNoEmail(t *testing.T) {
	w := newWorld(t)
	p := w.patient(func(m *chat.Profile) { m.Email = "dana@example.org" })
	w.must(nil, w.minute()) // subscribes, and so confirms
	p.write(1)
	w.pass(2*time.Minute, time.Minute)
	p.read()
	p.write(1)
	w.pass(2*time.Minute, time.Minute)
	wantLog(t, p, "sms sent: due", "email sent: due", "sms deferred: cap", "email sent: due")
	w.pass(15*time.Minute, time.Minute)
	wantLog(t, p, "sms sent: due", "email sent: due", "sms deferred: cap", "email sent: due", "sms sent: due")
	if w.sent[0].to != p.phone || w.sent[1].to != "dana@example.org" {
		t.Errorf("sent to %s and %s", w.sent[0].to, w.sent[1].to)
	}
}

// What is deferred and then read is not sent.
func TestQuietHoursDeferInTheMembersTimeZone(t *testing.T) {
	w := newWorld(t)
	w.rules.QuietHours = &chat.QuietHours{From: "21:00", To: "08:00"}
	p := w.patient(nothing)                             // in New York
	w.Now = time.Date(2026, 3, 8, 2, 0, 0, 0, time.UTC) // 21:00 there, the night in which the clock is put forward
	p.write(1)
	w.pass(9*time.Hour+59*time.Minute, 7*time.Minute)
	wantLog(t, p, "sms deferred: quietHours")
	w.pass(time.Minute, time.Minute) // 08:00, an hour earlier than without it
	wantLog(t, p, "sms deferred: quietHours", "sms sent: due")

	other := w.patient(nothing)
	w.Now = time.Date(2026, 3, 9, 2, 0, 0, 0, time.UTC)
	other.write(1)
	w.pass(time.Hour, time.Minute)
	other.read()
	w.pass(24*time.Hour, time.Hour)
	wantLog(t, other, "sms deferred: quietHours", "sms suppressed: read")
}

// N1: pausing stops notices and not the dot; its end sends one if something is unread.
func TestAPauseHoldsAndItsEndTells(t *testing.T) {
	w := newWorld(t)
	p := w.patient(nothing)
	member := town.Member(p.id)
	p.write(1)
	yes, no := true, false
	w.must(w.Chat.Pause(w.ctx(), member, "me", town.Program, &yes))
	w.pass(48*time.Hour, time.Hour)
	wantLog(t, p, "sms suppressed: paused")
	if dot, _, _ := w.Chat.Unread(w.ctx(), member, "me"); dot.Messages != 1 {
		t.Errorf("the dot says %+v", dot)
	}
	w.must(w.Chat.Pause(w.ctx(), member, "me", town.Program, &no))
	w.must(nil, w.minute())
	wantLog(t, p, "sms suppressed: paused", "sms sent: resumed")
	p.read()
	w.must(w.Chat.Pause(w.ctx(), member, "me", town.Program, &yes))
	w.must(w.Chat.Pause(w.ctx(), member, "me", town.Program, &no))
	w.pass(48*time.Hour, time.Hour)
	wantLog(t, p, "sms suppressed: paused", "sms sent: resumed", "sms suppressed: read")
}

func TestAClosedEnrollmentTellsNothingUntilItOpens(t *testing.T) {
	w := newWorld(t)
	p := w.patient(nothing)
	p.write(1)
	w.must(w.Enroll(w.ctx(), p.id, town.Program, chat.EnrollmentClosed, town.CareManagerID(1)))
	w.pass(time.Hour, time.Minute)
	w.must(w.Enroll(w.ctx(), p.id, town.Program, chat.EnrollmentActive, town.CareManagerID(1)))
	w.must(nil, w.minute())
	wantLog(t, p, "sms suppressed: closed", "sms sent: resumed")
}

// T9: what is unread in a closed program is nobody's to look after, until it opens.
func TestAClosedEnrollmentLeavesTheListOfWhatIsUnread(t *testing.T) {
	w := newWorld(t)
	p := w.patient(nothing)
	p.write(1)
	w.pass(26*time.Hour, time.Hour) // past the reminder
	for _, step := range []struct {
		state  chat.EnrollmentState
		listed int
	}{{chat.EnrollmentActive, 1}, {chat.EnrollmentClosed, 0}, {chat.EnrollmentActive, 1}} {
		w.must(w.Enroll(w.ctx(), p.id, town.Program, step.state, town.CareManagerID(1)))
		inbox, err := w.Chat.Inbox(w.ctx(), town.CareManager(1), chat.UnreadByMember, "")
		if w.must(nil, err); len(inbox.Items) != step.listed {
			t.Errorf("%s: %d threads are listed, want %d", step.state, len(inbox.Items), step.listed)
		}
	}
}

// N7, S4: an opt-out is honoured at send time; the other channel still tells.
func TestWhyAChannelIsSilent(t *testing.T) {
	for name, test := range map[string]struct {
		profile func(*chat.Profile)
		before  func(*world, *patient)
		want    []string
	}{
		"no phone": {profile: func(m *chat.Profile) { m.Phone = "" }, before: choose(chat.SMS), want: []string{"sms suppressed: missing"}},
		"an address that nobody confirmed": {
			profile: func(m *chat.Profile) { m.Email = "dana@example.org" },
			before:  func(w *world, _ *patient) { w.must(nil, w.minute()); clear(w.topics) },
			want:    []string{"sms sent: due", "email suppressed: unconfirmed"},
		},
		"STOP": {profile: nothing, before: phoneIs(chat.OptedOut), want: []string{"sms suppressed: optedOut"}},
		"opted out at the carrier": {
			profile: nothing, before: says(chat.ErrOptedOut),
			want: []string{"sms suppressed: optedOutAtCarrier"},
		},
		"no such number": {profile: nothing, before: says(chat.ErrInvalid), want: []string{"sms failed: invalidAddress"}},
		"no channel":     {profile: nothing, before: choose(), want: []string{" suppressed: noneChosen"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			p := w.patient(test.profile)
			test.before(w, p)
			p.write(1)
			w.pass(3*time.Minute, time.Minute)
			wantLog(t, p, test.want...)
		})
	}
}

func choose(channels ...chat.Channel) func(*world, *patient) {
	return func(w *world, p *patient) {
		if channels == nil {
			channels = []chat.Channel{}
		}
		w.must(w.Chat.PutPreferences(w.ctx(), town.Member(p.id), "me", chat.PreferencesPut{Channels: channels}))
	}
}

func phoneIs(s chat.ChannelStatus) func(*world, *patient) {
	return func(w *world, p *patient) {
		w.must(nil, w.Table.SavePhoneState(w.ctx(), p.phone, chat.PhoneState{Status: s, At: w.Now, Version: 1}))
	}
}

func says(err error) func(*world, *patient) {
	return func(w *world, _ *patient) { w.fail = func(chat.Channel) error { return err } }
}

// What SNS says of a number is remembered: the next notice does not try it.
func TestARefusedNumberIsNotTriedAgain(t *testing.T) {
	w := newWorld(t)
	p := w.patient(nothing)
	tries := 0
	w.fail = func(chat.Channel) error { tries++; return chat.ErrOptedOut }
	p.write(1)
	w.pass(49*time.Hour, time.Hour)
	wantLog(t, p, "sms suppressed: optedOutAtCarrier", "sms suppressed: optedOutAtCarrier")
	if tries != 1 {
		t.Errorf("tried %d times", tries)
	}
}

// N4: how to stop them is said first, and after a month again.
func TestStopIsSaidFirstAndMonthly(t *testing.T) {
	w := newWorld(t)
	p := w.patient(nothing)
	var said []bool
	for range 4 {
		p.write(1)
		w.pass(3*time.Minute, time.Minute)
		p.read()
		said = append(said, strings.Contains(w.sent[len(w.sent)-1].text, "STOP"))
		w.pass(11*24*time.Hour, 24*time.Hour)
	}
	if diff := cmp.Diff([]bool{true, false, false, true}, said); diff != "" {
		t.Error(diff)
	}
}
