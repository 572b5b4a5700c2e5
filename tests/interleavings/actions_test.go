package interleavings

import (
	"context"
	"errors"
	"fmt"
	"time"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/problem"
	"carechat/tests/support/town"
)

// state is what a pair of actions starts from.
type state string

const (
	requested       state = "requested"       // an open request, and a thread with unread messages on both sides
	cancelled       state = "cancelled"       // the same, its request cancelled
	noticeDue       state = "noticeDue"       // as requested, and a notice is due
	closed          state = "closed"          // the same, its enrollment closed
	paused          state = "paused"          // as cancelled and paused, and a notice is due
	pausedAndClosed state = "pausedAndClosed" // the same, its enrollment closed
	addressChanged  state = "addressChanged"  // as noticeDue, and the member has another address, not yet subscribed
	confirmed       state = "confirmed"       // as noticeDue, and the member has just confirmed the address
	unsubscribed    state = "unsubscribed"    // as noticeDue, and the member has unsubscribed
	notified        state = "notified"        // as noticeDue, and notified: the reminder is due
	disabledMember  state = "disabledMember"  // as noticeDue, and the member disabled
	staffed         state = "staffed"         // as requested, for pairs that change the staff
)

var states = []state{requested, noticeDue, closed, cancelled, paused, pausedAndClosed, addressChanged, confirmed, unsubscribed, notified, disabledMember, staffed}

// action is a use case by one of two actors, on a member's only enrollment and first
// thread. It returns a description of its outcome, the same for every run with the
// same effect.
type action struct {
	name  string
	needs state // the state that it needs; "" is any
	retry bool  // both actors send the same call (A2)
	run   func(ctx context.Context, s *services, actor int, member string) string
	// multiSave is true if it takes several saves; a repeat finishes what is left.
	multiSave bool
	// spells is how many unread spells it begins.
	spells int
	// forbids reports what must not be sent after it.
	forbids func(sent) bool
	// readAt is the call of a sender, from 0, that reads what it changed.
	readAt int
}

// requestID is the model's open request, and its copies'.
const requestID = "req_00000000000000000000000001"

var threadID = chat.ThreadID(town.Program, town.Rivera)

// rivera owns the enrollment and the thread is with her; chen covers her.
var (
	rivera = town.CareManager(town.Rivera)
	chen   = town.CareManager(town.Chen, chat.Cover{
		Of: chat.Ref{ID: town.Rivera}, From: time.Unix(0, 0), To: time.Unix(1e11, 0),
	})
)

// key returns an actor's key; a repeat has the first actor's.
func key(kind string, actor int) string { return fmt.Sprintf("%s-key-%012d", kind, actor) }

var actions = []action{
	{name: "submit", needs: cancelled, run: submit},
	{name: "change reason", needs: requested, run: changeReason},
	{name: "cancel", needs: requested, run: cancel},
	{name: "close", needs: requested, run: closeTask},
	{name: "hand over", run: enroll(chat.EnrollmentActive, town.Okafor)},
	{name: "claim", run: claim},
	{name: "assign", run: assign},
	{name: "close enrollment", run: enroll(chat.EnrollmentClosed, town.Rivera), forbids: anything, readAt: readsChats},
	{name: "open again", needs: closed, run: enroll(chat.EnrollmentActive, town.Rivera)},
	{name: "send by the member", run: send(town.Member)},
	{name: "send by a care manager", run: send(func(string) chat.Caller { return rivera })},
	{name: "first message", run: start(chen), spells: 1},
	{name: "one more message", run: start(rivera)},
	{name: "turn late", needs: requested, run: turnLate},
	{name: "mark a wait", run: markWait},
	{name: "mark read by the member", run: markRead(town.Member), forbids: anything, readAt: readsChats},
	{name: "mark read by a care manager", run: markRead(func(string) chat.Caller { return rivera })},
}

// help is a message of a colleague of the department, who has no thread with the member.
var help = action{name: "help in a new thread", needs: notified, run: start(town.CareManager(town.Chen)), spells: 1}

// erasure is the operator's, who has the member forgotten (T14).
var erasure = action{name: "erase", needs: requested, run: erase}

// repeats are calls that a client makes again because it lost the answer.
var repeats = []action{
	{name: "submit, repeated", needs: cancelled, retry: true, run: submit},
	{name: "send, repeated", retry: true, run: send(town.Member)},
	{name: "first message, repeated", retry: true, run: start(chen)},
}

func erase(ctx context.Context, s *services, _ int, member string) string {
	p, err := s.EraseMember(ctx, town.Key(member))
	return outcome(err, "erased=%v", !p.ErasedAt.IsZero())
}

