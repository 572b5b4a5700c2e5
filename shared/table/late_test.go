package table_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
	"carechat/shared/table"
	"carechat/tests/support/town"
	"carechat/tests/support/usecases"
)

// aLateTown is a town of ana's diabetes, Rivera's, with an open request and a thread
// that waits for her. A reply is promised in nine hours of Monday to Friday, 8 to 5.
func aLateTown(t *testing.T) (w *town.Town, thread string) {
	t.Helper()
	w = town.New(t, town.Uncached)
	w.CheckAtEnd()
	weekdays := map[string]chat.QuietHours{}
	for _, day := range chat.Weekdays[:5] {
		weekdays[day] = chat.QuietHours{From: "08:00", To: "17:00"}
	}
	w.Must(w.Chat.Provision(t.Context(), town.Settings(town.Organization, town.Issuer, func(o *chat.Organization) {
		o.Calendar = chat.Calendar{ReplyHours: 9, Hours: weekdays}
	}), nil))
	w.Now = time.Date(2026, 3, 6, 20, 0, 0, 0, time.UTC) // Friday, 3 in the afternoon in New York: late on Monday at 3
	w.PutMember("ana")
	w.Enroll("ana", town.Program, town.Rivera)
	thread = w.Start(town.Rivera, "ana", town.Program, "0123456789abcdef").ID
	w.Reply("ana", thread, "fedcba9876543210")
	w.Submit("ana", town.Program, "0123456789abcdef")
	return w, thread
}

// lateIn returns how many tasks and threads of Rivera's a colleague's department shows.
func lateIn(t *testing.T, w *town.Town, c chat.Caller) (tasks, threads int) {
	t.Helper()
	page, err := w.Chat.Tasks(t.Context(), c, chat.WorkQuery{Scope: chat.DepartmentWide})
	w.Must(nil, err)
	inbox, err := w.Chat.Inbox(t.Context(), c, chat.Waiting, "")
	w.Must(nil, err)
	for _, r := range page.Items {
		if r.Owner.ID == town.Rivera && r.Late(w.Now) {
			tasks++
		}
	}
	for _, th := range inbox.Items {
		if th.Owner.ID == town.Rivera && th.Late(w.Now) {
			threads++
		}
	}
	return tasks, threads
}

// T13: what is late in working time is in its department's lists, until it is answered.
func TestWhatIsLateIsInItsDepartmentsLists(t *testing.T) {
	w, thread := aLateTown(t)
	chen := town.CareManager(town.Chen)
	monday := time.Date(2026, 3, 9, 19, 0, 0, 0, time.UTC) // New York's clocks have moved
	for _, step := range []struct {
		at      time.Time
		tasks   int
		threads int
	}{{w.Now.Add(9*time.Hour + time.Second), 0, 0}, {monday, 0, 0}, {monday.Add(time.Second), 1, 1}, {monday.Add(time.Hour), 1, 1}} {
		w.Now = step.at
		w.Upkeep()
		if tasks, threads := lateIn(t, w, chen); tasks != step.tasks || threads != step.threads {
			t.Errorf("at %s a colleague has %d tasks and %d threads that are late", step.at, tasks, threads)
		}
	}
	w.Must(w.Chat.MarkRead(t.Context(), chen, "ana", thread, 2))
	if tasks, threads := lateIn(t, w, chen); tasks != 1 || threads != 0 {
		t.Errorf("the thread is read: %d tasks and %d threads are late", tasks, threads)
	}
	w.Must(w.Chat.Close(t.Context(), chen, "ana", w.Chats("ana").Requests[0].ID, chat.Closing{Outcome: "answered"}, chat.Precondition{}))
	if owner := w.Chats("ana").Enrollments[0].Owner.ID; owner != town.Rivera {
		t.Errorf("closing makes %s the owner", owner)
	}
	if _, err := w.Chat.ListService.Chats(t.Context(), chen, "ana"); !problem.Is(err, problem.NotFound) {
		t.Errorf("nothing is late any more, and a colleague sees the member: %v", err)
	}
	w.Now = w.Now.Add(time.Hour)
	w.Upkeep()
	w.Now = w.Now.AddDate(1, 0, 0)
	if n := w.Upkeep(); n > 0 {
		t.Errorf("%d jobs are still to come", n)
	}
}

