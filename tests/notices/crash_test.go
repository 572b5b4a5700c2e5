package notices

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/notice"
	"carechat/tests/support/town"
)

// crashing is a store whose caller dies at a call: before it or after it.
type crashing struct {
	store
	at    string // the call
	after bool
	times int // how often it still dies
}

var errDied = errors.New("the sender died")

func (c *crashing) die(at string, call func() error) error {
	dies := c.at == at && c.times > 0
	if dies {
		c.times--
	}
	if dies && !c.after {
		panic(errDied)
	}
	err := call()
	if dies {
		panic(errDied)
	}
	return err
}

func (c *crashing) SaveClaim(ctx context.Context, l notice.State, minted ...login.Link) error {
	return c.die("attempt", func() error { return c.store.SaveClaim(ctx, l, minted...) })
}

func (c *crashing) SaveOutcome(ctx context.Context, o notice.Outcome) error {
	return c.die("outcome", func() error { return c.store.SaveOutcome(ctx, o) })
}

// runCrashing runs the schedule as Lambda does: a crash ends that run alone.
func (w *harness) runCrashing() {
	defer func() {
		if died := recover(); died != nil && died != errDied {
			panic(died)
		}
	}()
	w.Must(nil, w.runSchedule())
}

// G6, N2: a crash before or after any call causes at most one repeat, and the
// why-log always says what happened, even if the crash repeats forever.
func TestACrashCausesAtMostOneRepeatAndNeverSilence(t *testing.T) {
	w := newHarness(t)
	w.rules.MinutesBetweenTexts = 0 // so that no cap hides a repeat
	for _, at := range []string{"attempt", "text", "outcome"} {
		for _, after := range []bool{false, true} {
			for _, times := range []int{1, 2, 3, 1000} {
				t.Run(fmt.Sprintf("%s after=%v %d times", at, after, times), func(t *testing.T) {
					w.Sent = nil
					c := &crashing{store{w.Table, w}, at, after, times}
					w.sender.Store = c
					w.Refuse = func(chat.Channel) error {
						if !after {
							_ = c.die("text", func() error { return nil })
						}
						return nil
					}
					w.After = func(chat.Channel) {
						if after {
							_ = c.die("text", func() error { return nil })
						}
					}
					p := w.newMember()
					id := p.write(town.Program)
					for range 60 {
						w.Now = w.Now.Add(time.Minute)
						w.runCrashing()
					}
					if n := p.texts(); n > 2 || times == 1 && n == 0 {
						t.Errorf("%d texts", n)
					}
					if times > 3 && !after && (at == "attempt" || at == "outcome") {
						return // nothing can be written while that lasts; the next test ends it
					}
					thread := p.thread(id)
					if len(p.whyLog()) == 0 || thread.DueRule != chat.Reminder {
						t.Errorf("after an hour it is due as %q, the why-log says %v", thread.DueRule, p.whyLog())
					}
				})
			}
		}
	}
}

// However long nothing could be written: once it can, a notice is sent or the
// why-log says why not.
func TestWhatCouldNotBeWrittenIsNotForgotten(t *testing.T) {
	w := newHarness(t)
	for _, at := range []string{"attempt", "outcome"} {
		c := &crashing{store{w.Table, w}, at, false, 1 << 30}
		w.sender.Store = c
		p := w.newMember()
		p.write(town.Program)
		for range 300 {
			w.Now = w.Now.Add(5 * time.Minute) // more than a day
			w.runCrashing()
		}
		c.times = 0
		w.pass(time.Hour, time.Minute)
		if len(p.whyLog()) == 0 {
			t.Errorf("%s: the why-log is empty", at)
		}
		p.readAll()
	}
}

// N2: senders that run at once for one member send one notice.
func TestSendersAtOnceSendOneNotice(t *testing.T) {
	w := newHarness(t)
	w.rules.MinutesBetweenTexts, w.rules.TextsPerDay = 0, 100
	var mu sync.Mutex
	w.sender.Text = func(_ context.Context, to, text string) (id string, err error) {
		mu.Lock()
		defer mu.Unlock()
		return "text", w.Take(town.Sent{Channel: chat.SMS, To: to, Text: text, At: w.Now})
	}
	w.sender.NewID = func(prefix string) string {
		mu.Lock()
		defer mu.Unlock()
		return w.NewID(prefix)
	}
	p := w.newMember()
	for round := range 25 {
		w.Sent = nil
		p.write(town.Program)
		w.Now = w.Now.Add(2 * time.Minute)
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() { _ = w.sender.Notify(w.ctx(), p.key) })
		}
		wait.Wait()
		if len(w.Sent) != 1 {
			t.Fatalf("round %d: %d texts", round, len(w.Sent))
		}
		p.readAll()
	}
	if rows := p.whyLog(); len(rows) != 25 {
		t.Errorf("%d rows of the why-log for 25 notices: %v", len(rows), rows)
	}
}

