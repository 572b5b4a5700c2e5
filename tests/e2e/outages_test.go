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
	"carechat/shared/table"
	"carechat/tests/support/localaws"
	"carechat/tests/support/watch"
)

// carrier stands before SNS: it refuses every third text, and for some phones it
// sees to it that the sender dies, before or after the text is taken.
type carrier struct {
	mu            sync.Mutex
	calls         int
	before, after map[string]bool // phones; each kills once
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

// peek reads the phone of a text and leaves the request as it was.
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

// hurry moves what a member waits for to now: the end of a lease, another try.
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

// G6, G7: the stream is off, SNS refuses every third call, the functions are
// killed. Everybody is told once; who was told as the sender died is told once
// more. Nobody is forgotten.
func TestNoticesUnderOutagesAreCountedExactly(t *testing.T) {
	c := &carrier{before: map[string]bool{"+15550100181": true}, after: map[string]bool{"+15550100182": true}}
	m := watch.New(t, machine.Config{SNSMiddleware: c.middleware}).Machine
	c.kill = func() { m.Kill("notify") }
	m.SetTriggers(false)
	// One death at a time: whoever else was being told would be told again too.
	for _, phones := range [][]string{{"+15550100181"}, {"+15550100182"}, {"+15550100183", "+15550100184", "+15550100185", "+15550100186"}} {
		told := tellAll(t, m, phones)
		for _, phone := range phones {
			want := 1
			if phone == "+15550100182" {
				want = 2
			}
			log := told[phone].whyLog()
			if got := len(mailTo(t, m, phone)); got != want || len(log) == 0 || log[len(log)-1] != "sms sent: due" {
				t.Errorf("%s got %d texts, not %d: %v", phone, got, want, log)
			}
		}
	}
	if len(c.before)+len(c.after) > 0 {
		t.Error("the sender was not killed")
	}
}

// tellAll writes to a member with each phone and lets the schedule come for a while.
func tellAll(t *testing.T, m *machine.Machine, phones []string) map[string]cast {
	t.Helper()
	all, store := map[string]cast{}, localaws.Table(m.DynamoDB, machine.TableName, chat.Clock)
	for _, phone := range phones {
		c := newCast(t, m)
		c.rule(t, map[string]any{"delaySeconds": 0, "minutesBetweenTexts": 0})
		profile := c.platform.Want(200, "GET", "/v1/members/"+c.id, "").Body
		profile["phone"] = phone
		c.platform.Want(200, "PUT", "/v1/members/"+c.id, profile)
		c.member.Want(200, "PUT", "/v1/members/me/preferences", `{"channels": ["sms"]}`)
		c.greet()
		m.Kill("send") // what was answered stands
		all[phone] = c
	}
	for range 6 {
		_, _ = m.Invoke(t.Context(), "notify", stream.ScheduleEvent(time.Now()))
		for _, c := range all {
			hurry(t, store, chat.MemberKey{Organization: "harbor", Member: c.id})
		}
	}
	return all
}
