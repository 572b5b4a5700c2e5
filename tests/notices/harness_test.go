// Package notices tells members of messages over virtual time: the use cases and
// the sender on a real table, with SNS played by the test.
package notices

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/notice"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/town"
)

func TestMain(m *testing.M) { emulator.Main(m) }

// harness is a town whose members are notified.
type harness struct {
	*town.Town
	*town.SNS
	sender *notice.Sender
	rules  chat.NoticeRules
	phones int
	// meanwhile, if set, is called once, after the sender has read a member.
	meanwhile func()
}

func newHarness(t testing.TB) *harness {
	t.Helper()
	w := &harness{Town: town.New(t)}
	w.SNS = w.NewSNS()
	w.CheckAtEnd()
	w.rules = chat.NoticeRules{DelaySeconds: 120, ReminderHours: 24, TextsPerDay: 3, MinutesBetweenTexts: 15}
	w.sender = w.NewSender(store{w.Table, w}, w.SNS)
	return w
}

// store is the table with the test's rules, which a test changes at once.
type store struct {
	*table.Table
	w *harness
}

func (s store) Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error) {
	c, err := s.Table.Catalog(ctx, organization, fresh)
	c.Organization.Notices = s.w.rules
	if meanwhile := s.w.meanwhile; meanwhile != nil {
		s.w.meanwhile = nil
		meanwhile()
	}
	return c, err
}

// member is a member of the test's own, enrolled in both programs.
type member struct {
	w     *harness
	id    string
	key   chat.MemberKey
	phone string
}

// owners are the care managers of a member's enrollments.
var owners = map[string]string{town.Program: town.Rivera, town.Second: town.Chen}

// newMember makes a member with a phone.
func (w *harness) newMember(changes ...func(*chat.Profile)) *member {
	w.T.Helper()
	w.phones++
	m := &member{w: w, id: w.NewID("m"), phone: fmt.Sprintf("+1555010%04d", w.phones%10000)}
	m.key = town.Key(m.id)
	m.put(changes...)
	for program, owner := range owners {
		w.Enroll(m.id, program, owner)
	}
	return m
}

// put replaces the member by one with their phone and these changes.
func (m *member) put(changes ...func(*chat.Profile)) {
	m.w.T.Helper()
	m.w.PutMember(m.id, append([]func(*chat.Profile){town.Phone(m.phone)}, changes...)...)
}

func (w *harness) ctx() context.Context { return w.T.Context() }

// write is a message of the program's care manager. It returns the thread's id.
func (m *member) write(program string) string {
	m.w.T.Helper()
	return m.w.Start(owners[program], m.id, program, m.w.NewID("client-message")).ID
}

func (m *member) thread(id string) chat.Thread {
	m.w.T.Helper()
	return m.w.Thread(m.id, id)
}

func (m *member) readAll() {
	m.w.T.Helper()
	m.w.ReadAll(m.id)
}

// whyLog returns the why-log, oldest first, as "channel decision: rule".
func (m *member) whyLog() []string {
	m.w.T.Helper()
	all, err := m.w.Table.Notices(m.w.ctx(), m.key, "", 1000)
	m.w.Must(nil, err)
	var lines []string
	for _, n := range slices.Backward(all) {
		lines = append(lines, fmt.Sprintf("%s %s: %s", n.Channel, n.Decision, n.Rule))
	}
	return lines
}

// texts counts what the member's phone got.
func (m *member) texts() (n int) {
	for _, s := range m.w.Sent {
		if s.To == m.phone {
			n++
		}
	}
	return n
}

// runSchedule does what the schedule's run does: everything that is due by now.
func (w *harness) runSchedule() error {
	var failed error
	for _, lane := range []table.Lane{table.NoticeLane, table.MailboxLane} {
		for _, shard := range table.DueShards(lane) {
			for d, err := range w.Table.DueJobs(w.ctx(), w.Now, shard) {
				if err == nil {
					err = w.process(d)
				}
				failed = errors.Join(failed, err)
			}
		}
	}
	return failed
}

func (w *harness) process(d table.Job) error {
	if d.Kind == table.MailboxJob {
		return w.sender.SyncMailbox(w.ctx(), d.Member)
	}
	return w.sender.Notify(w.ctx(), d.Member)
}

// pass moves the clock on, with a run of the schedule at each step.
func (w *harness) pass(d, step time.Duration) {
	w.T.Helper()
	for end := w.Now.Add(d); w.Now.Before(end); {
		w.Now = w.Now.Add(min(step, end.Sub(w.Now)))
		w.Must(nil, w.runSchedule())
	}
}
