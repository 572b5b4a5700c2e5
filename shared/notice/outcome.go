package notice

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"carechat/shared/chat"
)

// conclude returns the plan and the state after the transports answered.
func (f facts) conclude(p plan, claimed State, answers map[chat.Channel]answer) (plan, State) {
	next := claimed.Done()
	rule := p.rule()
	p.decisions = slices.Clone(p.decisions)
	for i, d := range p.decisions {
		if d.is == chat.Delivered {
			p.decisions[i], next = f.concludeOn(d.channel, answers[d.channel], rule, claimed, next)
		}
	}
	return p, next
}

// concludeOn returns the decision on a channel after its transport answered, and
// what that makes of the next state.
func (f facts) concludeOn(c chat.Channel, given answer, rule string, claimed, next State) (decision, State) {
	unsure := errors.Is(given.err, chat.ErrUnsure)
	if c == chat.SMS && given.err != nil && !unsure {
		next = next.unsend(f.State)
	}
	switch {
	case given.err == nil:
		return decision{channel: c, is: chat.Delivered, rule: rule, messageID: given.messageID}, next
	case errors.Is(given.err, chat.ErrOptedOut):
		return decision{channel: c, is: chat.Suppressed, rule: refusedRule(c)}, next
	case errors.Is(given.err, chat.ErrInvalid):
		return decision{channel: c, is: chat.Failed, rule: ruleInvalid}, next
	case errors.Is(given.err, chat.ErrThrottled):
		next.Attempts, next.Lost = f.State.Attempts, f.State.Lost
		return decision{channel: c, is: chat.Deferred, rule: ruleThrottled, until: f.now}, next
	case unsure && claimed.Exhausted(policy):
		return decision{channel: c, is: chat.Failed, rule: ruleSNSError}, next
	case unsure:
		next.Lost = claimed.Lost
	}
	next.Attempts = claimed.Attempts
	return decision{channel: c, is: chat.Deferred, rule: ruleSNSError, until: f.State.retryAt(f.now)}, next
}

// refusedRule returns the rule for an address that a transport refuses because its
// owner wants nothing.
func refusedRule(c chat.Channel) string {
	if c == chat.SMS {
		return ruleOptedOutAtCarrier
	}
	return ruleOptedOut
}

// idle returns the state after a plan that sends nothing, nil if that changes
// nothing. A lost attempt is remembered only while its notice waits to be repeated.
func (f facts) idle(p plan) *State {
	next := f.State
	next.DueAt = time.Time{}
	switch {
	case !p.defers():
		next.Work = next.Work.Done()
	case f.mailError != nil:
		next.Attempts++
	}
	if next.Work == f.State.Work {
		return nil
	}
	next.Version++
	return &next
}

// save saves the outcome of a plan: the state, the why-log, and what comes next for each
// thread. A thread that changed meanwhile is decided on in its current state; one that is
// due for something else is left to that (N2). It returns chat.ErrConflict if another run
// changed the state, or if a member who was disabled may not be any more.
func (s *Sender) save(ctx context.Context, f facts, p plan, state *State) error {
	log, disabled := s.logOf(f, p), f.disabled(p)
	threads := f.MemberChats.Threads
	overtaken := false
	err := chat.RetryOnConflict(ctx, func() error {
		o := Outcome{Key: f.State.Key, State: state, Disabled: disabled, Threads: f.next(p, threads)}
		o.Log = stillTrue(log, ids(o.Threads))
		begun, err := s.saveInParts(ctx, o)
		if begun {
			state, log, disabled = nil, nil, nil
		}
		if !errors.Is(err, chat.ErrConflict) {
			return err
		}
		is, readErr := s.Store.Member(ctx, f.State.Key)
		if readErr != nil {
			return readErr
		}
		if overtaken = state != nil && is.State.Version != state.Version-1 || hasMoved(disabled, is.Channels.Profile); overtaken {
			return nil
		}
		threads = is.MemberChats.Threads
		return err
	})
	if overtaken {
		return chat.ErrConflict
	}
	return err
}

// disabled returns the profile if that of a disabled member is why threads are suppressed,
// else nil.
func (f facts) disabled(p plan) *chat.Profile {
	if len(p.suppressed[ruleDisabled]) == 0 {
		return nil
	}
	return &f.Channels.Profile
}

// hasMoved reports whether a profile that was read, nil for none, has changed since.
func hasMoved(was *chat.Profile, is chat.Profile) bool {
	return was != nil && (was.Version != is.Version || was.LogIns != is.LogIns)
}

// maxThreads is how many threads are saved at once: a transaction has 100 rows.
const maxThreads = 80

// saveInParts saves an outcome, and the threads beyond maxThreads after it. It
// reports as begun that all but some threads is saved.
func (s *Sender) saveInParts(ctx context.Context, o Outcome) (begun bool, err error) {
	if o.State == nil && len(o.Log)+len(o.Threads) == 0 {
		return false, nil
	}
	for all := o.Threads; ; o.State, o.Log, o.Disabled = nil, nil, nil {
		o.Threads = all[:min(len(all), maxThreads)]
		if err := s.Store.SaveOutcome(ctx, o); err != nil {
			return begun, err
		}
		if all = all[len(o.Threads):]; len(all) == 0 {
			return true, nil
		}
		begun = true
	}
}