// T13: whoever writes while something is late becomes the owner, so that the answer's
// answer finds somebody. The former owner's thread goes with it.
func TestWritingWhileLateClaims(t *testing.T) {
	for name, write := range map[string]func(w *town.Town, c chat.Caller) error{
		"in a new thread": func(w *town.Town, c chat.Caller) error {
			_, err := w.Chat.Start(t.Context(), c, "ana", town.Program, chat.Draft{ClientMessageID: "0123456789abcdef", Text: "I am here"})
			return err
		},
		"in an old thread": func(w *town.Town, c chat.Caller) error {
			_, err := w.Chat.Send(t.Context(), c, "ana", chat.ThreadID(town.Program, c.ID), chat.Draft{ClientMessageID: "1123456789abcdef", Text: "I am here"})
			return err
		},
	} {
		w, riveras := aLateTown(t)
		chen := town.CareManager(town.Chen)
		if name == "in an old thread" {
			w.Enroll("ana", town.Program, town.Chen)
			w.Start(town.Chen, "ana", town.Program, "0123456789abcdef")
			w.Enroll("ana", town.Program, town.Rivera)
		}
		if err := write(w, chen); err == nil {
			t.Errorf("%s: nothing is late, and a colleague writes", name)
		}
		w.Now = w.Now.AddDate(0, 0, 4)
		w.Upkeep()
		if err := write(w, chen); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := write(w, chen); err != nil {
			t.Errorf("%s, again: %v", name, err)
		}
		chats := w.Chats("ana")
		owners := []chat.Owner{chats.Enrollments[0].Owner, chats.Requests[0].Owner, w.Thread("ana", riveras).Owner}
		for _, o := range owners {
			if o.ID != town.Chen {
				t.Errorf("%s: of the enrollment, its request and the old thread the owners are %v", name, owners)
			}
		}
		if n := len(chats.Threads); n != 2 || chats.Enrollments[0].Threads != n {
			t.Errorf("%s: there are %d threads, and the enrollment counts %d", name, n, chats.Enrollments[0].Threads)
		}
		if _, threads := lateIn(t, w, town.CareManager(town.Okafor)); threads != 0 {
			t.Errorf("%s: a thread is still shown as Rivera's", name)
		}
	}
}

// tornHelp is a store in which something happens once, after a helper's rights are
// decided and before what they take over is read.
type tornHelp struct {
	*table.Table
	reads   int
	between func()
}

func (s *tornHelp) MemberChats(ctx context.Context, m chat.MemberKey) (chat.MemberChats, error) {
	if s.reads++; s.reads == 2 {
		s.between()
	}
	return s.Table.MemberChats(ctx, m)
}

// T5, T13: whoever helps takes over what their rights were decided on, and nothing
// that was closed, handed over or answered meanwhile.
func TestHelpIsDecidedOnWhatItTakesOver(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(w *town.Town, thread string)
		want      problem.Code
		owner     string
	}{
		"closed": {func(w *town.Town, _ string) { w.CloseEnrollment("ana", town.Program, town.Rivera) }, problem.NotEligible, town.Rivera},
		"answered and handed over": {func(w *town.Town, thread string) {
			answered(w, thread)
			w.Enroll("ana", town.Program, town.Okafor)
		}, problem.NotFound, town.Okafor},
		"answered":    {answered, problem.NotFound, town.Rivera},
		"handed over": {func(w *town.Town, _ string) { w.Enroll("ana", town.Program, town.Okafor) }, "", town.Chen},
	} {
		t.Run(name, func(t *testing.T) {
			for _, old := range []bool{false, true} {
				w, riveras := aLateTown(t)
				if old {
					w.Enroll("ana", town.Program, town.Chen)
					w.Start(town.Chen, "ana", town.Program, "0123456789abcdef")
					w.Enroll("ana", town.Program, town.Rivera)
				}
				w.Now = w.Now.AddDate(0, 0, 4)
				w.Upkeep()
				helps := usecases.New(&tornHelp{Table: w.Table, between: func() { c.meanwhile(w, riveras) }}, func() time.Time { return w.Now }, w.NewID)
				_, err := helps.Start(t.Context(), town.CareManager(town.Chen), "ana", town.Program, chat.Draft{ClientMessageID: "1123456789abcdef", Text: "I am here"})
				if got := codeOf(err); got != c.want {
					t.Errorf("in an old thread %v: %v, want %q", old, err, c.want)
				}
				if e := w.Chats("ana").Enrollments[0]; e.Owner.ID != c.owner {
					t.Errorf("in an old thread %v: the owner is %s", old, e.Owner.ID)
				}
			}
		})
	}
}

