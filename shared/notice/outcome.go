package notice

import (
	"context"
	"errors"
	"slices"

	"carechat/shared/chat"
)

// maxThreads is how many threads are moved at once: a transaction has 100 rows.
const maxThreads = 80

// conclude saves a decision: the ledger, the why-log, and what comes next for
// each thread. A thread that moved meanwhile is decided on as it stands now; one
// that is due for something else is left to that (N2). It returns chat.ErrConflict
// where the ledger moved: somebody else has decided.
func (s *Sender) conclude(ctx context.Context, at situation, p plan, ledger *Ledger) error {
	log := s.log(at, p)
	threads := at.MemberChats.Threads
	overtaken := false
	err := chat.RetryOnConflict(ctx, func() error {
		o := Outcome{Key: at.Ledger.Key, Ledger: ledger, Threads: at.next(p, threads)}
		o.Log = about(log, ids(o.Threads))
		begun, err := s.save(ctx, o)
		if begun {
			ledger, log = nil, nil
		}
		if !errors.Is(err, chat.ErrConflict) {
			return err
		}
		is, again := s.Store.Member(ctx, at.Ledger.Key)
		if again != nil {
			return again
		}
		if overtaken = ledger != nil && is.Ledger.Version != ledger.Version-1; overtaken {
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

// save saves an outcome, the threads beyond maxThreads by themselves afterwards;
// begun says that the rest of it is saved.
func (s *Sender) save(ctx context.Context, o Outcome) (begun bool, err error) {
	if o.Ledger == nil && len(o.Log)+len(o.Threads) == 0 {
		return false, nil
	}
	for all := o.Threads; ; o.Ledger, o.Log = nil, nil {
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

// log is a row per channel and, of what is settled, per rule.
func (s *Sender) log(at situation, p plan) []chat.Notice {
	var all []chat.Notice
	row := func(c chat.Channel, d chat.Decision, rule string, threads []chat.Thread) {
		if len(threads) > 0 {
			all = append(all, chat.Notice{
				Key: at.Ledger.Key, ID: s.NewID("ntc"), Channel: c, Decision: d, Rule: rule, At: at.now, Threads: ids(threads),
			})
		}
	}
	for _, rule := range []string{ruleDisabled, ruleClosed, rulePaused, ruleRead} {
		for _, c := range append([]chat.Channel{""}, chat.Channels...) {
			row(c, chat.Suppressed, rule, at.undecided(p.settled[rule], c))
		}
	}
	for _, v := range p.verdicts {
		threads := wanting(p.owed, v.channel)
		if v.decision == chat.Delivered {
			threads = p.unread
		}
		row(v.channel, v.decision, v.rule, threads)
	}
	row("", chat.Suppressed, ruleNoneChosen, p.unwanted())
	return all
}

// undecided are the threads that wait for a decision on a channel, chosen or not
// any more; with "" those that wait for one while none is chosen.
func (s situation) undecided(threads []chat.Thread, c chat.Channel) []chat.Thread {
	return slices.DeleteFunc(slices.Clone(threads), func(t chat.Thread) bool {
		awaits := t.DueChannels
		if len(awaits) == 0 {
			awaits = s.Reach.Preferences.Channels
		}
		return !slices.Contains(awaits, c) && (c != "" || len(awaits) > 0)
	})
}

// unwanted is what is owed on no chosen channel.
func (p plan) unwanted() []chat.Thread {
	return slices.DeleteFunc(slices.Clone(p.owed), func(t chat.Thread) bool {
		return slices.ContainsFunc(p.verdicts, func(v verdict) bool { return wants(t, v.channel) })
	})
}

// about leaves out rows of threads that somebody else decided on meanwhile.
// What was tried stays, whatever became of its threads.
func about(log []chat.Notice, moving []string) []chat.Notice {
	return slices.DeleteFunc(slices.Clone(log), func(n chat.Notice) bool {
		if n.Decision == chat.Delivered || n.Decision == chat.Failed {
			return false
		}
		return !slices.ContainsFunc(n.Threads, func(id string) bool { return slices.Contains(moving, id) })
	})
}

// next are the threads that a decision moves, from how they stand now.
func (s situation) next(p plan, now []chat.Thread) []chat.Thread {
	var moved []chat.Thread
	move := func(planned chat.Thread, to func(chat.Thread) chat.Thread) {
		i := slices.IndexFunc(now, func(t chat.Thread) bool { return t.ID == planned.ID })
		if i < 0 || !sameDue(now[i], planned) {
			return
		}
		moved = append(moved, to(now[i]))
	}
	for _, threads := range p.settled {
		for _, t := range threads {
			move(t, chat.Thread.NothingDue)
		}
	}
	told := func(t chat.Thread) chat.Thread { return s.after(p, t) }
	for _, t := range p.unread {
		if s.tells(p, t) {
			move(t, told)
		}
	}
	return moved
}

// tells reports whether a plan decides on a thread: what is owed and, where
// something was sent, the first notice of what is not due yet, which that was.
func (s situation) tells(p plan, t chat.Thread) bool {
	return s.isDue(t) || len(p.sends()) > 0 && !t.DueAt.IsZero() && t.DueRule != chat.Reminder
}

func sameDue(a, b chat.Thread) bool {
	return a.DueAt.Equal(b.DueAt) && a.DueRule == b.DueRule && slices.Equal(a.DueChannels, b.DueChannels)
}
