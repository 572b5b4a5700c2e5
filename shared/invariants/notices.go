package invariants

import (
	"slices"
	"strings"

	"carechat/shared/chat"
	"carechat/shared/notice"
	"carechat/shared/owed"
)

// areChannels reports whether all are channels, each once.
func areChannels(all []chat.Channel) bool {
	seen := map[chat.Channel]bool{}
	return !slices.ContainsFunc(all, func(c chat.Channel) bool {
		twice := seen[c]
		seen[c] = true
		return twice || c != chat.SMS && c != chat.Email
	})
}

// The values that a row may have.
var (
	phoneStatuses   = []chat.ChannelStatus{"", chat.Usable, chat.OptedOut, chat.OptedOutAtCarrier, chat.Failing}
	mailboxStatuses = []chat.ChannelStatus{"", chat.Usable, chat.OptedOut, chat.Failing}
	decisions       = []chat.Decision{chat.Delivered, chat.Deferred, chat.Suppressed, chat.Failed}
	dueRules        = []chat.DueRule{chat.FirstNotice, chat.Reminder, chat.Resumed}
)

// checkNoticeState checks that texts are in order and attempts are counted (N2).
func (c *checker) checkNoticeState(s notice.State, at Key) {
	c.want(s.Version > 0, "the state of a member's notices has a version (T3)", at, "%d", s.Version)
	c.checkWork(s.Work, at)
	for i := range s.Texts {
		c.want(i == 0 || !s.Texts[i].Before(s.Texts[i-1]), "texts are counted in order (N2)", at, "text %d is before the one before", i)
	}
}

// checkWork checks the count of attempts, and that no more were lost (N2).
func (c *checker) checkWork(w owed.Work, at Key) {
	c.want(w.Lost >= 0 && w.Lost <= w.Attempts, "attempts are counted, and those that were lost (N2)", at, "%d, of which %d", w.Attempts, w.Lost)
}

// checkNoticeThreads checks that the threads of a notice exist.
func (c *checker) checkNoticeThreads(m *member, threads []string, at Key) {
	const rule = "a notice is about threads that exist (N3)"
	c.want(len(threads) > 0, rule, at, "it is about none")
	for _, id := range threads {
		c.want(m.threadIDs[id], rule, at, "%s does not exist", id)
	}
}

// checkNotice checks an entry of the why-log.
func (c *checker) checkNotice(m *member, n chat.Notice, at Key) {
	const rule = "the why-log says what was decided, and why (N3)"
	c.want(slices.Contains(decisions, n.Decision), rule, at, "it was %q", n.Decision)
	c.want(n.Rule != "" && !n.At.IsZero(), rule, at, "by %q, at %v", n.Rule, clock(n.At))
	c.want(n.Channel == "" || areChannels([]chat.Channel{n.Channel}), rule, at, "on %q", n.Channel)
	c.want(n.Channel != "" || n.Decision == chat.Suppressed, rule, at, "it was %s on no channel", n.Decision)
	if n.Kind == chat.MessageNotice {
		c.checkNoticeThreads(m, n.Threads, at)
	}
}

// checkMailbox checks that a mailbox has the profile's address and at most one topic (N5).
func (c *checker) checkMailbox(m *member, b chat.Mailbox, at Key) {
	address := ""
	if m.profile != nil && m.profile.Active {
		address = strings.ToLower(m.profile.Email)
	}
	c.checkWork(b.Work, at)
	c.want(b.Address == address, "a mailbox has its member's address (N5)", at, "it has another")
	c.want(slices.Contains(mailboxStatuses, b.Status), "a mailbox has a status (N5)", at, "it is %q", b.Status)
	c.want(b.Status != chat.Usable || b.Subscription != "", "a confirmed address is subscribed (N5)", at, "it is not")
	c.want(b.Subscription == "" || b.Topic != "", "a subscription has a topic (N5)", at, "it has none")
	c.want(b.Topic == "" || b.Address != "" && !slices.Contains(b.Old, b.Topic), "a topic is kept or deleted (N5)", at, "it is both")
	c.want(len(b.Old) == 0 || !b.DueAt.IsZero(), "topics to delete are due (N5)", at, "nothing is due")
}

// topicsIn returns how many topics the mailboxes of a partition have, with those still to
// be deleted, less those that its rows count (N5).
func (c *checker) topicsIn() (n int) {
	for _, r := range c.rows {
		switch v := r.Value.(type) {
		case chat.Mailbox:
			if n += len(v.Old); v.Topic != "" {
				n++
			}
		case notice.Topics:
			n -= v.Count
		}
	}
	return n
}

// checkNotified checks that a notice of an unread thread is due, or that the care side
// sees it, or that the why-log says why not (G6, G7).
func (c *checker) checkNotified(m *member, t chat.Thread, e chat.Enrollment, at Key) {
	c.want(slices.Contains(dueRules, t.DueRule) && areChannels(t.DueChannels), "what is due has a rule (N3)", at, "%q on %q", t.DueRule, t.DueChannels)
	c.want(!t.DueAt.IsZero() || t.DueRule == "" && t.DueChannels == nil, "what is not due has no rule (N3)", at, "%q on %q", t.DueRule, t.DueChannels)
	handled := !t.DueAt.IsZero() || !t.UnreadByMemberSince.IsZero() || m.unsentWhileDisabled[t.ID]
	silent := t.State == chat.ThreadInactive || e.Paused || m.profile == nil || !m.profile.Active
	c.want(handled || silent || t.Unread(chat.Member) == 0, "a notice is due of what is unread, or the care side sees it (G7)", at, "%d unread", t.Unread(chat.Member))
}
