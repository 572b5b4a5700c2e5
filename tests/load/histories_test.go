package load

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"carechat/local/machine"
)

const (
	histories = 200
	clients   = 8
	most      = 12 // operations of one client
	// defaultSeconds is for how long new histories begin, unless HISTORIES_SECONDS
	// is set: a slow machine checks fewer, and logs how many.
	defaultSeconds = "30"
)

// Sends, read marks and pages of a thread are linearizable (G2) through the compiled
// functions while every process of send is killed. Some senders never learn whether
// their message was stored, others retry.
func TestHistoriesOfAThread(t *testing.T) {
	seconds, err := strconv.Atoi(cmp.Or(os.Getenv("HISTORIES_SECONDS"), defaultSeconds))
	if err != nil {
		t.Fatal("HISTORIES_SECONDS must be a number")
	}
	m := newMachine(t)
	p := newPlace(t, m)
	begin := time.Now()
	var done, unknown, operations int
	until := begin.Add(time.Duration(seconds) * time.Second)
	for ; done < histories && (unknown == 0 || time.Now().Before(until)); done++ { // so that at least one kill interrupts a send
		h := &history{t: t, thread: newThread(p, word(false, 0)), seed: uint64(done)}
		h.run(m.Machine)
		operations += len(h.operations)
		unknown += h.unknown
		if t.Failed() {
			return
		}
		if got := porcupine.CheckOperationsTimeout(model, h.operations, 20*time.Second); got != porcupine.Ok {
			t.Fatalf("history %d is %s:\n%s", done, got, h)
		}
	}
	t.Logf("%d histories of %d clients, %d operations, %d without an answer, in %v",
		done, clients, operations, unknown, time.Since(begin).Round(time.Millisecond))
	if unknown == 0 {
		t.Error("no kill interrupted a send: these histories prove less than they should")
	}
}

// history is what the clients of one thread did and were answered.
type history struct {
	t      *testing.T
	thread thread
	seed   uint64

	begun atomic.Int64 // operations
	last  atomic.Int64 // the highest seq in any answer

	mu         sync.Mutex
	operations []porcupine.Operation
	unknown    int // sends without an answer
}

// run runs the clients and kills send somewhere in the middle.
func (h *history) run(m *machine.Machine) {
	start := time.Now()
	killAt := 4 + rand.New(rand.NewPCG(h.seed, 0)).Int64N(clients*most/3)
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() {
			random := rand.New(rand.NewPCG(h.seed, uint64(n)+1))
			for i := range 1 + random.IntN(most) {
				if h.t.Failed() {
					return
				}
				if h.begun.Add(1) == killAt {
					m.Kill("send")
				}
				h.act(random, n, i, start)
			}
		})
	}
	all.Wait()
}

// act does one operation and records it.
func (h *history) act(random *rand.Rand, client, i int, start time.Time) {
	op := porcupine.Operation{ClientId: client, Call: int64(time.Since(start))}
	isMember := client%2 == 0
	known := false
	switch n := random.IntN(10); {
	case n < 4:
		op.Input, op.Output = h.send(isMember, word(isMember, 1+client*most+i), random.IntN(2) == 0)
		known = op.Output != nil
	case n < 6:
		op.Input, op.Output = h.read(isMember, int(h.last.Load())+random.IntN(3)-1)
		known = op.Output != nil
	default:
		op.Input, op.Output = h.page(isMember, random)
		if known = op.Output != nil; !known {
			return // a page without an answer proves nothing and changes nothing
		}
	}
	op.Return = int64(time.Since(start))
	if !known {
		op.Return = math.MaxInt64 // it may still happen
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, op)
	if _, isSend := op.Input.(sending); isSend && !known {
		h.unknown++
	}
}

// unanswered reports whether the effect of a call is unknown. A status below 500 that
// the caller did not expect fails the test.
func (h *history) unanswered(status int, err error) bool {
	if err == nil && status < 500 {
		h.t.Errorf("got %d", status)
	}
	return err != nil || status >= 500
}

// send sends once or, if it insists, until it is answered.
func (h *history) send(isMember bool, word string, insists bool) (in, out any) {
	attempts := 1
	if insists {
		attempts = maxRepeats
	}
	for range attempts {
		var message struct{ Seq int }
		status, err := call(h.thread.side(isMember), "POST", h.thread.path+"/messages", newText(word), &message)
		if err == nil && status == http.StatusCreated {
			h.saw(message.Seq)
			return sending{word}, sent{message.Seq}
		}
		h.unanswered(status, err)
	}
	if insists {
		h.t.Errorf("%s got no answer in %d attempts", word, attempts)
	}
	return sending{word}, nil
}

func (h *history) read(isMember bool, seq int) (in, out any) {
	seq = max(seq, 0)
	var got struct{ Seq, UnreadCount int }
	status, err := call(h.thread.side(isMember), "PUT", h.thread.path+"/read", map[string]int{"seq": seq}, &got)
	switch {
	case err == nil && status == http.StatusOK:
		out = wasRead{seq: got.Seq, unread: got.UnreadCount}
	case err == nil && status == http.StatusUnprocessableEntity:
		out = wasRead{beyond: true}
	default:
		h.unanswered(status, err)
	}
	return reading{isMember, seq}, out
}

func (h *history) page(isMember bool, random *rand.Rand) (in, out any) {
	asked := paging{member: isMember, limit: cmp.Or(random.IntN(2)*100, 1+random.IntN(5))}
	query := fmt.Sprintf("?limit=%d", asked.limit)
	switch seq := 1 + random.IntN(int(h.last.Load())+1); random.IntN(3) {
	case 1:
		asked.after = seq
		query += fmt.Sprintf("&after=%d", seq)
	case 2:
		asked.before = seq
		query += fmt.Sprintf("&before=%d", seq)
	}
	var p page
	status, err := call(h.thread.side(isMember), "GET", h.thread.path+"/messages"+query, nil, &p)
	if err != nil || status != http.StatusOK {
		h.unanswered(status, err)
		return asked, nil
	}
	h.saw(p.LastSeq)
	return asked, p.paged()
}

// paged returns the page as the model has it. Seqs that are not consecutive make a
// page that the model never has.
func (p page) paged() paged {
	out := paged{last: p.LastSeq, hasMore: p.HasMore, member: p.Read.Member, manager: p.Read.CareManager, unread: p.Thread.UnreadCount}
	for i, each := range p.Items {
		if i == 0 {
			out.first = each.Seq
		}
		if each.Seq != out.first+i {
			return paged{words: fmt.Sprintf("a gap before seq %d", each.Seq)}
		}
		out.words += each.Text
	}
	return out
}

// saw records a seq in an answer.
func (h *history) saw(seq int) {
	for was := h.last.Load(); int64(seq) > was && !h.last.CompareAndSwap(was, int64(seq)); {
		was = h.last.Load()
	}
}

// String returns the operations in the order in which they were recorded.
func (h *history) String() (all string) {
	for _, op := range h.operations {
		all += fmt.Sprintf("client %d, %d to %d: %s\n", op.ClientId, op.Call, op.Return, model.DescribeOperation(op.Input, op.Output))
	}
	return all
}
