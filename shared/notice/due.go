package notice

import (
	"cmp"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
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
	ruleThrottled         = "throttled" // in no row of the why-log
	ruleOptedOutAtCarrier = string(chat.OptedOutAtCarrier)
	ruleOptedOut          = string(chat.OptedOut)
	ruleInvalid           = "invalidAddress"
	ruleAsked             = "asked" // of a link
)

// facts are a member at a moment: all that a decision depends on.
type facts struct {
	Member
	now          time.Time
	organization chat.Organization
	mailError    error // why the transport does not say whether the mailbox is confirmed
}

// plan is what is due to a member, and what is decided about it.
type plan struct {
	suppressed map[string][]chat.Thread // by rule: they are due, but there is nothing to tell
	due        []chat.Thread            // and unread
	unread     []chat.Thread            // these, and those that are not due yet: one notice covers all
	decisions  []decision               // about what is due, one for each channel
}

// due returns a plan without decisions.
func (f facts) due() plan {
	p := plan{suppressed: map[string][]chat.Thread{}}
	threads := slices.Clone(f.MemberChats.Threads)
	slices.SortFunc(threads, func(a, b chat.Thread) int {
		return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID))
	})
	for _, t := range threads {
		rule := f.nothingToTell(t)
		switch {
		case rule == "":
			if p.unread = append(p.unread, t); f.isDue(t) {
				p.due = append(p.due, t)
			}
		case f.isDue(t):
			p.suppressed[rule] = append(p.suppressed[rule], t)
		}
	}
	return p
}

func (f facts) isDue(t chat.Thread) bool { return !t.DueAt.IsZero() && !f.now.Before(t.DueAt) }

// nothingToTell returns the rule by which a thread needs no notice, "" if it needs one.
func (f facts) nothingToTell(t chat.Thread) string {
	paused := func(e chat.Enrollment) bool { return e.Program.ID == t.Program.ID && e.Paused }
	switch {
	case !f.Channels.Profile.Active:
		return ruleDisabled
	case t.State == chat.ThreadInactive:
		return ruleClosed
	case t.Unread(chat.Member) == 0:
		return ruleRead
	case slices.ContainsFunc(f.MemberChats.Enrollments, paused):
		return rulePaused
	}
	return ""
}

// rule returns why what is due is sent: as news, if any of it is.
func (p plan) rule() string {
	rule := ruleReminder
	for _, t := range p.due {
		switch t.DueRule {
		case chat.FirstNotice:
			return ruleDue
		case chat.Resumed:
			rule = ruleResumed
		}
	}
	return rule
}

// landing returns where the links lead: to the one thread that is unread, or to
// Chats if there are several (N3).
func (p plan) landing() login.Landing {
	if len(p.unread) == 1 {
		return login.Landing{Kind: "thread", ID: p.unread[0].ID}
	}
	return login.Home
}

// awaits reports whether a thread's notice is still to be decided on a channel.
func awaits(t chat.Thread, c chat.Channel) bool {
	return len(t.DueChannels) == 0 || slices.Contains(t.DueChannels, c)
}

// awaiting returns the threads whose notice is still to be decided on a channel.
func awaiting(threads []chat.Thread, c chat.Channel) []chat.Thread {
	return slices.DeleteFunc(slices.Clone(threads), func(t chat.Thread) bool { return !awaits(t, c) })
}