// G7: when SNS is down for 25 hours, nothing is lost and what was read meanwhile is
// not sent.
func TestADayWithoutSNS(t *testing.T) {
	for name, down := range map[string]error{
		"an error": errors.New("sns: InternalError"), "no connection": errors.New("sns: no connection"),
	} {
		t.Run(name, func(t *testing.T) {
			w := newHarness(t)
			waiting, reader := w.newMember(), w.newMember()
			waiting.write(town.Program)
			reader.write(town.Program)
			w.Refuse = func(chat.Channel) error { return down }
			for range 25 * 12 {
				w.Now = w.Now.Add(5 * time.Minute)
				_ = w.runSchedule()
				if w.Now.Hour() == 20 {
					reader.readAll()
				}
			}
			w.TakeAll()
			w.pass(time.Hour, time.Minute)
			if len(w.Sent) != 1 || w.Sent[0].To != waiting.phone {
				t.Errorf("sent %v", w.Sent)
			}
			if log := waiting.whyLog(); len(log) > 110 || log[0] != "sms deferred: snsError" || log[len(log)-1] != "sms sent: due" {
				t.Errorf("%d rows, from %s to %s", len(log), log[0], log[len(log)-1])
			}
			if log := reader.whyLog(); log[len(log)-1] != "sms suppressed: read" {
				t.Errorf("the member who read has %v", log)
			}
		})
	}
}

// A text without an answer may have been sent, so it is repeated once and no more.
func TestATextWithoutAnAnswerIsRepeatedOnce(t *testing.T) {
	w := newHarness(t)
	p := w.newMember()
	attempts := 0
	w.Refuse = func(chat.Channel) error { attempts++; return chat.ErrUnsure }
	p.write(town.Program)
	for range 5 * 60 {
		w.Now = w.Now.Add(time.Minute)
		_ = w.runSchedule()
	}
	if log := p.whyLog(); attempts != 2 || log[len(log)-1] != "sms failed: snsError" || w.Chats(p.id).Threads[0].DueRule != chat.Reminder {
		t.Errorf("%d attempts: %v", attempts, log)
	}
}

// G7: a failure for one member does not affect another. With SNS refusing every third
// call each member still gets one text.
func TestEveryThirdCallFails(t *testing.T) {
	w := newHarness(t)
	calls := 0
	w.Refuse = func(chat.Channel) error {
		if calls++; calls%3 == 0 {
			return errors.New("sns: Throttled")
		}
		return nil
	}
	var all []*member
	for range 10 {
		p := w.newMember()
		p.write(town.Program)
		all = append(all, p)
	}
	for range 60 {
		w.Now = w.Now.Add(time.Minute)
		_ = w.runSchedule()
	}
	for _, p := range all {
		if log := strings.Join(p.whyLog(), ", "); p.texts() != 1 || !strings.HasSuffix(log, "sms sent: due") {
			t.Errorf("%d texts: %s", p.texts(), log)
		}
	}
}

// N2: what SNS throttles was not tried. It stays due as it was, leaves no row of the
// why-log, and goes out once SNS takes it; what another channel took stays sent.
func TestAThrottledNoticeIsTakenBack(t *testing.T) {
	for name, alone := range map[string]bool{"alone": true, "beside an email": false} {
		t.Run(name, func(t *testing.T) {
			w := newHarness(t)
			p := w.newMember()
			want := []string{"sms sent: due"}
			if !alone {
				p = w.newMember(town.Email("dana@example.org"))
				w.Must(nil, w.runSchedule())
				want = []string{"email sent: due", "sms sent: due"}
			}
			p.write(town.Program)
			w.Now = w.Now.Add(2 * time.Minute)
			w.Refuse = func(c chat.Channel) error {
				if c == chat.SMS {
					return fmt.Errorf("%w: Throttling", chat.ErrThrottled)
				}
				return nil
			}
			before := w.Chats(p.id).Threads[0]
			for range 3 {
				if err := w.runSchedule(); !errors.Is(err, chat.ErrThrottled) {
					t.Fatal(err)
				}
			}
			after := w.Chats(p.id).Threads[0]
			if diff := cmp.Diff(before, after); alone && diff != "" {
				t.Errorf("the thread moved: %s", diff)
			}
			is, err := w.Table.Member(w.ctx(), p.key)
			if err != nil || is.State.Attempts != 0 || is.State.Lost != 0 || len(is.State.Texts) != 0 || !is.State.StopSaidAt.IsZero() {
				t.Errorf("counted: %+v, %v", is.State, err)
			}
			w.TakeAll()
			w.Must(nil, w.runSchedule())
			wantLog(t, p, want...)
		})
	}
}
