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
	"carechat/shared/invariants"
	"carechat/shared/problem"
	"carechat/shared/table"
)

// checkForbidden fails the test if something was sent that an action forbade before
// the sender read what it changed (N2).
func (e *explorer) checkForbidden(made []choice, s *services) {
	e.t.Helper()
	i, ok := e.pair.forbidding()
	if !ok {
		return
	}
	a, now := e.pair.actions[i], s.sns.sent[len(e.w.sns.sent):]
	if moment(made, i, -1) < moment(made, 1-i, a.readAt) && slices.ContainsFunc(now, a.forbids) {
		e.fail(made, "sent although forbidden: %v", now)
	}
}

// moment returns when an actor made its n-th call, from 0; -1 is its last.
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

// drain does what is due, as the schedule would, until nothing is due, and returns
// the outcome. A state that another schedule left too is drained once.
func (e *explorer) drain(made []choice, s *services, rows []invariants.Item, member string) string {
	e.t.Helper()
	state := fingerprint(rows, s, member)
	if ended, ok := e.drained[state]; ok {
		return ended
	}
	before := len(s.sns.sent)
	for days := 0; ; days++ {
		due, at := dueIn(rows)
		if len(due) == 0 {
			break
		} else if days == 20 {
			e.fail(made, "due forever:\n%s", outcomeOf(rows))
			break
		}
		if s.now = s.now.Add(time.Minute); s.now.Before(at) {
			s.now = at
		}
		for _, d := range due {
			e.process(made, s, d)
		}
		rows = e.checkRows(made, member)
	}
	if i, ok := e.pair.forbidding(); ok && slices.ContainsFunc(s.sns.sent[before:], e.pair.actions[i].forbids) {
		e.fail(made, "sent later although forbidden: %v", s.sns.sent[before:])
	}
	e.checkNotices(made, s, rows)
	e.drained[state] = versions.ReplaceAllString(outcomeOf(rows), "")
	return e.drained[state]
}

// versions matches how often a row was saved, which is not part of the outcome.
var versions = regexp.MustCompile(` (version|epoch)=\d+`)

// process does what is due. If it is asked to come back, it stays due.
func (e *explorer) process(made []choice, s *services, d table.Job) {
	e.t.Helper()
	work := s.sender.Notify
	if d.Kind == table.MailboxJob {
		work = s.sender.SyncMailbox
	}
	err := work(e.t.Context(), d.Member)
	if busy := new(problem.Problem); err != nil && !(errors.As(err, &busy) && busy.Code == problem.Unavailable) {
		e.fail(made, "%v", err)
	}
}

// isSent reports whether a row's place is in a lane of what a member is sent.
func isSent(pk string) bool {
	return strings.HasPrefix(pk, string(table.NoticeLane)+"#") || strings.HasPrefix(pk, string(table.MailboxLane)+"#")
}

// dueIn returns what is to be sent of rows, each once, and when the first is due.
func dueIn(rows []invariants.Item) (due []table.Job, at time.Time) {
	for _, item := range rows {
		r, _ := invariants.Decode(item)
		if place := r.Stands.Due; isSent(place.PK) {
			d, _ := table.JobOf(r.Stands.Table.PK, r.Stands.Table.SK)
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

// fingerprint describes everything on which the draining of a state depends.
func fingerprint(rows []invariants.Item, s *services, member string) string {
	var b strings.Builder
	for _, item := range rows {
		r, _ := invariants.Decode(item)
		value, err := json.Marshal(r.Value)
		if err != nil {
			return err.Error()
		}
		fmt.Fprintf(&b, "%s %s\n", r.Stands.Table.SK, value)
	}
	fmt.Fprint(&b, s.sns.sent, s.sns.topics, s.sns.subscribed)
	return strings.ReplaceAll(b.String(), member, modelID)
}

// record is what a member's rows say of the notices sent.
type record struct {
	notices []chat.Notice // those sent
	named   []string      // threads in the why-log
	unread  []string      // threads
	topics  map[string]bool
}

func recordOf(rows []invariants.Item) record {
	a := record{topics: map[string]bool{}}
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

// checkNotices fails the test unless each unread spell caused at most one notice and
// one reminder on each channel, each in the why-log, and every unread thread is in
// it (G6, G7).
func (e *explorer) checkNotices(made []choice, s *services, rows []invariants.Item) {
	e.t.Helper()
	a := recordOf(rows)
	spells := 1 + e.pair.actions[0].spells + e.pair.actions[1].spells
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
		took := len(slices.DeleteFunc(slices.Clone(s.sns.sent), func(m sent) bool { return m.channel != c }))
		if reminders > spells || news > spells || took != reminders+news {
			e.fail(made, "%d sent by %s, the why-log says %d and %d reminders, in %d spells", took, c, news, reminders, spells)
		}
	}
	for _, id := range a.unread {
		if !slices.Contains(a.named, id) {
			e.fail(made, "unread and not in the why-log: %s", id)
		}
	}
	e.checkMailbox(made, s, a)
}

// checkMailbox fails the test if SNS has a topic that the mailbox does not name, or
// an address was asked to confirm twice (N5).
func (e *explorer) checkMailbox(made []choice, s *services, a record) {
	e.t.Helper()
	topics := map[string]bool{}
	for each := range s.sns.topics {
		topics[topic(each)] = true
	}
	if !maps.Equal(topics, a.topics) {
		e.fail(made, "the mailbox has %v, there are %v", a.topics, topics)
	}
	if asked := slices.Sorted(slices.Values(s.sns.subscribed)); len(slices.Compact(slices.Clone(asked))) < len(asked) {
		e.fail(made, "asked to confirm twice: %v", asked)
	}
}
