package notices

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/notice"
	"carechat/tests/support/town"
)

func wantLog(t *testing.T, p *member, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, p.whyLog()); diff != "" {
		t.Errorf("the why-log (-want +got):\n%s", diff)
	}
}

// N3: SNS's id of a text is in its row, by which the delivery log is read, and in no other.
func TestTheWhyLogHasTheIDsOfTexts(t *testing.T) {
	w := newHarness(t)
	p := w.newMember()
	p.write(town.Program)
	w.pass(time.Hour, 10*time.Minute)
	p.readAll()
	p.write(town.Program)
	p.readAll()
	w.pass(time.Hour, 10*time.Minute)
	all, err := w.Table.Notices(w.ctx(), p.key, "", 10)
	w.Must(nil, err)
	for _, n := range all {
		if sent := n.Decision == chat.Delivered; sent != (n.MessageID == "text-1") {
			t.Errorf("%s: the id %q", n.Decision, n.MessageID)
		}
	}
	if len(all) != 2 {
		t.Errorf("%d rows", len(all))
	}
}

// G6: an unread spell causes one notice and one reminder; then the care manager sees it.
func TestASpellCausesOneNoticeOneReminderAndTheCareManagersList(t *testing.T) {
	w := newHarness(t)
	p := w.newMember()
	id := p.write(town.Program)
	began := w.Now
	p.write(town.Program)
	w.pass(time.Minute, time.Minute)
	p.write(town.Program)
	if len(w.Sent) != 0 {
		t.Fatalf("notified before the delay: %v", w.Sent)
	}
	w.pass(23*time.Hour, 10*time.Minute)
	wantLog(t, p, "sms sent: due")
	if since := p.thread(id).UnreadByMemberSince; !since.IsZero() {
		t.Errorf("in the care manager's list before the reminder, since %v", since)
	}
	w.pass(40*time.Hour, 10*time.Minute)
	wantLog(t, p, "sms sent: due", "sms sent: reminder")
	if got := p.thread(id); !got.UnreadByMemberSince.Equal(began) || !got.DueAt.IsZero() {
		t.Errorf("after the reminder: %+v", got)
	}
	p.readAll()
	if got := p.thread(id); !got.UnreadByMemberSince.IsZero() {
		t.Error("read, but still in the care manager's list")
	}
}

// N1: no notice is sent of what was read before it was due, and the why-log says so.
func TestWhatWasReadIsNotSent(t *testing.T) {
	w := newHarness(t)
	p := w.newMember()
	p.write(town.Program)
	p.readAll()
	w.pass(48*time.Hour, time.Hour)
	wantLog(t, p, "sms suppressed: read")
}

// N2: what the member reads, or stops, while a notice waits for its turn among others
// counts: it is decided again after the wait.
func TestANoticeThatWaitsForItsTurnIsDecidedAgain(t *testing.T) {
	w := newHarness(t)
	read, stopped := w.newMember(), w.newMember()
	for m, act := range map[*member]func(){read: read.readAll, stopped: func() { phoneIs(chat.OptedOut)(w, stopped) }} {
		m.write(town.Program)
		w.Now = w.Now.Add(time.Hour)
		pace := &notice.Pace{Every: 500 * time.Millisecond}
		w.sender.Pace = map[chat.Channel]*notice.Pace{chat.SMS: pace}
		w.meanwhile = func() {
			act()
			_, err := pace.Wait(w.ctx()) // another notice has this turn
			w.Must(nil, err)
		}
		w.Must(nil, w.sender.Notify(w.ctx(), m.key))
		if len(w.Sent) > 0 {
			t.Errorf("sent %v", w.Sent)
		}
	}
	wantLog(t, read, "sms suppressed: read")
	wantLog(t, stopped, "sms suppressed: optedOut")
}

// N3: one notice covers everything unread. Its link leads to the thread if there
// is one, else to Chats.
func TestOneNoticeCoversAllThreads(t *testing.T) {
	w := newHarness(t)
	p := w.newMember()
	first := p.write(town.Program)
	w.pass(time.Minute, time.Minute)
	second := p.write(town.Second)
	w.pass(20*time.Hour, 10*time.Minute)
	wantLog(t, p, "sms sent: due")
	all, _ := w.Table.Notices(w.ctx(), p.key, "", 10)
	if diff := cmp.Diff(2, len(all[0].Threads)); diff != "" {
		t.Errorf("it covers %v, not %s and %s", all[0].Threads, first, second)
	}
	if got := w.landing(w.Sent[0].Text); got != login.Home {
		t.Errorf("it leads to %+v", got)
	}
	p.readAll()
	third := p.write(town.Program)
	w.pass(time.Hour, time.Minute)
	if got := w.landing(w.Sent[1].Text); got != (login.Landing{Kind: "thread", ID: third}) {
		t.Errorf("with one thread it leads to %+v", got)
	}
}

