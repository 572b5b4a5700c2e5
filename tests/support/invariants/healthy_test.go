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
	"carechat/shared/login"
	"carechat/shared/problem"
	"carechat/tests/support/emulator"
	"carechat/tests/support/invariants"
	"carechat/tests/support/town"
)

func TestMain(m *testing.M) { emulator.Main(m) }

// settle makes a town in which everything stands that a table can hold.
func settle(t *testing.T) *town.Town {
	t.Helper()
	w, err := town.New(t.Context(), emulator.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := life{w, rand.New(rand.NewPCG(1, 2)), t.Context()}
	steps := []error{l.people(), l.live(500), l.notices(), l.live(60), l.logIns(), l.attempt()}
	_, err = w.PutCareManager(l.ctx, 3, false)
	if err := errors.Join(append(steps, err)...); err != nil {
		t.Fatal(err)
	}
	return w
}

// life is what goes on in a town, foreseeable by its random numbers.
type life struct {
	*town.Town
	*rand.Rand
	ctx context.Context
}

const people = 4

func memberID(n int) string { return fmt.Sprintf("member-%d", n) }

func (l life) people() error {
	var all []error
	done := func(_ any, err error) { all = append(all, err) }
	for n := range people {
		done(l.PutMember(l.ctx, memberID(n), func(p *chat.Profile) {
			p.Phone, p.Email = fmt.Sprintf("+1555010%04d", n), fmt.Sprintf("Member%d@example.org", n)
			p.Subjects = []chat.Subject{{Issuer: town.Issuer, Subject: memberID(n)}}
		}))
		done(l.Enroll(l.ctx, memberID(n), town.Program, chat.EnrollmentActive, town.CareManagerID(1+n%2)))
		done(l.Enroll(l.ctx, memberID(n), town.Second, chat.EnrollmentActive, ""))
	}
	return errors.Join(all...)
}

// live does things at random. What is refused is refused; anything else fails.
func (l life) live(steps int) error {
	for n := range steps {
		l.Now = l.Now.Add(time.Duration(1+l.IntN(60)) * time.Second)
		var refused *problem.Problem
		if err := l.step(n); err != nil && (!errors.As(err, &refused) || refused.Kind() == problem.Busy) {
			return fmt.Errorf("step %d: %w", n, err)
		}
	}
	return nil
}

func (l life) step(n int) (err error) {
	id := memberID(l.IntN(people))
	programID := []string{town.Program, town.Second}[l.IntN(2)]
	screen, err := l.Table.MemberChats(l.ctx, chat.MemberKey{Organization: town.Organization, Member: id})
	if err != nil {
		return err
	}
	key := fmt.Sprintf("client-%016d", n)
	draft := chat.Draft{ClientMessageID: key, Text: "Hello"}
	switch kind := l.IntN(20); {
	case kind < 3:
		_, err = l.Chat.Submit(l.ctx, town.Member(id), "me", chat.RequestDraft{IdempotencyKey: key, ProgramID: programID, ReasonID: "symptoms", Comment: "Hello"})
	case kind < 6:
		_, err = l.Chat.Start(l.ctx, town.CareManager(1+l.IntN(2)), id, programID, draft)
	case kind == 6:
		state := []chat.EnrollmentState{chat.EnrollmentActive, chat.EnrollmentActive, chat.EnrollmentClosed}[l.IntN(3)]
		_, err = l.Enroll(l.ctx, id, programID, state, []string{town.CareManagerID(1), town.CareManagerID(2), ""}[l.IntN(3)])
	case kind < 10 && len(screen.Requests) > 0:
		err = l.moveRequest(screen.Requests[0], kind)
	case len(screen.Threads) > 0:
		err = l.moveThread(screen.Threads[l.IntN(len(screen.Threads))], draft)
	}
	return err
}

func (l life) moveRequest(r chat.Request, kind int) (err error) {
	switch kind {
	case 7:
		_, err = l.Chat.ChangeReason(l.ctx, town.Member(r.Member.ID), "me", r.ID, "medication", chat.Precondition{})
	case 8:
		_, err = l.Chat.Cancel(l.ctx, town.Member(r.Member.ID), "me", r.ID, chat.Precondition{})
	default:
		_, err = l.Chat.Close(l.ctx, town.CareManager(1), r.Member.ID, r.ID, chat.Closing{Outcome: "answered"}, chat.Precondition{})
	}
	return err
}

func (l life) moveThread(t chat.Thread, d chat.Draft) (err error) {
	caller := []chat.Caller{town.Member(t.Member.ID), town.CareManager(1), town.CareManager(2)}[l.IntN(3)]
	if l.IntN(3) > 0 {
		_, err = l.Chat.Send(l.ctx, caller, t.Member.ID, t.ID, d)
	} else {
		_, err = l.Chat.MarkRead(l.ctx, caller, t.Member.ID, t.ID, 1+l.IntN(t.LastSeq()))
	}
	return err
}

// logIns leave sessions, failures, links and links owed.
func (l life) logIns() error {
	var all []error
	for n := range people {
		m := chat.MemberKey{Organization: town.Organization, Member: memberID(n)}
		profile, err := l.Table.Profile(l.ctx, m)
		if err != nil || profile == nil {
			return errors.Join(err, errors.New("no profile"))
		}
		hash := fmt.Sprintf("hash%d", n)
		asked := login.Asked{Contact: hash, Address: profile.Phone, DueAt: l.Now, Version: 1}
		all = append(all,
			l.Table.BeginSession(l.ctx, login.LogIn{
				Session: auth.Session{Key: m, Hash: hash, CreatedAt: l.Now, ExpiresAt: l.Now.Add(time.Hour)},
				Profile: *profile, Limits: l.failures(m),
			}),
			l.Table.SaveAsked(l.ctx, asked, login.Link{
				Hash: hash, Organization: m.Organization, Members: []login.Reached{{ID: m.Member}}, ExpiresAt: l.Now.Add(time.Hour),
			}),
			l.Table.SaveAsks(l.ctx, login.Asks{Source: hash, Since: l.Now, Count: 1, Version: 1}))
	}
	return errors.Join(all...)
}

// A table that only the use cases wrote is sound, and so is one that holds nothing.
func TestAHealthyTableIsSound(t *testing.T) {
	w := settle(t)
	invariants.Check(t, emulator.URL, w.Name)
	s, err := invariants.Scan(t.Context(), emulator.URL, w.Name)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rows, %d in WORK, %d in DUE", len(s.Rows), len(s.Indexes["WORK"]), len(s.Indexes["DUE"]))
	slices.Reverse(s.Rows)
	if found := invariants.Verify(s); len(found) > 0 {
		t.Errorf("in another order: %v", found)
	}
	if found := invariants.Verify(invariants.Snapshot{}); len(found) > 0 {
		t.Errorf("an empty table: %v", found)
	}
}
