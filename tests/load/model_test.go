package load

import (
	"fmt"
	"math"
	"testing"

	"github.com/anishathalye/porcupine"
)

const wordLength = 4

// word returns a message's text in a history: its side (m or c) and its number.
func word(member bool, n int) string {
	if member {
		return fmt.Sprintf("m%03d", n)
	}
	return fmt.Sprintf("c%03d", n)
}

// state is a thread as the model has it.
type state struct {
	words           string // all messages, in order
	member, manager int    // the cursors
}

func (s state) last() int { return len(s.words) / wordLength }

// unread counts the other side's messages above a side's cursor (G3).
func (s state) unread(member bool) (n int) {
	cursor, own := s.manager, byte('c')
	if member {
		cursor, own = s.member, 'm'
	}
	for i := cursor; i < s.last(); i++ {
		if s.words[i*wordLength] != own {
			n++
		}
	}
	return n
}

// Operations and their answers. An unknown answer is nil.
type (
	sending struct{ word string }
	sent    struct{ seq int }

	reading struct {
		member bool
		seq    int
	}
	wasRead struct {
		beyond      bool // 422: no such message yet
		seq, unread int
	}

	paging struct {
		member        bool
		after, before int // 0 for none
		limit         int
	}
	paged struct {
		words           string
		first           int // seq of the first item, 0 for none
		hasMore         bool
		last            int
		member, manager int
		unread          int
	}
)

// model is a thread that one client at a time uses.
var model = porcupine.Model{
	Init: func() any { return state{words: word(false, 0)} },
	Step: func(s, in, out any) (bool, any) {
		was := s.(state)
		switch in := in.(type) {
		case sending:
			return stepSend(was, in, out)
		case reading:
			return stepRead(was, in, out)
		}
		return was.page(in.(paging)) == out, was
	},
	DescribeOperation: func(in, out any) string { return fmt.Sprintf("%+v: %+v", in, out) },
}

func stepSend(s state, in sending, out any) (bool, any) {
	s.words += in.word
	return out == nil || out == sent{s.last()}, s
}

func stepRead(s state, in reading, out any) (bool, any) {
	if in.seq > s.last() {
		return out == nil || out == wasRead{beyond: true}, s
	}
	cursor := &s.manager
	if in.member {
		cursor = &s.member
	}
	*cursor = max(*cursor, in.seq)
	return out == nil || out == wasRead{seq: *cursor, unread: s.unread(in.member)}, s
}

// page returns a page as the API promises it: seqs are exclusive, and hasMore is for
// the direction asked.
func (s state) page(in paging) paged {
	from, to := max(0, s.last()-in.limit), s.last()
	out := paged{last: s.last(), member: s.member, manager: s.manager, unread: s.unread(in.member)}
	switch {
	case in.after > 0:
		from = min(in.after, s.last())
		to = min(from+in.limit, s.last())
	case in.before > 0:
		to = min(in.before-1, s.last())
		from = max(0, to-in.limit)
	}
	if to > from {
		out.words, out.first = s.words[from*wordLength:to*wordLength], from+1
		out.hasMore = from > 0
		if in.after > 0 {
			out.hasMore = to < s.last()
		}
	}
	return out
}

// The checker accepts the histories that are possible and no others. Each begins with
// two sends that overlap; an operation without an answer ends never.
func TestTheCheckerFindsWhatIsWrong(t *testing.T) {
	const never = math.MaxInt64
	a, b := sending{"m001"}, sending{"m002"}
	all := paging{member: true, limit: 100}
	shows := func(words string) paged {
		return state{words: words}.page(paging{member: true, limit: 100})
	}
	op := func(in, out any, call, end int64) porcupine.Operation {
		return porcupine.Operation{Input: in, Output: out, Call: call, Return: end}
	}
	for name, c := range map[string]struct {
		good    bool
		history []porcupine.Operation
	}{
		"in one order":        {true, []porcupine.Operation{op(a, sent{2}, 1, 9), op(b, sent{3}, 2, 8), op(all, shows("c000m001m002"), 10, 11)}},
		"in the other":        {true, []porcupine.Operation{op(a, sent{3}, 1, 9), op(b, sent{2}, 2, 8), op(all, shows("c000m002m001"), 10, 11)}},
		"unknown, and there":  {true, []porcupine.Operation{op(a, nil, 1, never), op(b, sent{3}, 2, 8), op(all, shows("c000m001m002"), 10, 11)}},
		"unknown, not there":  {true, []porcupine.Operation{op(a, nil, 1, never), op(b, sent{2}, 2, 8), op(all, shows("c000m002"), 10, 11)}},
		"a duplicate seq":     {false, []porcupine.Operation{op(a, sent{2}, 1, 9), op(b, sent{2}, 2, 8)}},
		"a gap":               {false, []porcupine.Operation{op(a, sent{2}, 1, 9), op(b, sent{4}, 2, 8)}},
		"a lost update":       {false, []porcupine.Operation{op(a, sent{2}, 1, 9), op(b, sent{3}, 2, 8), op(all, shows("c000m001"), 10, 11)}},
		"a message twice":     {false, []porcupine.Operation{op(a, sent{2}, 1, 9), op(all, shows("c000m001m001"), 10, 11)}},
		"a late order":        {false, []porcupine.Operation{op(a, sent{3}, 1, 2), op(b, sent{2}, 3, 4)}},
		"gone again":          {false, []porcupine.Operation{op(a, nil, 1, never), op(all, shows("c000m001"), 2, 3), op(all, shows("c000"), 4, 5)}},
		"a cursor back":       {false, []porcupine.Operation{op(reading{true, 1}, wasRead{seq: 1}, 1, 2), op(all, shows("c000"), 3, 4)}},
		"a lower seq is kept": {true, []porcupine.Operation{op(reading{true, 1}, wasRead{seq: 1}, 1, 2), op(reading{true, 0}, wasRead{seq: 1}, 3, 4)}},
		"a wrong count":       {false, []porcupine.Operation{op(a, sent{2}, 1, 2), op(reading{false, 1}, wasRead{seq: 1}, 3, 4)}},
		"an early 422":        {false, []porcupine.Operation{op(a, sent{2}, 1, 2), op(reading{false, 2}, wasRead{beyond: true}, 3, 4)}},
	} {
		if got := porcupine.CheckOperations(model, c.history); got != c.good {
			t.Errorf("%s: the checker says %v", name, got)
		}
	}
}