// landing logs in with a message's link and returns where it leads.
func (w *harness) landing(text string) login.Landing {
	w.T.Helper()
	_, rest, _ := strings.Cut(text, "/#/l/")
	service := login.Service{Store: w.Table, Now: func() time.Time { return w.Now }, Local: true}
	grant, err := service.Exchange(w.ctx(), rest[:27], "1961-05-06")
	w.Must(nil, err)
	return grant.Landing
}

// N3: the cap holds back a text, but no email.
func TestACapDefersATextAndNoEmail(t *testing.T) {
	w := newHarness(t)
	p := w.newMember(town.Email("dana@example.org"))
	w.Must(nil, w.runSchedule()) // subscribes the address, which SNS confirms at once
	p.write(town.Program)
	w.pass(2*time.Minute, time.Minute)
	p.readAll()
	p.write(town.Program)
	w.pass(2*time.Minute, time.Minute)
	wantLog(t, p, "sms sent: due", "email sent: due", "sms deferred: cap", "email sent: due")
	w.pass(15*time.Minute, time.Minute)
	wantLog(t, p, "sms sent: due", "email sent: due", "sms deferred: cap", "email sent: due", "sms sent: due")
	if w.Sent[0].To != p.phone || w.Sent[1].To != "dana@example.org" {
		t.Errorf("sent to %s and %s", w.Sent[0].To, w.Sent[1].To)
	}
}

// N3: quiet hours are the member's local time. What is read in them is not sent.
func TestQuietHoursDeferInTheMembersTimeZone(t *testing.T) {
	w := newHarness(t)
	w.rules.QuietHours = &chat.QuietHours{From: "21:00", To: "08:00"}
	p := w.newMember()                                  // in New York
	w.Now = time.Date(2026, 3, 8, 2, 0, 0, 0, time.UTC) // 21:00 there, in the night when the clock goes forward
	p.write(town.Program)
	w.pass(9*time.Hour+59*time.Minute, 7*time.Minute)
	wantLog(t, p, "sms deferred: quietHours")
	w.pass(time.Minute, time.Minute) // 08:00, an hour earlier than on other days
	wantLog(t, p, "sms deferred: quietHours", "sms sent: due")

	other := w.newMember()
	w.Now = time.Date(2026, 3, 9, 2, 0, 0, 0, time.UTC)
	other.write(town.Program)
	w.pass(time.Hour, time.Minute)
	other.readAll()
	w.pass(24*time.Hour, time.Hour)
	wantLog(t, other, "sms deferred: quietHours", "sms suppressed: read")
}

// N1: a pause stops notices, but not the dot. When it ends, one is sent if
// something is unread.
func TestAPauseHoldsNoticesUntilItEnds(t *testing.T) {
	w := newHarness(t)
	p := w.newMember()
	member := town.Member(p.id)
	p.write(town.Program)
	yes, no := true, false
	w.Must(w.Chat.Pause(w.ctx(), member, "me", town.Program, &yes))
	w.pass(48*time.Hour, time.Hour)
	wantLog(t, p, "sms suppressed: paused")
	if dot, _, _ := w.Chat.Unread(w.ctx(), member, "me"); dot.Messages != 1 {
		t.Errorf("the dot shows %+v", dot)
	}
	w.Must(w.Chat.Pause(w.ctx(), member, "me", town.Program, &no))
	w.Must(nil, w.runSchedule())
	wantLog(t, p, "sms suppressed: paused", "sms sent: resumed")
	p.readAll()
	w.Must(w.Chat.Pause(w.ctx(), member, "me", town.Program, &yes))
	w.Must(w.Chat.Pause(w.ctx(), member, "me", town.Program, &no))
	w.pass(48*time.Hour, time.Hour)
	wantLog(t, p, "sms suppressed: paused", "sms sent: resumed", "sms suppressed: read")
}

func TestAClosedEnrollmentSendsNothingUntilItOpens(t *testing.T) {
	w := newHarness(t)
	p := w.newMember()
	p.write(town.Program)
	w.CloseEnrollment(p.id, town.Program, town.Rivera)
	w.pass(time.Hour, time.Minute)
	w.Enroll(p.id, town.Program, town.Rivera)
	w.Must(nil, w.runSchedule())
	wantLog(t, p, "sms suppressed: closed", "sms sent: resumed")
}

