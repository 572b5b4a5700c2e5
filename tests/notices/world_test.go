// Package notices tells members of messages over virtual time: the domain and
// the sender on a real table, with SNS played by a script.
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
	"carechat/tests/support/invariants"
	"carechat/tests/support/town"
)

func TestMain(m *testing.M) { emulator.Main(m) }

// sent is a message that somebody got.
type sent struct {
	channel chat.Channel
	to      string // the phone, or the address
	text    string
	at      time.Time
}

// world is a town where members are told things.
type world struct {
	*town.Town
	t      testing.TB
	sender *notice.Sender
	rules  chat.NoticeRules
	sent   []sent
	fail   func(chat.Channel) error // what SNS says instead of taking a message
	after  func(chat.Channel)       // once it was taken, before the sender hears of it
	topics map[string]string        // the address by topic, of those confirmed
	count  int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	tn, err := town.New(context.Background(), emulator.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Town: tn, t: t, topics: map[string]string{}}
	w.rules = chat.NoticeRules{DelaySeconds: 120, ReminderHours: 24, TextsPerDay: 3, MinutesBetweenTexts: 15}
	w.calm()
	w.sender = &notice.Sender{
		Store: store{tn.Table, w}, Now: func() time.Time { return w.Now }, NewID: w.id,
		PublicURL: "https://care.example.org", Text: w.text, Mail: mail{w}, MaxTopics: 100,
	}
	t.Cleanup(func() { invariants.Check(t, emulator.URL, w.Name) })
	return w
}

// calm is SNS as it mostly is.
func (w *world) calm() {
	w.fail = func(chat.Channel) error { return nil }
	w.after = func(chat.Channel) {}
}

func (w *world) id(prefix string) string {
	w.count++
	return fmt.Sprintf("%s_%026d", prefix, w.count)
}

// store is the table, with rules of notices that a test changes at once.
type store struct {
	*table.Table
	w *world
}

func (s store) Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error) {
	c, err := s.Table.Catalog(ctx, organization, fresh)
	c.Organization.Notices = s.w.rules
	return c, err
}

func (w *world) text(_ context.Context, phone, text string) error {
	return w.take(sent{chat.SMS, phone, text, w.Now})
}

func (w *world) take(s sent) error {
	if err := w.fail(s.channel); err != nil {
		return err
	}
	w.sent = append(w.sent, s)
	w.after(s.channel)
	return nil
}

// mail plays SNS's topics; an address is confirmed from the start.
type mail struct{ w *world }

func (m mail) Subscribe(_ context.Context, name, address string) (topic, subscription string, err error) {
	m.w.topics["topic:"+name] = address
	return "topic:" + name, "topic:" + name + ":1", nil
}

func (m mail) Confirmed(_ context.Context, subscription string) (bool, error) {
	return m.w.topics[subscription[:len(subscription)-2]] != "", nil
}

func (m mail) Send(_ context.Context, topic, subject, text string) error {
	return m.w.take(sent{chat.Email, m.w.topics[topic], subject + "\n" + text, m.w.Now})
}

func (m mail) Remove(_ context.Context, topic string) error {
	delete(m.w.topics, topic)
	return nil
}

// patient is a member of the test's own, in two programs.
type patient struct {
	w     *world
	id    string
	key   chat.MemberKey
	phone string
}

func (w *world) patient(change func(*chat.Profile)) *patient {
	w.t.Helper()
	id := w.id("m")
	p := &patient{w, id, chat.MemberKey{Organization: town.Organization, Member: id}, fmt.Sprintf("+1555010%04d", w.count%10000)}
	w.must(w.PutMember(w.ctx(), id, func(m *chat.Profile) {
		m.Phone = p.phone
		change(m)
	}))
	for n, program := range []string{town.Program, town.Second} {
		w.must(w.Enroll(w.ctx(), id, program, chat.EnrollmentActive, town.CareManagerID(n+1)))
	}
	return p
}

func nothing(*chat.Profile) {}

func (w *world) ctx() context.Context { return context.Background() }

func (w *world) must(_ any, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// write is a message of the n-th care manager, in the n-th program.
func (p *patient) write(n int) string {
	p.w.t.Helper()
	program := []string{town.Program, town.Second}[n-1]
	posted, err := p.w.Chat.Start(p.w.ctx(), town.CareManager(n), p.id, program, chat.Draft{ClientMessageID: p.w.id("client-message"), Text: "Hello"})
	p.w.must(nil, err)
	return posted.Thread.ID
}

func (p *patient) screen() chat.MemberChats {
	s, err := p.w.Table.MemberChats(p.w.ctx(), p.key)
	p.w.must(nil, err)
	return s
}

func (p *patient) thread(id string) chat.Thread {
	p.w.t.Helper()
	all := p.screen().Threads
	i := slices.IndexFunc(all, func(t chat.Thread) bool { return t.ID == id })
	if i < 0 {
		p.w.t.Fatalf("there is no thread %s", id)
	}
	return all[i]
}

func (p *patient) read() {
	p.w.t.Helper()
	for _, t := range p.screen().Threads {
		p.w.must(p.w.Chat.MarkRead(p.w.ctx(), town.Member(p.id), "me", t.ID, t.LastSeq()))
	}
}

// log is the why-log, oldest first, as "channel decision: rule".
func (p *patient) log() []string {
	p.w.t.Helper()
	all, err := p.w.Table.Notices(p.w.ctx(), p.key, "", 1000)
	p.w.must(nil, err)
	var lines []string
	for _, n := range slices.Backward(all) {
		lines = append(lines, fmt.Sprintf("%s %s: %s", n.Channel, n.Decision, n.Rule))
	}
	return lines
}

// minute does what the schedule does: everything that is due by now.
func (w *world) minute() error {
	var failed error
	for _, shard := range table.DueShards() {
		all, err := w.Table.DueBy(w.ctx(), w.Now, shard)
		failed = errors.Join(failed, err)
		for _, d := range all {
			failed = errors.Join(failed, w.do(d))
		}
	}
	return failed
}

func (w *world) do(d table.Due) error {
	if d.Mailbox {
		return w.sender.KeepMailbox(w.ctx(), d.Member)
	}
	return w.sender.Notify(w.ctx(), d.Member)
}

// pass lets time go by, with the schedule coming every step.
func (w *world) pass(d, step time.Duration) {
	w.t.Helper()
	for end := w.Now.Add(d); w.Now.Before(end); {
		w.Now = w.Now.Add(min(step, end.Sub(w.Now)))
		w.must(nil, w.minute())
	}
}

// texts are how many the patient's phone got.
func (p *patient) texts() int {
	n := 0
	for _, s := range p.w.sent {
		if s.to == p.phone {
			n++
		}
	}
	return n
}