// answered has Rivera read and close what is late.
func answered(w *town.Town, thread string) {
	rivera := town.CareManager(town.Rivera)
	w.Must(w.Chat.MarkRead(context.Background(), rivera, "ana", thread, 2))
	w.Must(w.Chat.Close(context.Background(), rivera, "ana", w.Chats("ana").Requests[0].ID, chat.Closing{Outcome: "answered"}, chat.Precondition{}))
}

// codeOf returns an error's problem code, "" if there is none.
func codeOf(err error) problem.Code {
	var p *problem.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// G5, T13: a helper who repeats the close of a late task gets the same answer, although
// nothing is late any more. What was never late, or belongs to another department, they
// cannot reach.
func TestAHelpersCloseIsRepeated(t *testing.T) {
	for name, c := range map[string]struct {
		days       int
		department string
		want       problem.Code
	}{
		"late":               {4, town.Department, ""},
		"never late":         {0, town.Department, problem.NotFound},
		"another department": {4, "another", problem.NotFound},
	} {
		w, thread := aLateTown(t)
		w.Now = w.Now.AddDate(0, 0, c.days)
		id := w.Chats("ana").Requests[0].ID
		answered(w, thread)
		helper := town.CareManager(town.Chen)
		helper.Departments = []string{c.department}
		r, err := w.Chat.Close(t.Context(), helper, "ana", id, chat.Closing{Outcome: "answered"}, chat.Precondition{})
		if codeOf(err) != c.want || err == nil && r.State != chat.Closed {
			t.Errorf("%s: %s, %v, want %q", name, r.State, err, c.want)
		}
		if _, err := w.Chat.Request(t.Context(), helper, "ana", id); !problem.Is(err, problem.NotFound) {
			t.Errorf("%s: a helper reads what is closed: %v", name, err)
		}
	}
}

// tornClaim is a store in which something happens once, before a claim is saved.
type tornClaim struct {
	*table.Table
	before func()
}

func (s *tornClaim) SaveEnrolled(ctx context.Context, e chat.Enrolled) error {
	if f := s.before; f != nil {
		s.before = nil
		f()
	}
	return s.Table.SaveEnrolled(ctx, e)
}

// S7, T13: of two who claim what is late at once, one is told that the other was first.
func TestOfTwoClaimsOfWhatIsLateOneWins(t *testing.T) {
	w, _ := aLateTown(t)
	w.Now = w.Now.AddDate(0, 0, 4)
	claims := usecases.New(&tornClaim{w.Table, func() {
		w.Must(w.Chat.Claim(t.Context(), town.CareManager(town.Okafor), "ana", town.Program, chat.Precondition{}))
	}}, func() time.Time { return w.Now }, w.NewID)
	_, err := claims.Claim(t.Context(), town.CareManager(town.Chen), "ana", town.Program, chat.Precondition{})
	if codeOf(err) != problem.AlreadyClaimed {
		t.Errorf("the second one: %v", err)
	}
	if owner := w.Chats("ana").Enrollments[0].Owner.ID; owner != town.Okafor {
		t.Errorf("the owner is %s", owner)
	}
}

// S7: lateness opens nothing to another department, and the department of an
// enrollment decides, not that of its owner.
func TestLatenessIsForItsDepartment(t *testing.T) {
	w, _ := aLateTown(t)
	stranger := town.CareManager(town.Chen)
	stranger.Departments = []string{"coaches"}
	w.Now = w.Now.AddDate(0, 0, 4)
	w.Upkeep()
	if tasks, threads := lateIn(t, w, stranger); tasks != 0 || threads != 0 {
		t.Errorf("another department is shown %d tasks and %d threads", tasks, threads)
	}
	if _, err := w.Chat.Claim(t.Context(), stranger, "ana", town.Program, chat.Precondition{}); !problem.Is(err, problem.NotFound) {
		t.Errorf("another department claims: %v", err)
	}
	claimed, err := w.Chat.Claim(t.Context(), town.CareManager(town.Chen), "ana", town.Program, chat.Precondition{})
	if err != nil || claimed.Owner.ID != town.Chen {
		t.Errorf("claimed: %+v, %v", claimed, err)
	}
}
