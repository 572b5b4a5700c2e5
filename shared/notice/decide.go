package notice

import (
	"cmp"
	"slices"
	"time"

	"carechat/shared/chat"
)

// decision is what is decided on one channel. Delivered means that a message is to
// be sent; what the transport answers may make it another decision.
type decision struct {
	channel chat.Channel
	is      chat.Decision
	rule    string
	until   time.Time // of a deferred one
	// messageID is the transport's id of a text that was sent.
	messageID string
}

// decide decides on each chosen channel on which something is due.
func (f facts) decide(due []chat.Thread) []decision {
	var all []decision
	for _, c := range f.Channels.Preferences.Channels {
		if len(awaiting(due, c)) > 0 {
			all = append(all, f.decideOn(c))
		}
	}
	return all
}

// decideOn decides first whether a channel reaches the member at all, then when.
func (f facts) decideOn(c chat.Channel) decision {
	status := f.Channels.Status(c)
	quiet := quietUntil(f.now, zoneOf(f.Channels.Profile.TimeZone, f.organization.TimeZone),
		f.organization.Notices.QuietHours, f.Channels.Preferences.QuietHours)
	capped := f.cappedUntil()
	switch {
	case c == chat.Email && f.mailError != nil && status != chat.Missing:
		return decision{channel: c, is: chat.Deferred, rule: ruleSNSError, until: f.State.retryAt(f.now)}
	case status != chat.Usable:
		return decision{channel: c, is: chat.Suppressed, rule: string(status)}
	case c == chat.SMS && !f.organization.MayText(f.Channels.Profile.Phone):
		return decision{channel: c, is: chat.Suppressed, rule: ruleCountryNotAllowed}
	case f.State.Exhausted(policy):
		return decision{channel: c, is: chat.Failed, rule: ruleNoResult}
	case quiet.Sub(f.now) > longestQuiet: // they never end
		return decision{channel: c, is: chat.Suppressed, rule: ruleQuietHours}
	case !quiet.IsZero():
		return decision{channel: c, is: chat.Deferred, rule: ruleQuietHours, until: quiet}
	case c == chat.SMS && capped.After(f.now):
		return decision{channel: c, is: chat.Deferred, rule: ruleCap, until: capped}
	}
	return decision{channel: c, is: chat.Delivered}
}

// cappedUntil returns when the next text may go: some minutes after the last one,
// and no more than the cap in any 24 hours. Emails are not capped.
func (f facts) cappedUntil() time.Time {
	texts, rules := f.State.Texts, f.organization.Notices
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

// sends returns the channels on which a message goes out.
func (p plan) sends() []chat.Channel {
	var all []chat.Channel
	for _, d := range p.decisions {
		if d.is == chat.Delivered {
			all = append(all, d.channel)
		}
	}
	return all
}

// defers reports whether anything is decided again later.
func (p plan) defers() bool {
	return slices.ContainsFunc(p.decisions, func(d decision) bool { return d.is == chat.Deferred })
}
