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

// world is what a pair of acts starts from.
type world string

const (
	asked   world = "asked"   // an open request, and a thread that both sides have unread messages in
	quiet   world = "quiet"   // the same, its request cancelled
	owed    world = "owed"    // as asked, and a notice is due
	closed  world = "closed"  // the same, its enrollment closed
	paused  world = "paused"  // as quiet and paused, and a notice is due
	resting world = "resting" // the same, its enrollment closed
	moved   world = "moved"   // as owed, and the member has another address, which is to be subscribed
	proved  world = "proved"  // as owed, and the member has just confirmed the address
	left    world = "left"    // as owed, and the member has unsubscribed
	told    world = "told"    // as owed, and told: the reminder is due
)

var worlds = []world{asked, owed, closed, quiet, paused, resting, moved, proved, left, told}

// act is a use case by one of two actors on a member's only enrollment and first
// thread. It answers with the kind of its outcome: nothing that tells apart two
// runs with the same effect.
type act struct {
	name  string
	needs world // where it means something; "" anywhere
	retry bool  // both actors send the same: a repeat (A2)
	run   func(ctx context.Context, s *stage, actor int, member string) string
	// job is one that takes several saves, and whose repeat does what it left.
	job bool
	// spells are how many unread spells it begins.
	spells int
	// hushes says what must not be sent to the member any more.
	hushes func(sent) bool
	// heard is which of a sender's calls reads that, from 0.
	heard int
}

// requestID is the open request of the world that is asked, and of its copies.
const requestID = "req_00000000000000000000000001"

var threadID = chat.ThreadID(town.Program, town.CareManagerID(1))

// rivera owns the enrollment and is named on the thread; chen covers her.
var (
	rivera = town.CareManager(1)
	chen   = town.CareManager(2, chat.Cover{
		Of: chat.Ref{ID: town.CareManagerID(1)}, From: time.Unix(0, 0), To: time.Unix(1e11, 0),
	})
)

// key is an actor's own, of a repeat both actors'.
func key(kind string, actor int) string { return fmt.Sprintf("%s-key-%012d", kind, actor) }

var acts = []act{
	{name: "submit", needs: quiet, run: submit},
	{name: "change reason", needs: asked, run: changeReason},
	{name: "cancel", needs: asked, run: cancel},
	{name: "close", needs: asked, run: closeTask},
	{name: "hand over", run: enroll(chat.EnrollmentActive, town.CareManagerID(3))},
	{name: "close enrollment", run: enroll(chat.EnrollmentClosed, town.CareManagerID(1)), hushes: everything, heard: screen},
	{name: "open again", needs: closed, run: enroll(chat.EnrollmentActive, town.CareManagerID(1))},
	{name: "send by the member", run: send(town.Member)},
	{name: "send by a care manager", run: send(func(string) chat.Caller { return rivera })},
	{name: "first message", run: start(chen), spells: 1},
	{name: "one more message", run: start(rivera)},
	{name: "mark read by the member", run: markRead(town.Member), hushes: everything, heard: screen},
	{name: "mark read by a care manager", run: markRead(func(string) chat.Caller { return rivera })},
}

// repeats are calls that a client makes twice because it lost the answer.
var repeats = []act{
	{name: "submit, repeated", needs: quiet, retry: true, run: submit},
	{name: "send, repeated", retry: true, run: send(town.Member)},
	{name: "first message, repeated", retry: true, run: start(chen)},
}

func submit(ctx context.Context, s *stage, actor int, member string) string {
	made, err := s.Submit(ctx, town.Member(member), "me", chat.RequestDraft{
		IdempotencyKey: key("submit", actor), ProgramID: town.Program, ReasonID: "symptoms", Comment: "Hello",
	})
	return outcome(err, "%s replayed=%v", request(made.Request), made.Replayed)
}

func changeReason(ctx context.Context, s *stage, actor int, member string) string {
	r, err := s.ChangeReason(ctx, town.Member(member), "me", requestID, []string{"medication", "symptoms"}[actor], chat.Precondition{})
	return outcome(err, "%s", request(r))
}

func cancel(ctx context.Context, s *stage, _ int, member string) string {
	r, err := s.Cancel(ctx, town.Member(member), "me", requestID, chat.Precondition{})
	return outcome(err, "%s", request(r))
}

func closeTask(ctx context.Context, s *stage, _ int, member string) string {
	r, err := s.Close(ctx, rivera, member, requestID, chat.Closing{Outcome: "answered"}, chat.Precondition{})
	return outcome(err, "%s", request(r))
}

func enroll(state chat.EnrollmentState, careManager string) func(context.Context, *stage, int, string) string {
	return func(ctx context.Context, s *stage, _ int, member string) string {
		e, err := s.PutEnrollment(ctx, town.Platform, member, town.Program, directory.EnrollmentPut{State: state, CareManagerID: careManager})
		return outcome(err, "%s owner=%s version=%d", e.Entry.State, e.Entry.Owner.ID, e.Entry.Version)
	}
}

func send(by func(string) chat.Caller) func(context.Context, *stage, int, string) string {
	return func(ctx context.Context, s *stage, actor int, member string) string {
		p, err := s.Send(ctx, by(member), member, threadID, chat.Draft{ClientMessageID: key("send", actor), Text: "Hello"})
		return outcome(err, "%s replayed=%v", message(p), p.Replayed)
	}
}

// start writes to the member: chen for the first time, rivera in her thread.
func start(by chat.Caller) func(context.Context, *stage, int, string) string {
	return func(ctx context.Context, s *stage, actor int, member string) string {
		p, err := s.Start(ctx, by, member, town.Program, chat.Draft{ClientMessageID: key("start", actor), Text: "Hello"})
		return outcome(err, "%s replayed=%v", message(p), p.Replayed)
	}
}

// markRead reads the whole conversation as the first actor, half of it as the second.
func markRead(by func(string) chat.Caller) func(context.Context, *stage, int, string) string {
	return func(ctx context.Context, s *stage, actor int, member string) string {
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

// outcome is the answer, or the refusal with the state that it shows. An error
// that is no refusal is itself: no serial order gives it.
func outcome(err error, format string, args ...any) string {
	var refused *problem.Problem
	switch {
	case err == nil:
		return fmt.Sprintf(format, args...)
	case !errors.As(err, &refused):
		return "failed: " + err.Error()
	}
	if r, ok := refused.Current.(chat.Request); ok {
		return refused.Error() + ": " + request(r)
	}
	return refused.Error()
}