// T9: a closed enrollment's threads leave the list of what members have not read,
// and come back when it opens.
func TestAClosedEnrollmentLeavesTheListOfWhatIsUnread(t *testing.T) {
	w := newHarness(t)
	p := w.newMember()
	p.write(town.Program)
	w.pass(26*time.Hour, time.Hour) // past the reminder
	for step, put := range []func(member, program, careManager string){w.Enroll, w.CloseEnrollment, w.Enroll} {
		put(p.id, town.Program, town.Rivera)
		inbox, err := w.Chat.Inbox(w.ctx(), town.CareManager(town.Rivera), chat.UnreadByMember, "")
		if w.Must(nil, err); len(inbox.Items) != (step+1)%2 {
			t.Errorf("step %d: %d threads are listed", step, len(inbox.Items))
		}
	}
}

// N7, S4: an opt-out counts when a notice is sent; the other channel still sends.
func TestWhyAChannelIsSilent(t *testing.T) {
	for name, test := range map[string]struct {
		profile []func(*chat.Profile)
		before  func(*harness, *member)
		want    []string
	}{
		"no phone": {profile: []func(*chat.Profile){town.Phone("")}, before: choose(chat.SMS), want: []string{"sms suppressed: missing"}},
		"an unconfirmed address": {
			profile: []func(*chat.Profile){town.Email("dana@example.org")},
			before:  func(w *harness, _ *member) { w.Must(nil, w.runSchedule()); clear(w.Topics) },
			want:    []string{"sms sent: due", "email suppressed: unconfirmed"},
		},
		"STOP": {before: phoneIs(chat.OptedOut), want: []string{"sms suppressed: optedOut"}},
		"STOP ends no emails": {
			profile: []func(*chat.Profile){town.Email("dana@example.org")},
			before:  func(w *harness, p *member) { w.Must(nil, w.runSchedule()); phoneIs(chat.OptedOut)(w, p) },
			want:    []string{"sms suppressed: optedOut", "email sent: due"},
		},
		"opted out at the carrier": {
			before: refuses(chat.ErrOptedOut),
			want:   []string{"sms suppressed: optedOutAtCarrier"},
		},
		"no such number": {before: refuses(chat.ErrInvalid), want: []string{"sms failed: invalidAddress"}},
		"no channel":     {before: choose(), want: []string{" suppressed: noneChosen"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newHarness(t)
			p := w.newMember(test.profile...)
			test.before(w, p)
			p.write(town.Program)
			w.pass(3*time.Minute, time.Minute)
			wantLog(t, p, test.want...)
		})
	}
}

func choose(channels ...chat.Channel) func(*harness, *member) {
	return func(w *harness, p *member) {
		if channels == nil {
			channels = []chat.Channel{}
		}
		w.Must(w.Chat.PutPreferences(w.ctx(), town.Member(p.id), "me", chat.PreferencesPut{Channels: channels}))
	}
}

func phoneIs(s chat.ChannelStatus) func(*harness, *member) {
	return func(w *harness, p *member) {
		w.Must(nil, w.Table.SavePhoneState(w.ctx(), p.phone, chat.PhoneState{Status: s, At: w.Now, Version: 1}))
	}
}

func refuses(err error) func(*harness, *member) {
	return func(w *harness, _ *member) { w.Refuse = func(chat.Channel) error { return err } }
}

// SNS's refusal of a number is remembered: the next notice does not try it.
func TestARefusedNumberIsNotTriedAgain(t *testing.T) {
	w := newHarness(t)
	p := w.newMember()
	tries := 0
	w.Refuse = func(chat.Channel) error { tries++; return chat.ErrOptedOut }
	p.write(town.Program)
	w.pass(49*time.Hour, time.Hour)
	wantLog(t, p, "sms suppressed: optedOutAtCarrier", "sms suppressed: optedOutAtCarrier")
	if tries != 1 {
		t.Errorf("tried %d times", tries)
	}
}

// N4: the first text says how to stop them, and so does one a month.
func TestStopIsSaidFirstAndMonthly(t *testing.T) {
	w := newHarness(t)
	p := w.newMember()
	var said []bool
	for range 4 {
		p.write(town.Program)
		w.pass(3*time.Minute, time.Minute)
		p.readAll()
		said = append(said, strings.Contains(w.Sent[len(w.Sent)-1].Text, "STOP"))
		w.pass(11*24*time.Hour, 24*time.Hour)
	}
	if diff := cmp.Diff([]bool{true, false, false, true}, said); diff != "" {
		t.Error(diff)
	}
}
