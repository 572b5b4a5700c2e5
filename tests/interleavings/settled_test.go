package interleavings

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
	"carechat/shared/table"
	"carechat/tests/support/invariants"
)

// checkHeard: what a use case forbids is not sent where it was committed before
// the sender read of it (N2).
func (e *explorer) checkHeard(made []choice, s *stage) {
	e.t.Helper()
	i, ok := e.pair.hushing()
	if !ok {
		return
	}
	a, now := e.pair.acts[i], s.post.sent[len(e.w.post.sent):]
	if moment(made, i, -1) < moment(made, 1-i, a.heard) && slices.ContainsFunc(now, a.hushes) {
		e.fail(made, "sent all the same: %v", now)
	}
}

// moment is when an actor made its n-th call, from 0; -1 is its last.
func moment(made []choice, actor, n int) int {
	var all []int
	for at, c := range made {
		if c.actor == actor {
			all = append(all, at)
		}
	}
	if n < 0 {
		n = len(all) - 1
	}
	return all[min(n, len(all)-1)]
}

// settle does what is due, as the schedule would, until nothing is, and answers
// with what that comes to. What other schedules left just so it need not do again.
func (e *explorer) settle(made []choice, s *stage, rows []invariants.Item, member string) string {
	e.t.Helper()
	state := traces(rows, s, member)
	if ended, ok := e.settled[state]; ok {
		return ended
	}
	before := len(s.post.sent)
	for days := 0; ; days++ {
		due, at := dueIn(rows)
		if len(due) == 0 {
			break
		} else if days == 20 {
			e.fail(made, "due for ever:\n%s", end(rows))
			break
		}
		if s.now = s.now.Add(time.Minute); s.now.Before(at) {
			s.now = at
		}
		for _, d := range due {
			e.do(made, s, d)
		}
		rows = e.sound(made, member)
	}
	if i, ok := e.pair.hushing(); ok && slices.ContainsFunc(s.post.sent[before:], e.pair.acts[i].hushes) {
		e.fail(made, "sent later all the same: %v", s.post.sent[before:])
	}
	e.checkTold(made, s, rows)
	e.settled[state] = versions.ReplaceAllString(end(rows), "")
	return e.settled[state]
}

// versions say how often a row was saved, which is not what it came to.
var versions = regexp.MustCompile(` (version|epoch)=\d+`)

// do does what is due. Whoever is asked to come back comes back: it stays due.
func (e *explorer) do(made []choice, s *stage, d table.Due) {
	e.t.Helper()
	work := s.sender.Notify
	if d.Mailbox {
		work = s.sender.KeepMailbox
	}
	err := work(e.t.Context(), d.Member)
	if busy := new(problem.Problem); err != nil && !(errors.As(err, &busy) && busy.Code == problem.Unavailable) {
		e.fail(made, "%v", err)
	}
}

// dueIn is what is due in rows, once, and from when on.
func dueIn(rows []invariants.Item) (due []table.Due, at time.Time) {
	for _, item := range rows {
		r, _ := invariants.Decode(item)
		if place := r.Stands.Due; place.PK != "" {
			d, _ := table.DueRow(r.Stands.Table.PK, r.Stands.Table.SK)
			if !slices.Contains(due, d) {
				due = append(due, d)
			}
			when, _ := time.Parse(time.RFC3339, place.SK)
			if at.IsZero() || when.Before(at) {
				at = when
			}
		}
	}
	return due, at
}

// traces tell apart what schedules leave, for whatever happens next.
func traces(rows []invariants.Item, s *stage, member string) string {
	var b strings.Builder
	for _, item := range rows {
		r, _ := invariants.Decode(item)
		value, err := json.Marshal(r.Value)
		if err != nil {
			return err.Error()
		}
		fmt.Fprintf(&b, "%s %s\n", r.Stands.Table.SK, value)
	}
	fmt.Fprint(&b, s.post.sent, s.post.topics, s.post.asked)
	return strings.ReplaceAll(b.String(), member, model)
}

// account is what a member's rows say of how they were told.
type account struct {
	notices []chat.Notice // of what was sent
	named   []string      // the threads of which the why-log knows
	unread  []string      // threads
	topics  map[string]bool
}

func accountOf(rows []invariants.Item) account {
	a := account{topics: map[string]bool{}}
	for _, item := range rows {
		r, _ := invariants.Decode(item)
		switch v := r.Value.(type) {
		case chat.Notice:
			if a.named = append(a.named, v.Threads...); v.Decision == chat.Delivered {
				a.notices = append(a.notices, v)
			}
		case chat.Thread:
			if v.Unread(chat.Member) > 0 {
				a.unread = append(a.unread, v.ID)
			}
		case chat.Mailbox:
			if v.Topic != "" {
				a.topics[v.Topic] = true
			}
		}
	}
	return a
}

// checkTold: of each spell the member had one notice and one reminder at the most
// on each channel, each in the why-log, which is silent of nothing unread (G6, G7).
func (e *explorer) checkTold(made []choice, s *stage, rows []invariants.Item) {
	e.t.Helper()
	a := accountOf(rows)
	spells := 1 + e.pair.acts[0].spells + e.pair.acts[1].spells
	for _, c := range chat.Channels {
		reminders, news := 0, 0
		for _, n := range a.notices {
			switch {
			case n.Channel == c && n.Rule == string(chat.Reminder):
				reminders++
			case n.Channel == c:
				news++
			}
		}
		took := len(slices.DeleteFunc(slices.Clone(s.post.sent), func(m sent) bool { return m.channel != c }))
		if reminders > spells || news > spells || took != reminders+news {
			e.fail(made, "%d sent by %s, the why-log says %d and %d reminders, in %d spells", took, c, news, reminders, spells)
		}
	}
	for _, id := range a.unread {
		if !slices.Contains(a.named, id) {
			e.fail(made, "unread in silence: %s", id)
		}
	}
	e.checkMailbox(made, s, a)
}

// checkMailbox: no topic but the mailbox's, and nobody is asked twice (N5).
func (e *explorer) checkMailbox(made []choice, s *stage, a account) {
	e.t.Helper()
	topics := map[string]bool{}
	for each := range s.post.topics {
		topics[topic(each)] = true
	}
	if !maps.Equal(topics, a.topics) {
		e.fail(made, "the mailbox has %v, there are %v", a.topics, topics)
	}
	if asked := slices.Sorted(slices.Values(s.post.asked)); len(slices.Compact(slices.Clone(asked))) < len(asked) {
		e.fail(made, "asked to confirm twice: %v", asked)
	}
}