func submit(ctx context.Context, s *services, actor int, member string) string {
	made, err := s.Submit(ctx, town.Member(member), "me", chat.RequestDraft{
		IdempotencyKey: key("submit", actor), ProgramID: town.Program, ReasonID: "symptoms", Comment: "Hello",
	})
	return outcome(err, "%s replayed=%v", request(made.Request), made.Replayed)
}

func changeReason(ctx context.Context, s *services, actor int, member string) string {
	r, err := s.ChangeReason(ctx, town.Member(member), "me", requestID, []string{"medication", "symptoms"}[actor], chat.Precondition{})
	return outcome(err, "%s", request(r))
}

func cancel(ctx context.Context, s *services, _ int, member string) string {
	r, err := s.Cancel(ctx, town.Member(member), "me", requestID, chat.Precondition{})
	return outcome(err, "%s", request(r))
}

func closeTask(ctx context.Context, s *services, _ int, member string) string {
	r, err := s.Close(ctx, rivera, member, requestID, chat.Closing{Outcome: "answered"}, chat.Precondition{})
	return outcome(err, "%s", request(r))
}

// turnLate marks the open request, as upkeep does when it is due (T13).
func turnLate(ctx context.Context, s *services, _ int, member string) string {
	return outcome(s.CheckRequest(ctx, town.Key(member), town.Program), "looked")
}

// markWait marks the thread if it waits, as upkeep does some time after it began to (T13).
func markWait(ctx context.Context, s *services, _ int, member string) string {
	return outcome(s.CheckReply(ctx, town.Key(member), threadID, ""), "looked")
}

func enroll(state chat.EnrollmentState, careManager string) func(context.Context, *services, int, string) string {
	return func(ctx context.Context, s *services, _ int, member string) string {
		e, err := s.PutEnrollment(ctx, town.Platform, member, town.Program, directory.EnrollmentPut{State: state, CareManagerID: careManager})
		return outcome(err, "%s owner=%s version=%d", e.Entry.State, e.Entry.Owner.ID, e.Entry.Version)
	}
}

// claim is a colleague's, to whom the department or their own hand-over gives it.
func claim(ctx context.Context, s *services, _ int, member string) string {
	e, err := s.Claim(ctx, town.CareManager(town.Okafor), member, town.Program, chat.Precondition{})
	return outcome(err, "owner=%s version=%d", e.Owner.ID, e.Version)
}

func assign(ctx context.Context, s *services, _ int, member string) string {
	e, err := s.Assign(ctx, rivera, member, town.Program, chat.NewOwner{DepartmentID: town.Department}, chat.Precondition{})
	return outcome(err, "owner=%s version=%d", e.Owner.ID, e.Version)
}

func send(by func(string) chat.Caller) func(context.Context, *services, int, string) string {
	return func(ctx context.Context, s *services, actor int, member string) string {
		p, err := s.Send(ctx, by(member), member, threadID, chat.Draft{ClientMessageID: key("send", actor), Text: "Hello"})
		return outcome(err, "%s replayed=%v", message(p), p.Replayed)
	}
}

// start writes to the member: chen's message makes a thread, rivera's goes into hers.
func start(by chat.Caller) func(context.Context, *services, int, string) string {
	return func(ctx context.Context, s *services, actor int, member string) string {
		p, err := s.Start(ctx, by, member, town.Program, chat.Draft{ClientMessageID: key("start", actor), Text: "Hello"})
		return outcome(err, "%s replayed=%v", message(p), p.Replayed)
	}
}

// markRead marks the whole conversation read as the first actor, half of it as the second.
func markRead(by func(string) chat.Caller) func(context.Context, *services, int, string) string {
	return func(ctx context.Context, s *services, actor int, member string) string {
		c := by(member)
		t, err := s.MarkRead(ctx, c, member, threadID, conversation/(1+actor))
		return outcome(err, "read=%d unread=%d", t.ReadSeq(c.Kind), t.Unread(c.Kind))
	}
}

func request(r chat.Request) string {
	return fmt.Sprintf("%s reason=%s owner=%s version=%d", r.State, r.Reason.ID, r.Owner.ID, r.Version)
}

func message(p chat.Posted) string {
	return fmt.Sprintf("seq=%d total=%d by=%s", p.Message.Seq, p.Message.SideTotal, p.Message.Author.Name)
}

// outcome describes an answer, or a refusal with the state that it shows. Another
// error describes itself: no serial order gives it.
func outcome(err error, format string, args ...any) string {
	var refused *problem.Problem
	switch {
	case err == nil:
		return fmt.Sprintf(format, args...)
	case !errors.As(err, &refused):
		return "failed: " + err.Error()
	}
	switch current := refused.Current.(type) {
	case chat.Request:
		return refused.Error() + ": " + request(current)
	case chat.Enrollment:
		return fmt.Sprintf("%s: owner=%s version=%d", refused, current.Owner.ID, current.Version)
	}
	return refused.Error()
}
