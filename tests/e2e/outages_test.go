package e2e

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"carechat/local/machine"
	"carechat/local/stream"
	"carechat/shared/chat"
	"carechat/shared/notice"
	"carechat/shared/table"
	"carechat/tests/support/localaws"
	"carechat/tests/support/town"
	"carechat/tests/support/watch"
)

// carrier stands in front of SNS. It refuses every third text, and kills the sender
// of a text to some phones, before or after it takes the text.
type carrier struct {
	mu            sync.Mutex
	calls         int
	before, after map[string]bool // phones; the sender is killed once for each
	kill          func()
}

func (c *carrier) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		phone := peek(r)
		c.calls++
		switch {
		case c.before[phone]:
			delete(c.before, phone)
			c.kill()
		case c.after[phone]:
			delete(c.after, phone)
			next.ServeHTTP(httptest.NewRecorder(), r)
			c.kill()
		case c.calls%3 == 0:
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte(`<ErrorResponse><Error><Code>InternalError</Code></Error></ErrorResponse>`))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// peek returns the phone of a text, and leaves the request as it was.
func peek(r *http.Request) string {
	_ = r.ParseForm()
	raw := r.PostForm.Encode()
	r.Body = http.NoBody
	if raw != "" {
		r.Body = readCloser{strings.NewReader(raw)}
	}
	phone := r.PostForm.Get("PhoneNumber")
	r.Form, r.PostForm = nil, nil
	return phone
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

// hurry moves what a member waits for to now: the end of a lease, the next attempt.
func hurry(t *testing.T, store *table.Table, m chat.MemberKey) {
	t.Helper()
	err := chat.RetryOnConflict(t.Context(), func() error {
		is, err := store.Member(t.Context(), m)
		if err != nil {
			return err
		}
		now := chat.Clock()
		if s := is.State; now.Before(s.DueAt) {
			s.DueAt = now
			s.Version++
			if err := store.SaveClaim(t.Context(), s); err != nil {
				return err
			}
		}
		for _, th := range is.MemberChats.Threads {
			if th.DueAt.After(now) && th.DueRule == chat.FirstNotice {
				if err := store.SaveRead(t.Context(), th.Deferred(now, th.DueChannels)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// free ends the hold of a sweep that was killed.
func free(t *testing.T, store *table.Table) {
	t.Helper()
	is, err := store.Sweep(t.Context())
	if err == nil && chat.Clock().Before(is.Until) {
		err = store.SaveSweep(t.Context(), notice.Sweep{Version: is.Version + 1})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// G6, G7: with the stream off, every third call of SNS refused and functions killed,
// each member is notified once, and once more only if the sender died while it sent.
func TestNoticesUnderOutagesAreCountedExactly(t *testing.T) {
	c := &carrier{before: map[string]bool{"+15550100181": true}, after: map[string]bool{"+15550100182": true}}
	m := newMachine(t, machine.Config{SNSMiddleware: c.middleware})
	c.kill = func() { m.Kill("notify") }
	// One death at a time: another notice on its way would be repeated, too.
	for _, phones := range [][]string{{"+15550100181"}, {"+15550100182"}, {"+15550100183", "+15550100184", "+15550100185", "+15550100186"}} {
		notified := notifyAll(t, m, phones)
		for _, phone := range phones {
			want := 1
			if phone == "+15550100182" {
				want = 2
			}
			log := town.WhyLog(notified[phone].Rivera, notified[phone].ID)
			if got := len(m.TextsTo(t, phone)); got != want || len(log) == 0 || log[len(log)-1] != "sms sent: due" {
				t.Errorf("%s got %d texts, not %d: %v", phone, got, want, log)
			}
		}
	}
	if len(c.before)+len(c.after) > 0 {
		t.Error("the sender was not killed")
	}
}

// notifyAll writes to a member with each phone, and runs the schedule a few times.
func notifyAll(t *testing.T, m *watch.Machine, phones []string) map[string]town.Person {
	t.Helper()
	all, store := map[string]town.Person{}, localaws.Table(m.DynamoDB, machine.TableName, chat.Clock)
	for _, phone := range phones {
		c := newMember(t, m, town.Phone(phone))
		c.Platform.NotifyAtOnce()
		c.Self.Want(200, "PUT", "/v1/members/me/preferences", `{"channels": ["sms"]}`)
		c.Start()
		m.Kill("send") // what was answered stands
		all[phone] = c
	}
	for range 6 {
		_, _ = m.Invoke(t.Context(), "notify", stream.ScheduleEvent(time.Now()))
		free(t, store)
		for _, c := range all {
			hurry(t, store, town.Key(c.ID))
		}
	}
	return all
}
