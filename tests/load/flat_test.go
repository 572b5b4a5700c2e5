// Package load tests what the product promises under load: many writers of one
// thread, checked histories, long threads and fast replies.
package load

import (
	"cmp"
	"context"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/aws/aws-sdk-go-v2/aws"

	"carechat/shared/chat"
	"carechat/shared/table"
	"carechat/tests/support/fixture"
	"carechat/tests/support/usecases"
)

// longThread is the length of the long thread, unless FLAT_MESSAGES is set.
const longThread = "100000"

// counter records the operations that pass through it.
type counter struct {
	next  aws.HTTPClient
	mu    sync.Mutex
	calls []string
}

func (c *counter) Do(r *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	c.mu.Lock()
	c.calls = append(c.calls, operation)
	c.mu.Unlock()
	return c.next.Do(r)
}

// cost is what an operation costs.
type cost struct {
	Operation string
	Calls     []string // sorted: some are concurrent
	Units     float64
}

// TestALongThreadCostsWhatAShortOneDoes compares calls and units: nothing counts,
// scans or follows pages (T1, T8).
func TestALongThreadCostsWhatAShortOneDoes(t *testing.T) {
	long, err := strconv.Atoi(cmp.Or(os.Getenv("FLAT_MESSAGES"), longThread))
	if err != nil || long < 100 {
		t.Fatal("FLAT_MESSAGES must be a number, 100 or more")
	}
	s := fixture.Open(t)
	short := costs(t, s, "rivera", 100)
	start := time.Now()
	if diff := gocmp.Diff(short, costs(t, s, "chen", long)); diff != "" {
		t.Errorf("100 messages (-) and %d (+) cost differently:\n%s", long, diff)
	}
	t.Logf("%d messages written and used in %v; each costs %+v", long, time.Since(start).Round(time.Millisecond), short)
}

// costs makes a thread of n messages and measures operations on it.
func costs(t *testing.T, s *fixture.Fixture, manager string, n int) []cost {
	t.Helper()
	c := &counter{next: fixture.Network()}
	u := threadUser{t, s, s.UseCases(s.Table(c)), s.Thread(t, manager, n)}
	member, staff := fixture.Member(), fixture.Manager(manager)
	middle, above := n/2, n/2+1
	var all []cost
	for _, each := range []struct {
		operation string
		run       func(context.Context) error
	}{
		{"newest page", u.page(chat.MessageQuery{Limit: 50}, n-49)},
		{"middle page, backward", u.page(chat.MessageQuery{Before: &above, Limit: 50}, above-50)},
		{"middle page, forward", u.page(chat.MessageQuery{After: &middle, Limit: 50}, above)},
		{"send by the member", u.send(member, n+1)},
		{"send by the care manager", u.send(staff, n+2)},
		{"mark half read", u.read(member, middle)},
		{"mark all read", u.read(member, n+2)},
		{"mark all read by the care manager", u.read(staff, n+2)},
	} {
		all = append(all, measured(t, c, each.operation, each.run))
	}
	return all
}

// threadUser does operations on a thread and checks their results.
type threadUser struct {
	t       *testing.T
	stand   *fixture.Fixture
	service *usecases.All
	thread  chat.Thread
}

func (u threadUser) page(p chat.MessageQuery, first int) func(context.Context) error {
	return func(ctx context.Context) error {
		got, err := u.service.Messages(ctx, fixture.Member(), "me", u.thread.ID, p)
		if err == nil && (len(got.Items) != 50 || got.Items[0].Seq != first) {
			u.t.Errorf("got %d messages, want 50 from %d", len(got.Items), first)
		}
		return err
	}
}

func (u threadUser) send(by chat.Caller, seq int) func(context.Context) error {
	return func(ctx context.Context) error {
		posted, err := u.service.Send(ctx, by, fixture.MemberID, u.thread.ID, u.stand.Draft(seq))
		if err == nil && posted.Message.Seq != seq {
			u.t.Errorf("got seq %d, want %d", posted.Message.Seq, seq)
		}
		return err
	}
}

// read marks read up to seq. The sides take turns in the thread, so half of what is
// above, rounded up, is the other side's.
func (u threadUser) read(by chat.Caller, seq int) func(context.Context) error {
	return func(ctx context.Context) error {
		got, err := u.service.MarkRead(ctx, by, fixture.MemberID, u.thread.ID, seq)
		if want := (got.LastSeq() - seq + 1) / 2; err == nil && got.Unread(by.Kind) != want {
			u.t.Errorf("%d unread, want %d", got.Unread(by.Kind), want)
		}
		return err
	}
}

func measured(t *testing.T, c *counter, operation string, run func(context.Context) error) cost {
	t.Helper()
	c.calls = nil
	ctx, units := table.Meter(t.Context())
	if err := run(ctx); err != nil {
		t.Fatalf("%s: %v", operation, err)
	}
	return cost{operation, slices.Sorted(slices.Values(c.calls)), units()}
}
