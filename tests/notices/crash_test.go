package notices

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/notice"
)

// crashing is a store whose sender dies at a call: before it or after it.
type crashing struct {
	store
	at    string
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

func (c *crashing) SaveAttempt(ctx context.Context, l notice.Ledger, minted ...login.Link) error {
	return c.die("attempt", func() error { return c.store.SaveAttempt(ctx, l, minted...) })
}

func (c *crashing) SaveOutcome(ctx context.Context, o notice.Outcome) error {
	return c.die("outcome", func() error { return c.store.SaveOutcome(ctx, o) })
}

// survive runs the schedule as Lambda does: a death ends that run alone.
func (w *world) survive() {
	defer func() {
		if died := recover(); died != nil && died != errDied {
			panic(died)
		}
	}()
	w.must(nil, w.minute())
}

// G6, N2: a crash before or after any call leads to one repeat at the most and
// never to silence, also when it repeats for ever.
func TestACrashMeansOneRepeatAtTheMostAndNeverSilence(t *testing.T) {
	w := newWorld(t)
	w.rules.MinutesBetweenTexts = 0 // no cap hides a repeat
	for _, at := range []string{"attempt", "text", "outcome"} {
		for _, after := range []bool{false, true} {
			for _, times := range []int{1, 2, 3, 1000} {
				t.Run(fmt.Sprintf("%s after=%v %d times", at, after, times), func(t *testing.T) {
					w.sent = nil
					c := &crashing{store{w.Table, w}, at, after, times}
					w.sender.Store = c
					w.fail = func(chat.Channel) error {
						if !after {
							_ = c.die("text", func() error { return nil })
						}
						return nil
					}
					w.after = func(chat.Channel) {
						if after {
							_ = c.die("text", func() error { return nil })
						}
					}
					p := w.patient(nothing)
					id := p.write(1)
					for range 60 {
						w.Now = w.Now.Add(time.Minute)
						w.survive()
					}
					if n := p.texts(); n > 2 || times == 1 && n == 0 {
						t.Errorf("%d texts", n)
					}
					if times > 3 && !after && (at == "attempt" || at == "outcome") {
						return // nothing can be written at all while that lasts; the next test ends it
					}
					thread := p.thread(id)
					if len(p.log()) == 0 || thread.DueRule != chat.Reminder {
						t.Errorf("after an hour it is due as %q, the why-log says %v", thread.DueRule, p.log())
					}
				})
			}
		}
	}
}

// However long it could write nothing: once it can, what is owed is told or the
// why-log says why not.
func TestWhatCouldNotBeWrittenIsNotForgotten(t *testing.T) {
	w := newWorld(t)
	for _, at := range []string{"attempt", "outcome"} {
		c := &crashing{store{w.Table, w}, at, false, 1 << 30}
		w.sender.Store = c
		p := w.patient(nothing)
		p.write(1)
		for range 300 {
			w.Now = w.Now.Add(5 * time.Minute) // more than a day
			w.survive()
		}
		c.times = 0
		w.pass(time.Hour, time.Minute)
		if len(p.log()) == 0 {
			t.Errorf("%s: silence", at)
		}
		p.read()
	}
}

// N2: two at once on one member send one notice.
func TestTwoSendersAtOnceSendOneNotice(t *testing.T) {
	w := newWorld(t)
	w.rules.MinutesBetweenTexts, w.rules.TextsPerDay = 0, 100
	var mu sync.Mutex
	w.sender.Text = func(_ context.Context, to, text string) error {
		mu.Lock()
		defer mu.Unlock()
		return w.take(sent{chat.SMS, to, text, w.Now})
	}
	w.sender.NewID = func(prefix string) string {
		mu.Lock()
		defer mu.Unlock()
		return w.id(prefix)
	}
	p := w.patient(nothing)
	for round := range 25 {
		w.sent = nil
		p.write(1)
		w.Now = w.Now.Add(2 * time.Minute)
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() { _ = w.sender.Notify(w.ctx(), p.key) })
		}
		wait.Wait()
		if len(w.sent) != 1 {
			t.Fatalf("round %d: %d texts", round, len(w.sent))
		}
		p.read()
	}
	if rows := p.log(); len(rows) != 25 {
		t.Errorf("%d rows of the why-log for 25 notices: %v", len(rows), rows)
	}
}

// G7, R-16: SNS is down for 25 hours. Nothing is lost, and what was read
// meanwhile is not sent.
func TestADayWithoutSNS(t *testing.T) {
	for name, down := range map[string]error{
		"it refuses": errors.New("sns: InternalError"), "nobody is there": errors.New("sns: no connection"),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			patient, reader := w.patient(nothing), w.patient(nothing)
			patient.write(1)
			reader.write(1)
			w.fail = func(chat.Channel) error { return down }
			for range 25 * 12 {
				w.Now = w.Now.Add(5 * time.Minute)
				_ = w.minute()
				if w.Now.Hour() == 20 {
					reader.read()
				}
			}
			w.calm()
			w.pass(time.Hour, time.Minute)
			if len(w.sent) != 1 || w.sent[0].to != patient.phone {
				t.Errorf("sent %v", w.sent)
			}
			if log := patient.log(); len(log) > 110 || log[0] != "sms deferred: snsError" || log[len(log)-1] != "sms sent: due" {
				t.Errorf("%d rows, from %s to %s", len(log), log[0], log[len(log)-1])
			}
			if log := reader.log(); log[len(log)-1] != "sms suppressed: read" {
				t.Errorf("who read has %v", log)
			}
		})
	}
}

// An answer that does not come may be of a text that went: one repeat, no more.
func TestATextWithoutAnAnswerIsRepeatedOnce(t *testing.T) {
	w := newWorld(t)
	p := w.patient(nothing)
	tries := 0
	w.fail = func(chat.Channel) error { tries++; return chat.ErrUnsure }
	p.write(1)
	for range 5 * 60 {
		w.Now = w.Now.Add(time.Minute)
		_ = w.minute()
	}
	if log := p.log(); tries != 2 || log[len(log)-1] != "sms failed: snsError" || p.thread(p.screen().Threads[0].ID).DueRule != chat.Reminder {
		t.Errorf("%d tries: %v", tries, log)
	}
}

// G7: whatever fails for one member is no other's harm, with SNS refusing every
// third call: each gets one text, and a row for each try.
func TestEveryThirdCallFails(t *testing.T) {
	w := newWorld(t)
	calls := 0
	w.fail = func(chat.Channel) error {
		if calls++; calls%3 == 0 {
			return errors.New("sns: Throttled")
		}
		return nil
	}
	var all []*patient
	for range 10 {
		p := w.patient(nothing)
		p.write(1)
		all = append(all, p)
	}
	for range 60 {
		w.Now = w.Now.Add(time.Minute)
		_ = w.minute()
	}
	for _, p := range all {
		if log := strings.Join(p.log(), ", "); p.texts() != 1 || !strings.HasSuffix(log, "sms sent: due") {
			t.Errorf("%d texts: %s", p.texts(), log)
		}
	}
}
