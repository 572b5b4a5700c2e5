package notices

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"carechat/shared/chat"
	"carechat/tests/support/town"
)

// history is a member's life, made up: what may happen, and what must hold
// whatever does.
type history struct {
	*patient
	t       *rapid.T
	paused  map[string]bool
	stopped bool
	chosen  bool
	out     bool // disabled
	spells  int  // and what was held back and is not any more: what a notice and a reminder may be of
	seen    int  // of what was sent
	quiet   *chat.QuietHours
}

// G6, G7, N1-N3: random histories of sends, reads, pauses, opt-outs, choices,
// outages and jumps of the clock never exceed a cap, never notify at night, of
// what was read, or against an opt-out, and every owed notice ends in the why-log.
func TestHistoriesOfNoticesKeepTheRules(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		w.sent = nil
		w.calm()
		h := &history{t: t, paused: map[string]bool{}, chosen: true}
		h.quiet = rapid.SampledFrom([]*chat.QuietHours{nil, {From: "21:00", To: "08:00"}, {From: "12:00", To: "13:30"}}).Draw(t, "quiet")
		w.rules = chat.NoticeRules{
			DelaySeconds: 120, QuietHours: h.quiet,
			ReminderHours:       rapid.IntRange(1, 48).Draw(t, "reminder"),
			TextsPerDay:         rapid.IntRange(1, 4).Draw(t, "a day"),
			MinutesBetweenTexts: rapid.SampledFrom([]int{0, 15, 240}).Draw(t, "between"),
		}
		h.patient = w.patient(nothing)
		for range rapid.IntRange(5, 25).Draw(t, "steps") {
			h.step()
			h.check()
		}
		h.end()
	})
}

func (h *history) step() {
	steps := map[string]func(){
		"write": func() { h.write(1) }, "write in another": func() { h.write(2) }, "read": h.read,
		"pause": h.pause, "stop": h.stop, "choose": h.choose, "disable": h.disable, "outage": h.outage, "calm": h.w.calm,
		"wait": func() { h.wait(time.Duration(rapid.IntRange(1, 90).Draw(h.t, "minutes")) * time.Minute) },
		"jump": func() { h.wait(time.Duration(rapid.IntRange(1, 60).Draw(h.t, "hours")) * time.Hour) },
	}
	names := []string{"write", "wait", "read", "wait", "write in another", "jump", "pause", "stop", "choose", "disable", "outage", "calm", "wait", "write"}
	steps[rapid.SampledFrom(names).Draw(h.t, "step")]()
}

func (h *history) write(n int) {
	before := h.screen()
	id := h.patient.write(n)
	for _, t := range before.Threads {
		if t.ID == id && t.Unread(chat.Member) > 0 {
			return
		}
	}
	h.spells++
}

func (h *history) pause() {
	program := rapid.SampledFrom([]string{town.Program, town.Second}).Draw(h.t, "program")
	h.paused[program] = !h.paused[program]
	paused := h.paused[program]
	h.w.must(h.w.Chat.Pause(h.w.ctx(), town.Platform, h.id, program, &paused))
	if !paused {
		h.spells++
	}
}

// stop answers STOP or START from the phone.
func (h *history) stop() {
	h.stopped = !h.stopped
	state, err := h.w.Table.PhoneState(h.w.ctx(), h.phone)
	h.w.must(nil, err)
	state.Status, state.At = chat.Usable, h.w.Now
	if h.stopped {
		state.Status = chat.OptedOut
	}
	state.Version++
	h.w.must(nil, h.w.Table.SavePhoneState(h.w.ctx(), h.phone, state))
}

func (h *history) choose() {
	h.chosen = !h.chosen
	channels := []chat.Channel{}
	if h.chosen {
		channels = append(channels, chat.SMS)
	}
	h.w.must(h.w.Chat.PutPreferences(h.w.ctx(), town.Member(h.id), "me", chat.PreferencesPut{Channels: channels}))
}

