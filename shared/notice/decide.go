package notice

import (
	"cmp"
	"slices"
	"time"

	"carechat/shared/chat"
)

// The rules of the why-log (N3): why a notice was sent, or was not.
const (
	ruleDue               = "due"
	ruleReminder          = "reminder"
	ruleResumed           = "resumed"
	ruleRead              = "read"
	ruleClosed            = "closed"
	rulePaused            = "paused"
	ruleDisabled          = "disabled"
	ruleQuietHours        = "quietHours"
	ruleCap               = "cap"
	ruleNoneChosen        = "noneChosen"
	ruleCountryNotAllowed = "countryNotAllowed"
	ruleSNSError          = "snsError"
	ruleNoResult          = "noResult"
	ruleOptedOutAtCarrier = string(chat.OptedOutAtCarrier)
	ruleOptedOut          = string(chat.OptedOut)
	ruleInvalid           = "invalidAddress"
)

// maxLost bounds what a crash that repeats can send: one, and one again (N2).
const maxLost = 2

// situation is a member at a moment: all that a decision depends on.
type situation struct {
	Member
	now          time.Time
	organization chat.Organization
	mailDown     bool // nobody answers whether the mailbox is confirmed
}

// verdict is what is decided for one channel. Sent ones are so provisionally,
// until it has happened.
type verdict struct {
	channel  chat.Channel
	decision chat.Decision
	rule     string
	until    time.Time // of a deferred one
}

// plan is a decision about everything that is due.
type plan struct {
	settled  map[string][]chat.Thread // by rule: there is nothing to tell any more
	owed     []chat.Thread            // there is: what is due and unread
	unread   []chat.Thread            // with what is not due yet: one notice covers it all
	verdicts []verdict
}

// sort separates what is due into what is settled and what is owed.
func (s situation) sort() plan {
	p := plan{settled: map[string][]chat.Thread{}}
	threads := slices.Clone(s.MemberChats.Threads)
	slices.SortFunc(threads, func(a, b chat.Thread) int {
		return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID))
	})
	for _, t := range threads {
		rule := s.nothingToTell(t)
		switch {
		case rule == "":
			if p.unread = append(p.unread, t); s.isDue(t) {
				p.owed = append(p.owed, t)
			}
		case s.isDue(t):
			p.settled[rule] = append(p.settled[rule], t)
		}
	}
	return p
}

func (s situation) isDue(t chat.Thread) bool { return !t.DueAt.IsZero() && !s.now.Before(t.DueAt) }

// nothingToTell is why a thread needs no notice, "" if it needs one.
func (s situation) nothingToTell(t chat.Thread) string {
	enrolled := func(e chat.Enrollment) bool { return e.Program.ID == t.Program.ID && e.Paused }
	switch {
	case !s.Reach.Profile.Active:
		return ruleDisabled
	case t.State == chat.ThreadInactive:
		return ruleClosed
	case t.Unread(chat.Member) == 0:
		return ruleRead
	case slices.ContainsFunc(s.MemberChats.Enrollments, enrolled):
		return rulePaused
	}
	return ""
}

// judge decides each channel on which something is owed.
func (s situation) judge(owed []chat.Thread) []verdict {
	var all []verdict
	for _, c := range s.Reach.Preferences.Channels {
		if slices.ContainsFunc(owed, func(t chat.Thread) bool { return wants(t, c) }) {
			all = append(all, s.verdict(c))
		}
	}
	return all
}

// wants reports whether a thread's notice is still to be decided on a channel.
func wants(t chat.Thread, c chat.Channel) bool {
	return len(t.DueChannels) == 0 || slices.Contains(t.DueChannels, c)
}

// wanting are the threads whose notice is still to be decided on a channel.
func wanting(threads []chat.Thread, c chat.Channel) []chat.Thread {
	return slices.DeleteFunc(slices.Clone(threads), func(t chat.Thread) bool { return !wants(t, c) })
}

