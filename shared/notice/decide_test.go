package notice

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/owed"
)

// ana returns the facts about a member in New York with an unread thread that is
// due, who can be told on both channels.
func ana() facts {
	f := facts{now: start, organization: chat.Organization{Countries: []string{"+1"}, TimeZone: "America/New_York"}}
	f.Channels = chat.MemberChannels{
		Profile:     chat.Profile{Phone: phone, Email: "ana@example.org", Active: true},
		Mailbox:     chat.Mailbox{Address: "ana@example.org", Status: chat.Usable},
		Preferences: chat.Preferences{Channels: []chat.Channel{chat.SMS, chat.Email}},
	}
	f.MemberChats.Threads = []chat.Thread{{ID: "thr_1", State: chat.ThreadActive, CareManagerSide: chat.Side{Sent: 1}, DueAt: start}}
	return f
}

// Every rule by which a channel is decided on, alone and before the rules after it (N2, N3).
func TestDecisions(t *testing.T) {
	sent := func(c chat.Channel) decision { return decision{channel: c, is: chat.Delivered} }
	suppressed := func(c chat.Channel, rule string) decision {
		return decision{channel: c, is: chat.Suppressed, rule: rule}
	}
	failed := func(c chat.Channel) decision { return decision{channel: c, is: chat.Failed, rule: ruleNoResult} }
	deferred := func(c chat.Channel, rule string, wait time.Duration) decision {
		return decision{channel: c, is: chat.Deferred, rule: rule, until: start.Add(wait)}
	}
	quiet := &chat.QuietHours{From: "06:00", To: "08:00"} // 11:00 to 13:00 UTC
	for name, c := range map[string]struct {
		change func(*facts)
		want   []decision
	}{
		"nothing in the way": {func(*facts) {}, []decision{sent(chat.SMS), sent(chat.Email)}},
		"no channel chosen":  {func(f *facts) { f.Channels.Preferences.Channels = nil }, nil},
		"one channel awaited": {
			func(f *facts) { f.MemberChats.Threads[0].DueChannels = []chat.Channel{chat.Email} }, []decision{sent(chat.Email)},
		},
		"opted out": {
			func(f *facts) { f.Channels.Phone.Status = chat.OptedOut }, []decision{suppressed(chat.SMS, ruleOptedOut), sent(chat.Email)},
		},
		"unconfirmed, no phone": {
			func(f *facts) { f.Channels.Mailbox.Status, f.Channels.Profile.Phone = "", "" },
			[]decision{suppressed(chat.SMS, "missing"), suppressed(chat.Email, "unconfirmed")},
		},
		"another country": {
			func(f *facts) { f.organization.Countries = []string{"+44"} },
			[]decision{suppressed(chat.SMS, ruleCountryNotAllowed), sent(chat.Email)},
		},
		"quiet hours of the organization": {
			func(f *facts) { f.organization.Notices.QuietHours = quiet },
			[]decision{deferred(chat.SMS, ruleQuietHours, time.Hour), deferred(chat.Email, ruleQuietHours, time.Hour)},
		},
		"quiet hours without a gap": {
			func(f *facts) {
				f.organization.Notices.QuietHours, f.Channels.Preferences.QuietHours = &chat.QuietHours{From: "00:00", To: "12:00"}, &chat.QuietHours{From: "12:00", To: "00:00"}
			},
			[]decision{suppressed(chat.SMS, ruleQuietHours), suppressed(chat.Email, ruleQuietHours)},
		},
		"a text a moment ago": {
			func(f *facts) {
				f.State.Texts = []time.Time{start.Add(-time.Minute)}
				f.organization.Notices.MinutesBetweenTexts = 15
			},
			[]decision{deferred(chat.SMS, ruleCap, 14*time.Minute), sent(chat.Email)},
		},
		"three texts in a day": {
			func(f *facts) {
				f.State.Texts = []time.Time{start.Add(-23 * time.Hour), start.Add(-2 * time.Hour), start.Add(-time.Hour)}
			},
			[]decision{deferred(chat.SMS, ruleCap, time.Hour), sent(chat.Email)},
		},
		"lost once":  {func(f *facts) { f.State.Lost = 1 }, []decision{sent(chat.SMS), sent(chat.Email)}},
		"lost twice": {func(f *facts) { f.State.Lost = 2 }, []decision{failed(chat.SMS), failed(chat.Email)}},
		"lost twice, and opted out": {
			func(f *facts) { f.State.Lost, f.Channels.Phone.Status = 2, chat.OptedOut },
			[]decision{suppressed(chat.SMS, ruleOptedOut), failed(chat.Email)},
		},
		"the mailbox unknown": {
			func(f *facts) { f.mailError = chat.ErrBusy }, []decision{sent(chat.SMS), deferred(chat.Email, ruleSNSError, time.Minute)},
		},
		"the mailbox unknown for the third time": {
			func(f *facts) { f.mailError, f.State.Attempts = chat.ErrBusy, 2 },
			[]decision{sent(chat.SMS), deferred(chat.Email, ruleSNSError, 4*time.Minute)},
		},
	} {
		f := ana()
		c.change(&f)
		if diff := cmp.Diff(c.want, f.decide(f.due().due), cmp.AllowUnexported(decision{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What each answer of a transport makes of the decision and of the state.
func TestAnswers(t *testing.T) {
	day := []time.Time{start.Add(-time.Hour)}
	counted := append(day, start)
	refused := errors.New("sns: Throttled")
	for name, c := range map[string]struct {
		lost    int // before
		answers map[chat.Channel]error
		want    map[chat.Channel]string
		work    owed.Work
		texts   []time.Time
	}{
		"both taken": {0, nil, map[chat.Channel]string{chat.SMS: "sent due", chat.Email: "sent due"}, owed.Work{}, counted},
		"both taken, after one was lost": {
			1, nil, map[chat.Channel]string{chat.SMS: "sent due", chat.Email: "sent due"}, owed.Work{}, counted,
		},
		"opted out": {
			0, map[chat.Channel]error{chat.SMS: chat.ErrOptedOut, chat.Email: chat.ErrOptedOut},
			map[chat.Channel]string{chat.SMS: "suppressed optedOutAtCarrier", chat.Email: "suppressed optedOut"}, owed.Work{}, day,
		},
		"no such addresses": {
			0, map[chat.Channel]error{chat.SMS: chat.ErrInvalid, chat.Email: chat.ErrInvalid},
			map[chat.Channel]string{chat.SMS: "failed invalidAddress", chat.Email: "failed invalidAddress"}, owed.Work{}, day,
		},
		"the text refused": {
			0, map[chat.Channel]error{chat.SMS: refused},
			map[chat.Channel]string{chat.SMS: "deferred snsError", chat.Email: "sent due"}, owed.Work{Attempts: 1}, day,
		},
		"the text refused, after one was lost": {
			1, map[chat.Channel]error{chat.SMS: refused},
			map[chat.Channel]string{chat.SMS: "deferred snsError", chat.Email: "sent due"}, owed.Work{Attempts: 2}, day,
		},
		"no answer to the text": {
			0, map[chat.Channel]error{chat.SMS: chat.ErrUnsure},
			map[chat.Channel]string{chat.SMS: "deferred snsError", chat.Email: "sent due"}, owed.Work{Attempts: 1, Lost: 1}, counted,
		},
		"no answer to the text again": {
			1, map[chat.Channel]error{chat.SMS: chat.ErrUnsure},
			map[chat.Channel]string{chat.SMS: "failed snsError", chat.Email: "sent due"}, owed.Work{}, counted,
		},
		"no answer to the text, the email refused": {
			0, map[chat.Channel]error{chat.SMS: chat.ErrUnsure, chat.Email: refused},
			map[chat.Channel]string{chat.SMS: "deferred snsError", chat.Email: "deferred snsError"}, owed.Work{Attempts: 1, Lost: 1}, counted,
		},
	} {
		f := ana()
		f.State.Texts, f.State.Work = day, owed.Work{Attempts: c.lost, Lost: c.lost}
		p := f.due()
		p.decisions = f.decide(p.due)
		p, state := f.conclude(p, f.State.Claim(f.now, p.sends()), given(c.answers))
		got := map[chat.Channel]string{}
		for _, d := range p.decisions {
			got[d.channel] = string(d.is) + " " + d.rule
			if (d.messageID != "") != (d.channel == chat.SMS && c.answers[chat.SMS] == nil) {
				t.Errorf("%s: the id of the message on %s is %q", name, d.channel, d.messageID)
			}
		}
		if diff := cmp.Diff(c.want, got) + cmp.Diff(c.work, state.Work) + cmp.Diff(c.texts, state.Texts); diff != "" || state.Version != 2 {
			t.Errorf("%s: version %d (-want +got):\n%s", name, state.Version, diff)
		}
	}
}

// given returns what transports say that fail on some channels: SNS has an id for a text that it took.
func given(failures map[chat.Channel]error) map[chat.Channel]answer {
	all := map[chat.Channel]answer{chat.SMS: {messageID: "text-1"}}
	for c, err := range failures {
		all[c] = answer{err: err}
	}
	return all
}