// disable disables the member, or enables them again.
func (h *history) disable() {
	h.out = !h.out
	h.w.must(h.w.PutMember(h.w.ctx(), h.id, func(m *chat.Profile) { m.Phone, m.Active = h.phone, !h.out }))
	if !h.out {
		h.spells++
	}
}

// outage is SNS failing, always or every other time.
func (h *history) outage() {
	always, calls := rapid.Bool().Draw(h.t, "always"), 0
	err := rapid.SampledFrom([]error{errors.New("sns: Throttled"), chat.ErrUnsure}).Draw(h.t, "error")
	h.w.fail = func(chat.Channel) error {
		if calls++; always || calls%2 == 0 {
			return err
		}
		return nil
	}
}

// wait lets the schedule come a few times, at the last in its regular minute.
func (h *history) wait(d time.Duration) {
	for range 3 {
		h.w.Now = h.w.Now.Add(d / 3)
		_ = h.minute()
		h.check()
	}
}

// minute is the schedule's for this member alone: the other tests read DUE.
func (h *history) minute() error {
	for _, t := range h.screen().Threads {
		if !t.DueAt.IsZero() && !h.w.Now.Before(t.DueAt) {
			return h.w.sender.Notify(h.w.ctx(), h.key)
		}
	}
	return nil
}

// check looks at what was sent since it looked last.
func (h *history) check() {
	texts := slices.DeleteFunc(slices.Clone(h.w.sent), func(s sent) bool { return s.to != h.phone })
	for ; h.seen < len(texts); h.seen++ {
		h.checkText(texts[h.seen].at, texts[:h.seen])
	}
	if len(texts) > 2*h.spells {
		h.t.Fatalf("%d texts for %d spells and pauses", len(texts), h.spells)
	}
}

func (h *history) checkText(at time.Time, earlier []sent) {
	day := 0
	for _, s := range earlier {
		if gap := at.Sub(s.at); gap < time.Duration(h.w.rules.MinutesBetweenTexts)*time.Minute {
			h.t.Fatalf("a text %v after another", gap)
		} else if gap < 24*time.Hour {
			day++
		}
	}
	unread := slices.ContainsFunc(h.screen().Threads, func(t chat.Thread) bool {
		return t.Unread(chat.Member) > 0 && !h.paused[t.Program.ID]
	})
	zone, _ := time.LoadLocation("America/New_York")
	clock := at.In(zone).Format("15:04")
	switch {
	case day >= h.w.rules.TextsPerDay:
		h.t.Fatalf("%d texts in a day", day+1)
	case !unread:
		h.t.Fatal("a text of what was read, or paused")
	case h.stopped || !h.chosen || h.out:
		h.t.Fatal("a text against an opt-out, or to who is disabled")
	case h.quiet != nil && h.isQuiet(clock):
		h.t.Fatalf("a text at %s", clock)
	}
}

func (h *history) isQuiet(clock string) bool {
	if h.quiet.From < h.quiet.To {
		return clock >= h.quiet.From && clock < h.quiet.To
	}
	return clock >= h.quiet.From || clock < h.quiet.To
}

// end lets everything come to rest: nothing is due any more, every spell that
// was left unread is in the why-log and in the care manager's list.
func (h *history) end() {
	h.w.calm()
	for range 12 {
		h.wait(24 * time.Hour)
	}
	all, err := h.w.Table.Notices(h.w.ctx(), h.key, "", 1000)
	h.w.must(nil, err)
	for _, t := range h.screen().Threads {
		if !t.DueAt.IsZero() {
			h.t.Fatalf("a notice is due for ever: %+v", t)
		}
		last := slices.IndexFunc(all, func(n chat.Notice) bool { return slices.Contains(n.Threads, t.ID) })
		if last < 0 || all[last].Decision == chat.Deferred {
			h.t.Fatalf("the why-log does not say what became of a thread: %+v", all)
		}
		if t.Unread(chat.Member) > 0 && !h.paused[t.Program.ID] && !h.out && t.UnreadByMemberSince.IsZero() {
			h.t.Fatalf("unread for days, and not in the care manager's list: %+v", t)
		}
	}
}