// verdict decides a channel: that it reaches the member at all, then when.
func (s situation) verdict(c chat.Channel) verdict {
	status := s.Reach.Status(c)
	quiet := quietUntil(s.now, zoneOf(s.Reach.Profile.TimeZone, s.organization.TimeZone),
		s.organization.Notices.QuietHours, s.Reach.Preferences.QuietHours)
	capped := s.cappedUntil()
	switch {
	case c == chat.Email && s.mailDown && status != chat.Missing:
		return verdict{c, chat.Deferred, ruleSNSError, s.now.Add(s.Ledger.backoff())}
	case status != chat.Usable:
		return verdict{channel: c, decision: chat.Suppressed, rule: string(status)}
	case c == chat.SMS && !s.organization.MayText(s.Reach.Profile.Phone):
		return verdict{channel: c, decision: chat.Suppressed, rule: ruleCountryNotAllowed}
	case s.Ledger.Lost >= maxLost:
		return verdict{channel: c, decision: chat.Failed, rule: ruleNoResult}
	case quiet.Sub(s.now) > longestQuiet: // never: it would wait for ever
		return verdict{channel: c, decision: chat.Suppressed, rule: ruleQuietHours}
	case !quiet.IsZero():
		return verdict{c, chat.Deferred, ruleQuietHours, quiet}
	case c == chat.SMS && capped.After(s.now):
		return verdict{c, chat.Deferred, ruleCap, capped}
	}
	return verdict{channel: c, decision: chat.Delivered}
}

// cappedUntil is when the next text may go: so long after the last one, and not
// more than so many in any 24 hours. A cap counts texts alone, not emails.
func (s situation) cappedUntil() time.Time {
	texts, rules := s.Ledger.Texts, s.organization.Notices
	if len(texts) == 0 {
		return time.Time{}
	}
	until := texts[len(texts)-1].Add(time.Duration(rules.MinutesBetweenTexts) * time.Minute)
	if n := len(texts) - cmp.Or(rules.TextsPerDay, 3); n >= 0 {
		if day := texts[n].Add(24 * time.Hour); day.After(until) {
			until = day
		}
	}
	return until
}

// sends are the channels on which something goes out.
func (p plan) sends() []chat.Channel {
	var all []chat.Channel
	for _, v := range p.verdicts {
		if v.decision == chat.Delivered {
			all = append(all, v.channel)
		}
	}
	return all
}

// rule is why what is owed is sent: the news among it, if there is some.
func (p plan) rule() string {
	rule := ruleReminder
	for _, t := range p.owed {
		switch {
		case t.DueRule == chat.FirstNotice:
			return ruleDue
		case t.DueRule == chat.Resumed:
			rule = ruleResumed
		}
	}
	return rule
}

// after is what comes next for a thread that the plan tells of.
func (s situation) after(p plan, t chat.Thread) chat.Thread {
	var later []verdict
	left := true // every channel is to be decided again, those chosen meanwhile too
	for _, v := range p.verdicts {
		switch {
		case !wants(t, v.channel):
		case v.decision == chat.Deferred:
			later = append(later, v)
		default:
			left = false
		}
	}
	reminder := time.Duration(cmp.Or(s.organization.Notices.ReminderHours, 24)) * time.Hour
	if len(later) == 0 {
		return t.Told(s.now, reminder)
	}
	isDown := func(v verdict) bool { return v.rule == ruleSNSError }
	if slices.ContainsFunc(later, isDown) && s.now.Sub(t.UnreadSince) >= reminder {
		t.UnreadByMemberSince = t.UnreadSince // nobody knows when the reminder will be decided
	}
	soonest := slices.MinFunc(later, func(a, b verdict) int { return a.until.Compare(b.until) }).until
	on := t.DueChannels
	if !left {
		on = nil
		for _, v := range later {
			on = append(on, v.channel)
		}
	}
	return t.Deferred(soonest, on)
}
