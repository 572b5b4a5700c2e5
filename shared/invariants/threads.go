package invariants

import (
	"cmp"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/table"
)

var sides = []chat.Kind{chat.Member, chat.CareManager}

// checkThreadOf compares a thread with a count of its messages (G1, G2, G3, T8).
func (c *checker) checkThreadOf(t *thread) {
	m, id := ownerOfThread(t.pk)
	if c.isDeleted(m, id) {
		return
	}
	at := inMember(m, "CHAT#THREAD#"+id)
	head, ok := valueAt[chat.Thread](c, at)
	if !ok {
		c.report("messages belong to a thread", t.at, "there is none")
		return
	}
	t.thread, t.at = &head, at
	slices.SortFunc(t.messages, func(a, b message) int { return cmp.Compare(a.Seq, b.Seq) })
	c.checkSeqs(t)
	c.checkSent(t)
	for _, side := range sides {
		c.checkSide(t, side)
		c.checkSpell(t, side)
	}
	c.checkLast(t)
	c.checkWait(t)
}

// isDeleted reports whether upkeep is deleting a thread's messages, because the thread is
// gone or its member is erased (T14).
func (c *checker) isDeleted(m chat.MemberKey, thread string) bool {
	_, gone := valueAt[table.Purge](c, inMember(m, "PURGE#"+thread))
	p, _ := valueAt[chat.Profile](c, inMember(m, profileSort))
	return gone || !p.EraseAt.IsZero()
}

// checkSeqs checks that seqs are 1 to n, each message with the running total of its side.
func (c *checker) checkSeqs(t *thread) {
	totals, ids := map[chat.Kind]int{}, map[string]bool{}
	for i, m := range t.messages {
		at := m.row.Stands.Table
		c.want(m.Seq == i+1, "seqs are 1..n (G2)", at, "seq %d is message %d", m.Seq, i+1)
		c.want(slices.Contains(sides, m.Role), "a message is of a side", at, "it is %q's", m.Role)
		totals[m.Role]++
		c.want(m.SideTotal == totals[m.Role], "running totals (T8)", at, "%d, a recount says %d", m.SideTotal, totals[m.Role])
		c.want(!ids[m.ID], "a message is stored once (G1)", at, "%s is there twice", m.ID)
		ids[m.ID] = true
	}
	n := len(t.messages)
	c.want(n > 0 && t.thread.LastSeq() == n, "a thread counts its messages (G2)", t.at, "%d, there are %d", t.thread.LastSeq(), n)
	c.want(t.thread.Version >= n, "a version moves with each message (T3)", t.at, "%d after %d messages", t.thread.Version, n)
}

// checkSent checks that each message has its client's record, and each record its
// message (A2).
func (c *checker) checkSent(t *thread) {
	const rule = "records of clients' ids and messages are one to one (G1)"
	for _, m := range t.messages {
		seq, ok := t.sent[m.row.Finders[0]]
		c.want(!ok || seq == m.Seq, rule, m.row.Finders[0], "it says %d, not %d", seq, m.Seq)
	}
	c.want(len(t.sent) == len(t.messages), rule, t.at, "%d records, %d messages", len(t.sent), len(t.messages))
}

// checkSide compares what a side wrote and has read with a count (G3).
func (c *checker) checkSide(t *thread, side chat.Kind) {
	own := sideOf(*t.thread, side)
	sent, read, unread := 0, 0, 0
	for _, m := range t.messages {
		switch {
		case m.Role == side:
			sent++
		case m.Seq <= own.ReadSeq:
			read++
		default:
			unread++
		}
	}
	c.want(own.Sent == sent, "running totals (T8)", t.at, "%s sent %d, a recount says %d", side, own.Sent, sent)
	c.want(own.ReadSent == read, "a cursor has its total (T8)", t.at, "%s read %d, a recount says %d", side, own.ReadSent, read)
	c.want(own.ReadSeq >= 0 && own.ReadSeq <= len(t.messages), "a cursor is at a message", t.at, "%s's is at %d", side, own.ReadSeq)
	c.want(t.thread.Unread(side) == unread, "unread is exact (G3)", t.at, "%s has %d, a recount says %d", side, t.thread.Unread(side), unread)
}

func sideOf(t chat.Thread, side chat.Kind) chat.Side {
	if side == chat.Member {
		return t.MemberSide
	}
	return t.CareManagerSide
}

// checkSpell checks that a side has an unread spell exactly while it has unread
// messages, and that it began no later than the first of them.
func (c *checker) checkSpell(t *thread, side chat.Kind) {
	const rule = "a spell runs while something is unread (G3)"
	since, cursor := t.thread.WaitingSince, t.thread.CareManagerSide.ReadSeq
	if side == chat.Member {
		since, cursor = t.thread.UnreadSince, t.thread.MemberSide.ReadSeq
		shown := t.thread.UnreadByMemberSince
		c.want(shown.IsZero() || shown.Equal(since), "what the care side is shown is the spell (N3)", t.at, "%v, not %v", shown, since)
	}
	unread, began := false, false
	for _, m := range t.messages {
		if m.Role == side || unread {
			continue
		}
		began = began || m.SentAt.Equal(since)
		unread = m.Seq > cursor
	}
	c.want(unread != since.IsZero(), rule, t.at, "%s's is since %v, unread: %v", side, clock(since), unread)
	c.want(since.IsZero() || began, rule, t.at, "no message began %s's, at %v", side, clock(since))
}

func clock(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format(time.RFC3339Nano)
}

// checkLast checks that the thread's last message is its newest.
func (c *checker) checkLast(t *thread) {
	if len(t.messages) == 0 {
		return
	}
	newest, last := t.messages[len(t.messages)-1], t.thread.Last
	same := last.Seq == newest.Seq && last.Role == newest.Role && last.SentAt.Equal(newest.SentAt) && last.Author.Name == newest.Author.Name
	c.want(same, "a thread shows its newest message", t.at, "it shows %d, the newest is %d", last.Seq, newest.Seq)
	c.want(t.thread.UpdatedAt.Equal(newest.SentAt), "a thread is as new as its newest message", t.at, "%v, not %v",
		clock(t.thread.UpdatedAt), clock(newest.SentAt))
}