// logOf returns the plan's rows of the why-log: one for each decision, and one for
// each rule and channel of what is suppressed.
func (s *Sender) logOf(f facts, p plan) []chat.Notice {
	var all []chat.Notice
	add := func(d decision, threads []chat.Thread) {
		if len(threads) > 0 {
			all = append(all, chat.Notice{
				Key: f.State.Key, ID: s.NewID("ntc"), Channel: d.channel, Decision: d.is, Rule: d.rule, At: f.now, Threads: ids(threads), MessageID: d.messageID,
			})
		}
	}
	for _, rule := range []string{ruleDisabled, ruleClosed, rulePaused, ruleRead} {
		for _, c := range append([]chat.Channel{""}, chat.Channels...) {
			add(decision{channel: c, is: chat.Suppressed, rule: rule}, f.undecided(p.suppressed[rule], c))
		}
	}
	for _, d := range p.decisions {
		if d.rule == ruleThrottled {
			continue // nothing was tried
		}
		threads := awaiting(p.due, d.channel)
		if d.is == chat.Delivered {
			threads = p.unread
		}
		add(d, threads)
	}
	add(decision{is: chat.Suppressed, rule: ruleNoneChosen}, p.onNoChannel())
	return all
}

// undecided returns the threads that wait for a decision on a channel, whether it
// is still chosen or not; for "" those that wait while none is chosen.
func (f facts) undecided(threads []chat.Thread, c chat.Channel) []chat.Thread {
	return slices.DeleteFunc(slices.Clone(threads), func(t chat.Thread) bool {
		channels := t.DueChannels
		if len(channels) == 0 {
			channels = f.Channels.Preferences.Channels
		}
		return !slices.Contains(channels, c) && (c != "" || len(channels) > 0)
	})
}

// onNoChannel returns what is due and on none of the channels decided on.
func (p plan) onNoChannel() []chat.Thread {
	return slices.DeleteFunc(slices.Clone(p.due), func(t chat.Thread) bool {
		return slices.ContainsFunc(p.decisions, func(d decision) bool { return awaits(t, d.channel) })
	})
}

// stillTrue returns the rows of the why-log without those whose threads another run
// decided on meanwhile. What was tried stays, whatever became of its threads.
func stillTrue(log []chat.Notice, saved []string) []chat.Notice {
	return slices.DeleteFunc(slices.Clone(log), func(n chat.Notice) bool {
		if n.Decision == chat.Delivered || n.Decision == chat.Failed {
			return false
		}
		return !slices.ContainsFunc(n.Threads, func(id string) bool { return slices.Contains(saved, id) })
	})
}

// next returns the threads that a plan changes, each from how it stands now.
func (f facts) next(p plan, now []chat.Thread) []chat.Thread {
	var changed []chat.Thread
	change := func(planned chat.Thread, to func(chat.Thread) chat.Thread) {
		i := slices.IndexFunc(now, func(t chat.Thread) bool { return t.ID == planned.ID })
		if i < 0 || !sameDue(now[i], planned) {
			return
		}
		changed = append(changed, to(now[i]))
	}
	for _, threads := range p.suppressed {
		for _, t := range threads {
			change(t, chat.Thread.NothingDue)
		}
	}
	for _, t := range p.unread {
		if f.covers(p, t) && !p.onlyThrottled(t) {
			change(t, func(t chat.Thread) chat.Thread { return f.after(p, t) })
		}
	}
	return changed
}

// covers reports whether a plan decides on a thread: one that is due and, if a
// message was sent, one whose first notice is not due yet, for the message was that.
func (f facts) covers(p plan, t chat.Thread) bool {
	return f.isDue(t) || len(p.sends()) > 0 && !t.DueAt.IsZero() && t.DueRule != chat.Reminder
}

// onlyThrottled reports whether a thread stays due as it was: no transport took
// anything.
func (p plan) onlyThrottled(t chat.Thread) bool {
	throttled := false
	for _, d := range p.decisions {
		if awaits(t, d.channel) {
			if d.rule != ruleThrottled {
				return false
			}
			throttled = true
		}
	}
	return throttled
}

func sameDue(a, b chat.Thread) bool {
	return a.DueAt.Equal(b.DueAt) && a.DueRule == b.DueRule && slices.Equal(a.DueChannels, b.DueChannels)
}

// after returns a thread that a plan covers with what comes next for it.
func (f facts) after(p plan, t chat.Thread) chat.Thread {
	var later []decision
	all := len(t.DueChannels) == 0 // if every channel is decided on again, so are those chosen meanwhile
	for _, d := range p.decisions {
		switch {
		case !awaits(t, d.channel):
		case d.is == chat.Deferred:
			later = append(later, d)
		default:
			all = false
		}
	}
	reminder := time.Duration(cmp.Or(f.organization.Notices.ReminderHours, 24)) * time.Hour
	if len(later) == 0 {
		return t.Told(f.now, reminder)
	}
	failed := func(d decision) bool { return d.rule == ruleSNSError }
	if slices.ContainsFunc(later, failed) && f.now.Sub(t.UnreadSince) >= reminder {
		t.UnreadByMemberSince = t.UnreadSince // nobody knows when the reminder will be decided
	}
	soonest := slices.MinFunc(later, func(a, b decision) int { return a.until.Compare(b.until) }).until
	var on []chat.Channel
	for _, d := range later {
		if !all {
			on = append(on, d.channel)
		}
	}
	return t.Deferred(soonest, on)
}

func ids(threads []chat.Thread) []string {
	var all []string
	for _, t := range threads {
		all = append(all, t.ID)
	}
	return all
}
