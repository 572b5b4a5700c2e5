package table_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/notice"
	"carechat/shared/owed"
	"carechat/shared/table"
)

var _ notice.Store = (*table.Table)(nil)

var ana = chat.MemberKey{Organization: "harbor", Member: "ana"}

// claimed is ana's state at a version, while a run holds her.
func (w *world) claimed(version int) notice.State {
	return notice.State{
		Key: ana, Texts: []time.Time{w.Now.Add(-time.Hour), w.Now}, StopSaidAt: w.Now,
		Work: owed.Work{DueAt: w.Now.Add(time.Minute), Attempts: 2, Lost: 1}, Version: version,
	}
}

// attempt counts an attempt at a notice, failure a wrong birth date.
func (w *world) attempt(ctx context.Context, m chat.MemberKey) error {
	return chat.RetryOnConflict(ctx, func() error {
		is, err := w.Table.Member(ctx, m)
		if err != nil {
			return err
		}
		is.State.Attempts++
		is.State.Version++
		return w.Table.SaveClaim(ctx, is.State)
	})
}

func (w *world) failure(ctx context.Context, m chat.MemberKey) error {
	return chat.RetryOnConflict(ctx, func() error {
		is, err := w.Table.Limits(ctx, m)
		if err != nil {
			return err
		}
		is[0].Failures++
		is[0].Version++
		return w.Table.SaveUnlock(ctx, login.Unlock{Limits: is[0]})
	})
}

