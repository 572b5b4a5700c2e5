package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"carechat/local/machine"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/module"
)

// importers is how many writers PUT members side by side.
const importers = 3

// S4, N5: while members with emails are imported, a link that somebody waits for goes
// first, and nobody is asked twice to confirm. IMPORT=1100 says how many (make
// import-load); only then the time is checked.
func TestAnImportHoldsUpNoLink(t *testing.T) {
	many, err := strconv.Atoi(os.Getenv("IMPORT"))
	asks, isMeasured := 20, err == nil
	if !isMeasured {
		many, asks = 15, 3
	}
	to := &taken{texts: map[string]chan time.Time{}, asked: map[string]int{}}
	m := newMachine(t, machine.Config{SNSMiddleware: to.watch})
	platform := m.Client(t).As("platform", "harbor", "platform")
	waiting := make([]string, 2*asks)
	for n := range waiting {
		waiting[n] = fmt.Sprintf("+1555010%d", 7000+n)
		platform.Want(201, "PUT", fmt.Sprintf("/v1/members/waiting-%d", n), profile("phone", waiting[n]))
	}
	m.SetTriggers(true)
	idle := to.askedBy(m.Client(t), waiting[:asks])

	var importing sync.WaitGroup
	for writer := range importers {
		importing.Go(func() {
			for n := writer; n < many; n += importers {
				platform.Retry("PUT", fmt.Sprintf("/v1/members/import-%d", n), profile("email", mailboxOf(n)))
			}
		})
	}
	busy := to.askedBy(m.Client(t), waiting[asks:])
	importing.Wait()
	for to.confirmations(many) < many { // each sweep of the schedule subscribes what is due
		m.RunSchedule(t)
	}
	to.mu.Lock()
	defer to.mu.Unlock()
	for who, times := range to.asked {
		if times > 1 {
			t.Errorf("%s was asked %d times to confirm", who, times)
		}
	}
	median, slowest := idle[len(idle)/2], busy[len(busy)-1]
	if !isMeasured {
		return
	}
	if slowest > 3*median+time.Second {
		t.Errorf("a link took %v, more than 3 times the idle median of %v plus 1 s", slowest, median)
	}
	module.WriteSection(t, "docs/performance.md", "import", fmt.Sprintf("| members imported | links | idle median, ms | slowest beside the import, ms |\n"+
		"|---|---|---|---|\n| %d | %d | %d | %d |\n", many, asks, median.Milliseconds(), slowest.Milliseconds()))
}

func mailboxOf(n int) string { return fmt.Sprintf("import-%d@example.org", n) }

func profile(contact, address string) map[string]any {
	return map[string]any{
		"displayName": "Ana Torres", "birthDate": "1970-02-03", "language": "en", "timeZone": "America/New_York", "active": true, contact: address,
	}
}

// taken is what SNS was called for: texts by phone, and subscriptions by address.
type taken struct {
	mu    sync.Mutex
	texts map[string]chan time.Time
	asked map[string]int
}

// watch stands before SNS.
func (s *taken) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		form, _ := url.ParseQuery(string(body))
		s.mu.Lock()
		if came, ok := s.texts[form.Get("PhoneNumber")]; ok {
			came <- time.Now()
		}
		if form.Get("Action") == "Subscribe" {
			s.asked[form.Get("Endpoint")]++
		}
		s.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

// askedBy asks for a link with each phone, one after the other, and returns how long
// each took to SNS, the shortest first.
func (s *taken) askedBy(api apiclient.Client, phones []string) (all []time.Duration) {
	for _, phone := range phones {
		came := make(chan time.Time, 5)
		s.mu.Lock()
		s.texts[phone] = came
		s.mu.Unlock()
		began := time.Now()
		api.Want(202, "POST", "/v1/links", map[string]string{"contact": phone})
		select {
		case at := <-came:
			all = append(all, at.Sub(began))
		case <-time.After(time.Minute):
			api.TB().Fatalf("no link came to %s", phone)
		}
	}
	slices.Sort(all)
	return all
}

// confirmations counts the addresses of an import that were asked to confirm.
func (s *taken) confirmations(many int) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for each := range many {
		if s.asked[mailboxOf(each)] > 0 {
			n++
		}
	}
	return n
}
