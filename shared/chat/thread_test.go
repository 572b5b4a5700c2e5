package chat

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func say(role Kind, text string, at time.Time) Message {
	return Message{Role: role, Author: Ref{string(role), "N"}, Text: text, SentAt: at}
}

// Random histories of messages and reads: what is unread equals a recount, seqs
// have no gaps, cursors never go back, and the spells begin and end where they
// must (G2, G3).
func TestUnreadIsExactForEveryHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		thread, log, now := Thread{State: ThreadActive}, []Message{}, noon
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Second)
			role := rapid.SampledFrom([]Kind{Member, CareManager}).Draw(t, "role")
			if len(log) == 0 || rapid.Bool().Draw(t, "writes") {
				var m Message
				if thread, m = thread.add(say(role, "x", now), delays{notice: time.Minute}); m.Seq != len(log)+1 {
					t.Fatalf("seq %d after %d messages", m.Seq, len(log))
				}
				log = append(log, m)
			} else if seq := rapid.IntRange(1, len(log)).Draw(t, "seq"); seq > thread.ReadSeq(role) {
				thread = thread.read(role, log[seq-1], now)
			}
			for _, side := range []Kind{Member, CareManager} {
				if got, want := thread.Unread(side), recount(log, side, thread.ReadSeq(side)); got != want {
					t.Fatalf("%s has %d unread, a recount says %d", side, got, want)
				}
			}
			if waits := thread.Unread(CareManager) > 0; waits == thread.WaitingSince.IsZero() {
				t.Fatal("WaitingSince does not say whether the care side has unread messages")
			}
			if spell := thread.Unread(Member) > 0; spell == thread.UnreadSince.IsZero() {
				t.Fatal("UnreadSince does not say whether the member has unread messages")
			}
		}
	})
}

func recount(log []Message, side Kind, cursor int) int {
	n := 0
	for _, m := range log {
		if m.Role != side && m.Seq > cursor {
			n++
		}
	}
	return n
}

func TestASpellStaysWhereItBegan(t *testing.T) {
	thread, _ := Thread{}.add(say(CareManager, "Hello", noon), delays{notice: 2 * time.Minute})
	thread, second := thread.add(say(CareManager, "Are you well?", noon.Add(time.Hour)), delays{notice: 2 * time.Minute})
	if !thread.DueAt.Equal(noon.Add(2*time.Minute)) || !thread.UnreadSince.Equal(noon) {
		t.Errorf("due %v, unread since %v: a second message must not move them", thread.DueAt, thread.UnreadSince)
	}
	read := thread.read(Member, second, noon.Add(2*time.Hour))
	if read.DueAt.IsZero() {
		t.Error("marking read must leave the due notice to say that it was read (N1)")
	}
	again, _ := read.add(say(CareManager, "One more thing", noon.Add(3*time.Hour)), delays{notice: 2 * time.Minute})
	if !again.DueAt.Equal(noon.Add(3*time.Hour + 2*time.Minute)) {
		t.Errorf("a new spell is due at %v", again.DueAt)
	}
}

// N3: a spell has one reminder: a notice that comes due after it, as the end of a
// pause makes one, is followed by none.
func TestASpellHasOneReminder(t *testing.T) {
	thread, _ := Thread{State: ThreadActive}.add(say(CareManager, "Hello", noon), delays{notice: time.Minute})
	told := thread.Told(noon.Add(time.Minute), 24*time.Hour)
	if told.DueRule != Reminder || !told.DueAt.Equal(noon.Add(24*time.Hour+time.Minute)) {
		t.Errorf("after the notice it is due as %q at %v", told.DueRule, told.DueAt)
	}
	reminded := told.Told(told.DueAt, 24*time.Hour)
	resumed := reminded.resume(noon.Add(48 * time.Hour))
	if resumed.DueRule != Resumed {
		t.Fatalf("the pause's end owes no notice, but %q", resumed.DueRule)
	}
	for name, each := range map[string]Thread{"the reminder": reminded, "the end of a pause": resumed.Told(resumed.DueAt, 24*time.Hour)} {
		if !each.DueAt.IsZero() || !each.UnreadByMemberSince.Equal(noon) {
			t.Errorf("after %s it is due at %v, shown unread since %v", name, each.DueAt, each.UnreadByMemberSince)
		}
	}
}

func TestWhoCanReply(t *testing.T) {
	named := Caller{Kind: CareManager, ID: "cm-1"}
	other := Caller{Kind: CareManager, ID: "cm-2"}
	member := Caller{Kind: Member, ID: "ana"}
	thread := Thread{State: ThreadActive, CareManager: Ref{ID: "cm-1"}}
	closed := thread
	closed.State = ThreadInactive
	for name, c := range map[string]struct {
		thread Thread
		caller Caller
		access Access
		want   ReplyRule
	}{
		"the member":                           {thread, member, FullAccess, ReplyRule{Allowed: true}},
		"the care manager named on it":         {thread, named, FullAccess, ReplyRule{Allowed: true}},
		"the same after a hand-over":           {thread, named, ReadOnly, ReplyRule{Reason: "notYours"}},
		"another one who owns the program now": {thread, other, FullAccess, ReplyRule{Reason: "notYours"}},
		"the member in a closed program":       {closed, member, FullAccess, ReplyRule{Reason: "programClosed"}},
		"the care manager in a closed program": {closed, named, FullAccess, ReplyRule{Reason: "programClosed"}},
	} {
		if got := c.thread.CanReply(c.caller, c.access); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestThreadIDsDoNotRunTogether(t *testing.T) {
	if ThreadID("ab", "c") == ThreadID("a", "bc") {
		t.Error("two pairs of a program and a care manager share a thread")
	}
	if !ValidID(ThreadID("diabetes", "cm-rivera")) {
		t.Error("a thread's id must be an id (A1)")
	}
}
