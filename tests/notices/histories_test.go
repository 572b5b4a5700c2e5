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

// history is a random history of one member, and what must hold in it.
type history struct {
	*member
	t        *rapid.T
	paused   map[string]bool
	stopped  bool
	chosen   bool // texts
	disabled bool
	spells   int // unread spells, and ends of what held notices back: each allows a notice and a reminder
	checked  int // texts
	quiet    *chat.QuietHours
}

// G6, G7, N1-N3: in random histories of messages, reads, pauses, opt-outs, choices,
// outages and jumps of the clock, no text exceeds a cap or is sent in quiet hours,
// of what was read or in spite of an opt-out, and every notice that was due is in
// the why-log.
func TestHistoriesOfNoticesKeepTheRules(t *testing.T) {
	w := newHarness(t)
	rapid.Check(t, func(t *rapid.T) {
		w.Sent = nil
		w.TakeAll()
		h := &history{t: t, paused: map[string]bool{}, chosen: true}
		h.quiet = rapid.SampledFrom([]*chat.QuietHours{nil, {From: "21:00", To: "08:00"}, {From: "12:00", To: "13:30"}}).Draw(t, "quiet")
		w.rules = chat.NoticeRules{
			DelaySeconds: 120, QuietHours: h.quiet,
			ReminderHours:       rapid.IntRange(1, 48).Draw(t, "reminder"),
			TextsPerDay:         rapid.IntRange(1, 4).Draw(t, "a day"),
			MinutesBetweenTexts: rapid.SampledFrom([]int{0, 15, 240}).Draw(t, "between"),
		}
		h.member = w.newMember()
		for range rapid.IntRange(5, 25).Draw(t, "steps") {
			h.step()
			h.check()
		}
		h.end()
	})
}

func (h *history) step() {
	steps := map[string]func(){
		"write": func() { h.write(town.Program) }, "write in another": func() { h.write(town.Second) }, "read": h.readAll,
		"pause": h.pause, "stop": h.stop, "choose": h.choose, "disable": h.disable, "outage": h.outage, "recover": h.w.TakeAll,
		"wait": func() { h.wait(time.Duration(rapid.IntRange(1, 90).Draw(h.t, "minutes")) * time.Minute) },
		"jump": func() { h.wait(time.Duration(rapid.IntRange(1, 60).Draw(h.t, "hours")) * time.Hour) },
	}
	names := []string{"write", "wait", "read", "wait", "write in another", "jump", "pause", "stop", "choose", "disable", "outage", "recover", "wait", "write"}
	steps[rapid.SampledFrom(names).Draw(h.t, "step")]()
}

func (h *history) write(program string) {
	before := h.w.Chats(h.id)
	id := h.member.write(program)
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
	h.w.Must(h.w.Chat.Pause(h.w.ctx(), town.Platform, h.id, program, &paused))
	if !paused {
		h.spells++
	}
}

// stop texts STOP or START from the phone.
func (h *history) stop() {
	h.stopped = !h.stopped
	state, err := h.w.Table.PhoneState(h.w.ctx(), h.phone)
	h.w.Must(nil, err)
	state.Status, state.At = chat.Usable, h.w.Now
	if h.stopped {
		state.Status = chat.OptedOut
	}
	state.Version++
	h.w.Must(nil, h.w.Table.SavePhoneState(h.w.ctx(), h.phone, state))
}

func (h *history) choose() {
	h.chosen = !h.chosen
	channels := []chat.Channel{}
	if h.chosen {
		channels = append(channels, chat.SMS)
	}
	h.w.Must(h.w.Chat.PutPreferences(h.w.ctx(), town.Member(h.id), "me", chat.PreferencesPut{Channels: channels}))
}

// disable disables the member, or enables them again.
func (h *history) disable() {
	h.disabled = !h.disabled
	h.put(func(p *chat.Profile) { p.Active = !h.disabled })
	if !h.disabled {
		h.spells++
	}
}

// outage makes SNS fail, always or every other time.
func (h *history) outage() {
	always, calls := rapid.Bool().Draw(h.t, "always"), 0
	err := rapid.SampledFrom([]error{errors.New("sns: Throttled"), chat.ErrUnsure}).Draw(h.t, "error")
	h.w.Refuse = func(chat.Channel) error {
		if calls++; always || calls%2 == 0 {
			return err
		}
		return nil
	}
}

// wait moves the clock on in three steps, with a run of the schedule after each.
func (h *history) wait(d time.Duration) {
	for range 3 {
		h.w.Now = h.w.Now.Add(d / 3)
		_ = h.runSchedule()
		h.check()
	}
}

// runSchedule does what the schedule's run does for this member alone: reading the
// DUE index is the other tests' part.
func (h *history) runSchedule() error {
	for _, t := range h.w.Chats(h.id).Threads {
		if !t.DueAt.IsZero() && !h.w.Now.Before(t.DueAt) {
			return h.w.sender.Notify(h.w.ctx(), h.key)
		}
	}
	return nil
}

// check checks the texts that were sent since the last check.
func (h *history) check() {
	texts := slices.DeleteFunc(slices.Clone(h.w.Sent), func(s town.Sent) bool { return s.To != h.phone })
	for ; h.checked < len(texts); h.checked++ {
		h.checkText(texts[h.checked].At, texts[:h.checked])
	}
	if len(texts) > 2*h.spells {
		h.t.Fatalf("%d texts for %d spells and ends of pauses", len(texts), h.spells)
	}
}

func (h *history) checkText(at time.Time, earlier []town.Sent) {
	day := 0
	for _, s := range earlier {
		if gap := at.Sub(s.At); gap < time.Duration(h.w.rules.MinutesBetweenTexts)*time.Minute {
			h.t.Fatalf("a text %v after the one before", gap)
		} else if gap < 24*time.Hour {
			day++
		}
	}
	unread := slices.ContainsFunc(h.w.Chats(h.id).Threads, func(t chat.Thread) bool {
		return t.Unread(chat.Member) > 0 && !h.paused[t.Program.ID]
	})
	zone, _ := time.LoadLocation("America/New_York")
	clock := at.In(zone).Format("15:04")
	switch {
	case day >= h.w.rules.TextsPerDay:
		h.t.Fatalf("%d texts in a day", day+1)
	case !unread:
		h.t.Fatal("a text of what was read or is paused")
	case h.stopped || !h.chosen || h.disabled:
		h.t.Fatal("a text in spite of an opt-out, or to a disabled member")
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

// end waits until nothing is due any more, and checks that every spell that is
// still unread is in the why-log and in the care manager's list.
func (h *history) end() {
	h.w.TakeAll()
	for range 12 {
		h.wait(24 * time.Hour)
	}
	all, err := h.w.Table.Notices(h.w.ctx(), h.key, "", 1000)
	h.w.Must(nil, err)
	for _, t := range h.w.Chats(h.id).Threads {
		if !t.DueAt.IsZero() {
			h.t.Fatalf("a notice is due forever: %+v", t)
		}
		last := slices.IndexFunc(all, func(n chat.Notice) bool { return slices.Contains(n.Threads, t.ID) })
		if last < 0 || all[last].Decision == chat.Deferred {
			h.t.Fatalf("the why-log does not say what happened to a thread: %+v", all)
		}
		if t.Unread(chat.Member) > 0 && !h.paused[t.Program.ID] && !h.disabled && t.UnreadByMemberSince.IsZero() {
			h.t.Fatalf("unread for days, but not in the care manager's list: %+v", t)
		}
	}
}
