package invariants_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/login"
	"carechat/shared/owed"
	"carechat/shared/problem"
	"carechat/tests/support/emulator"
	"carechat/tests/support/tables"
	"carechat/tests/support/town"
)

func TestMain(m *testing.M) { emulator.Main(m) }

// newHistory makes a town whose table holds a row of every kind, and returns when upkeep
// had done all that was due. Now and then look sees the table.
func newHistory(t *testing.T, look func(h history, keptUp bool)) (w *town.Town, keptUp time.Time) {
	t.Helper()
	h := history{town.New(t), rand.New(rand.NewPCG(1, 2)), t.Context(), look}
	h.people()
	h.act(500)
	h.notices()
	h.act(60)
	h.logIns()
	h.attempt()
	return h.Town, h.settle()
}

// history is what happens in a town, the same in every run of the tests.
type history struct {
	*town.Town
	*rand.Rand
	ctx  context.Context
	look func(h history, keptUp bool)
}

const people = 4

func memberID(n int) string { return fmt.Sprintf("member-%d", n) }

func (h history) people() {
	h.Must(h.Chat.Provision(h.ctx, town.Settings(town.Organization, town.Issuer, func(o *chat.Organization) { o.Calendar.ReplyHours = 2 }), nil))
	h.PutCareManager(town.Chen, of(town.Department))
	h.PutCareManager(town.Okafor, of("coaches"))
	for n := range people {
		h.PutMember(memberID(n), contacts(n, fmt.Sprintf("Member%d@example.org", n)))
		h.Enroll(memberID(n), town.Program, staff[n%2])
		h.Enroll(memberID(n), town.Second, "")
	}
}

// contacts gives the n-th member a phone, an address and a log-in.
func contacts(n int, email string) func(*chat.Profile) {
	return func(p *chat.Profile) {
		p.Phone, p.Email = fmt.Sprintf("+1555010%04d", n), email
		p.Subjects = []chat.Subject{{Issuer: town.Issuer, Subject: memberID(n)}}
	}
}

// staff own the enrollments, in turn.
var staff = []string{town.Rivera, town.Chen, ""}

// act makes random calls. They may be refused; any other failure fails the test.
func (h history) act(steps int) {
	h.T.Helper()
	for n := range steps {
		if h.Now = h.Now.Add(time.Duration(1+h.IntN(60)) * time.Second); n%20 == 19 {
			h.look(h, false)
			h.Upkeep()
		}
		var refused *problem.Problem
		if err := h.step(n); err != nil && (!errors.As(err, &refused) || refused.Kind() == problem.Busy) {
			h.T.Fatalf("step %d: %v", n, err)
		}
	}
}

func (h history) step(n int) (err error) {
	id := memberID(h.IntN(people))
	programID := []string{town.Program, town.Second}[h.IntN(2)]
	is := h.Chats(id)
	key := fmt.Sprintf("client-%016d", n)
	draft := chat.Draft{ClientMessageID: key, Text: "Hello"}
	switch kind := h.IntN(25); {
	case kind >= 20:
		err = h.share(id, programID)
	case kind < 3:
		_, err = h.Chat.Submit(h.ctx, town.Member(id), "me", chat.RequestDraft{IdempotencyKey: key, ProgramID: programID, ReasonID: "symptoms", Comment: "Hello"})
	case kind < 6:
		_, err = h.Chat.Start(h.ctx, h.caller(), id, programID, draft)
	case kind == 6:
		state := []chat.EnrollmentState{chat.EnrollmentActive, chat.EnrollmentActive, chat.EnrollmentClosed}[h.IntN(3)]
		_, err = h.Chat.PutEnrollment(h.ctx, town.Platform, id, programID, directory.EnrollmentPut{State: state, CareManagerID: staff[h.IntN(3)]})
	case kind < 10 && len(is.Requests) > 0:
		err = h.moveRequest(is.Requests[0], kind)
	case len(is.Threads) > 0:
		err = h.moveThread(is.Threads[h.IntN(len(is.Threads))], draft)
	}
	return err
}

func (h history) moveRequest(r chat.Request, kind int) (err error) {
	switch kind {
	case 7:
		_, err = h.Chat.ChangeReason(h.ctx, town.Member(r.Member.ID), "me", r.ID, "medication", chat.Precondition{})
	case 8:
		_, err = h.Chat.Cancel(h.ctx, town.Member(r.Member.ID), "me", r.ID, chat.Precondition{})
	default:
		_, err = h.Chat.Close(h.ctx, h.caller(), r.Member.ID, r.ID, chat.Closing{Outcome: "answered"}, chat.Precondition{})
	}
	return err
}

func (h history) moveThread(t chat.Thread, d chat.Draft) (err error) {
	caller := town.Member(t.Member.ID)
	if h.IntN(3) > 0 {
		caller = h.caller()
	}
	if h.IntN(3) > 0 {
		_, err = h.Chat.Send(h.ctx, caller, t.Member.ID, t.ID, d)
	} else {
		_, err = h.Chat.MarkRead(h.ctx, caller, t.Member.ID, t.ID, 1+h.IntN(t.LastSeq()))
	}
	return err
}

// logIns leaves sessions, failed log-ins, links, and links to be sent.
func (h history) logIns() {
	for n := range people {
		m := town.Key(memberID(n))
		profile, err := h.Table.Profile(h.ctx, m)
		h.Must(nil, err)
		hash := fmt.Sprintf("hash%d", n)
		asked := login.OwedLink{Contact: hash, Address: profile.Phone, Work: owed.At(h.Now), Version: 1}
		link := login.Link{
			Hash: hash, Organization: m.Organization, Members: []login.LinkMember{{ID: m.Member}}, ExpiresAt: h.Now.Add(time.Hour),
		}
		tried := link
		tried.Version++
		h.Must(nil, errors.Join(
			h.Table.SaveOwedLink(h.ctx, asked, link),
			h.Table.BeginSession(h.ctx, login.LogIn{
				Session: auth.Session{Key: m, Hash: hash, CreatedAt: h.Now, ExpiresAt: h.Now.Add(time.Hour)},
				Profile: *profile, Link: tried, Limits: h.failures(m),
			}),
			h.Table.SaveAskCount(h.ctx, login.AskCount{Source: hash, Since: h.Now, Count: 1, Version: 1})))
	}
}

// A table that only the use cases wrote keeps the invariants, and so does an empty one. All
// the while what is open or waits is in the lists of whoever it is to be in.
func TestAHealthyTableIsSound(t *testing.T) {
	w, keptUp := newHistory(t, history.checkLists)
	tables.Check(t, emulator.URL, w.Name)
	s, err := tables.Scan(t.Context(), emulator.URL, w.Name)
	if err != nil {
		t.Fatal(err)
	}
	s.KeptUp = keptUp
	if found := tables.Verify(s); len(found) > 0 {
		t.Errorf("after upkeep: %v", found)
	}
	t.Logf("%d rows, %d in WORK, %d in DUE", len(s.Rows), len(s.Indexes["WORK"]), len(s.Indexes["DUE"]))
	slices.Reverse(s.Rows)
	for _, s.PageRows = range []int{0, 1, 7} {
		if found := tables.Verify(s); len(found) > 0 {
			t.Errorf("in another order, by pages of %d: %v", s.PageRows, found)
		}
	}
	if found := tables.Verify(tables.Snapshot{}); len(found) > 0 {
		t.Errorf("an empty table: %v", found)
	}
}