// Wrong birth dates and attempts at a notice are counted in rows of their own: in
// whatever order they are written, none is lost.
func TestTheCountsOfAMemberAreKeptApart(t *testing.T) {
	w := newWorld(t)
	type step func(context.Context, chat.MemberKey) error
	for name, steps := range map[string][]step{
		"the-notices-first":     {w.attempt, w.failure, w.attempt, w.failure},
		"the-birth-dates-first": {w.failure, w.attempt, w.failure, w.attempt},
	} {
		m := chat.MemberKey{Organization: "harbor", Member: name}
		for _, do := range steps {
			must(t, do(t.Context(), m))
		}
		w.counted(t, m, 2)
	}
	var all sync.WaitGroup
	for _, do := range []step{w.attempt, w.failure, w.attempt, w.failure, w.attempt, w.failure} {
		all.Go(func() {
			if err := do(t.Context(), ana); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.counted(t, ana, 3)
}

// counted fails the test unless each count is n.
func (w *world) counted(t *testing.T, m chat.MemberKey, n int) {
	t.Helper()
	limits, err := w.Table.Limits(t.Context(), m)
	must(t, err)
	is, err := w.Table.Member(t.Context(), m)
	must(t, err)
	if limits[0].Failures != n || is.State.Attempts != n || is.State.Version != n {
		t.Errorf("%s: %+v, %+v", m.Member, limits[0], is.State)
	}
}

// N2: of runs that claim a member at once one goes on, and only its link is stored.
func TestOfTheClaimsOfOneVersionOneWins(t *testing.T) {
	w := newWorld(t)
	for version := 1; version <= 2; version++ {
		won := make(chan string, 5)
		var all sync.WaitGroup
		for n := range 5 {
			hash := fmt.Sprintf("hash-%d-%d", version, n)
			all.Go(func() {
				err := w.Table.SaveClaim(t.Context(), w.claimed(version), login.Link{Hash: hash, ExpiresAt: w.Now})
				link, readErr := w.Table.Link(t.Context(), hash)
				if (err == nil) != (link != nil) || readErr != nil || err != nil && !errors.Is(err, chat.ErrConflict) {
					t.Errorf("%v, link %v, %v", err, link, readErr)
				}
				if err == nil {
					won <- hash
				}
			})
		}
		all.Wait()
		if len(won) != 1 {
			t.Errorf("version %d: %d won", version, len(won))
		}
	}
}

// waiting is a member with a thread that they have not read.
func waiting(t *testing.T, w *world) chat.Thread {
	t.Helper()
	rivera := chat.Caller{Kind: chat.CareManager, Organization: "harbor", ID: "cm-rivera", Name: "Name of cm-rivera", Departments: []string{"nurses"}}
	posted, err := w.Chat.Start(t.Context(), rivera, "ana", "diabetes", chat.Draft{ClientMessageID: pad("client-", 36), Text: "Hello"})
	must(t, err)
	return posted.Thread
}

func TestAnOutcomeIsSavedWholeOrNotAtAll(t *testing.T) {
	w := newTown(t)
	thread := waiting(t, w)
	must(t, w.Table.SaveClaim(t.Context(), w.claimed(1)))
	outcome := func(change func(*notice.Outcome)) error {
		next, told := w.claimed(2), thread
		next.Work = owed.Work{}
		told.DueAt, told.DueRule = w.Now.Add(24*time.Hour), chat.Reminder
		told.Version++
		o := notice.Outcome{Key: ana, State: &next, Threads: []chat.Thread{told}, Log: []chat.Notice{{
			Key: ana, ID: "ntc_1", Channel: chat.SMS, Decision: chat.Delivered, Rule: "due", At: w.Now, Threads: []string{thread.ID},
		}}}
		change(&o)
		return w.Table.SaveOutcome(t.Context(), o)
	}
	for name, moved := range map[string]func(*notice.Outcome){
		"the state changed": func(o *notice.Outcome) { o.State.Version = 3 },
		"there is a state":  func(o *notice.Outcome) { o.State.Version = 1 },
		"a thread changed":  func(o *notice.Outcome) { o.Threads[0].Version++ },
		"a thread is there": func(o *notice.Outcome) { o.Threads[0].Version = 1 },
	} {
		if err := outcome(moved); !errors.Is(err, chat.ErrConflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	was, err := w.Table.Member(t.Context(), ana)
	must(t, err)
	log, err := w.Table.Notices(t.Context(), ana, "", 10)
	must(t, err)
	if d := cmp.Diff(w.claimed(1), was.State) + cmp.Diff([]chat.Thread{thread}, was.MemberChats.Threads); d != "" || len(log) > 0 {
		t.Errorf("%s log %v", d, log)
	}
	must(t, outcome(func(*notice.Outcome) {}))
	if err := outcome(func(o *notice.Outcome) { o.State, o.Threads = nil, nil }); !errors.Is(err, chat.ErrConflict) {
		t.Errorf("a row of the log twice: %v", err)
	}
	is, err := w.Table.Member(t.Context(), ana)
	must(t, err)
	if is.State.Owed() || is.State.Version != 2 || is.MemberChats.Threads[0].DueRule != chat.Reminder {
		t.Errorf("%+v %+v", is.State, is.MemberChats.Threads)
	}
	must(t, w.Table.SaveOutcome(t.Context(), notice.Outcome{Key: ana}))
}

// The why-log is read newest first; pages cover it exactly.
func TestPagesOfNotices(t *testing.T) {
	w := newTown(t)
	w.madeUp = true // the thread that they are about is not there
	var want []chat.Notice
	for n := range 7 {
		want = append([]chat.Notice{{
			Key: ana, ID: fmt.Sprintf("ntc_%d", n), Decision: chat.Suppressed, Rule: "noneChosen", At: w.Now, Threads: []string{"thr_1"},
		}}, want...)
	}
	must(t, w.Table.SaveOutcome(t.Context(), notice.Outcome{Key: ana, Log: want}))
	for limit := 1; limit <= 8; limit++ {
		var got []chat.Notice
		for before := ""; len(got) <= len(want); before = got[len(got)-1].ID {
			page, err := w.Table.Notices(t.Context(), ana, before, limit)
			must(t, err)
			if len(page) > limit {
				t.Fatalf("%d in a page of %d", len(page), limit)
			}
			if got = append(got, page...); len(page) == 0 {
				break
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("in pages of %d: %s", limit, d)
		}
	}
	for before, n := range map[string]int{"ntc_3x": 4, "ntc_": 0, "zzz": 7, strings.Repeat("z", 2000): 0} {
		if page, err := w.Table.Notices(t.Context(), ana, before, 10); err != nil || len(page) != n {
			t.Errorf("before %.10s: %d, %v", before, len(page), err)
		}
	}
}

// inOrder notes the calls as they go by.
type inOrder struct {
	next  aws.HTTPClient
	calls []string
}

func (o *inOrder) Do(r *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	o.calls = append(o.calls, operation)
	return o.next.Do(r)
}

// What a decision is made from is read strongly, the state first and what is unread last.
func TestAMemberIsReadAfterTheState(t *testing.T) {
	w := newTown(t)
	thread := waiting(t, w)
	must(t, w.Table.SavePhoneState(t.Context(), "+15550100101", chat.PhoneState{Status: chat.OptedOut, At: w.Now, Cause: "stop-1", Version: 1}))
	calls := &inOrder{next: w.recorder.next}
	w.recorder.next = calls
	m, err := w.Table.Member(t.Context(), ana)
	must(t, err)
	if d := cmp.Diff([]string{"BatchGetItem", "GetItem", "Query"}, calls.calls); d != "" {
		t.Error(d)
	}
	want := chat.MemberChannels{
		Profile:     m.Channels.Profile,
		Preferences: chat.Preferences{Channels: []chat.Channel{chat.SMS, chat.Email}, Version: 1},
		Phone:       chat.PhoneState{Status: chat.OptedOut, At: w.Now, Cause: "stop-1", Version: 1},
		Mailbox:     chat.Mailbox{Key: ana, Address: "ana@example.org", Work: owed.At(w.Now), Version: 1},
	}
	if d := cmp.Diff(want, m.Channels) + cmp.Diff(notice.State{Key: ana}, m.State) + cmp.Diff([]chat.Thread{thread}, m.MemberChats.Threads); d != "" {
		t.Error(d)
	}
	reach, err := w.Table.MemberChannels(t.Context(), ana)
	must(t, err)
	if d := cmp.Diff(&want, reach); d != "" || want.Profile.ID != "ana" {
		t.Error(d)
	}
	nobody := chat.MemberKey{Organization: "summit", Member: "ana"}
	if reach, err := w.Table.MemberChannels(t.Context(), nobody); reach != nil || err != nil {
		t.Errorf("nobody's: %v, %v", reach, err)
	}
	if m, err := w.Table.Member(t.Context(), nobody); err != nil || m.Channels.Profile.Active || m.State.Key != nobody {
		t.Errorf("nobody: %+v, %v", m, err)
	}
}
