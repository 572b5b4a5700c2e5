package load

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"carechat/tests/support/apiclient"
)

const (
	senders    = 32
	eachSends  = 3
	maxRepeats = 20
)

// Thirty-two clients on both sides write into one thread at once and retry after a
// 503 with the same clientMessageId. Every message is stored once, and the seqs are
// 1 to n (G1, G2, T5).
func TestManySendersOfOneThread(t *testing.T) {
	thread := newThread(newPlace(t, newMachine(t)), "hello")
	answered := map[string]int{"hello": 1}
	var mu sync.Mutex
	var all sync.WaitGroup
	repeats := 0
	for sender := range senders {
		all.Go(func() {
			for n := range eachSends {
				words := fmt.Sprintf("%d-of-sender-%d", n, sender)
				seq, repeated := sendUntilStored(t, thread.side(sender%2 == 0), thread.path, newText(words))
				mu.Lock()
				answered[words], repeats = seq, repeats+repeated
				mu.Unlock()
			}
		})
	}
	all.Wait()
	t.Logf("%d messages, %d repeats of a 503", len(answered), repeats)
	checkThread(t, thread, answered)
}

// sendUntilStored sends until the answer is 201.
func sendUntilStored(t *testing.T, by apiclient.Client, path string, in text) (seq, repeats int) {
	var message struct{ Seq int }
	for ; repeats < maxRepeats; repeats++ {
		status, err := call(by, "POST", path+"/messages", in, &message)
		switch {
		case err != nil || status != http.StatusCreated && status != http.StatusServiceUnavailable:
			t.Errorf("%s: got %d, %v", in.Text, status, err)
			return 0, repeats
		case status == http.StatusCreated:
			return message.Seq, repeats
		}
	}
	t.Errorf("%s was answered 503 %d times", in.Text, repeats)
	return 0, repeats
}

// checkThread compares the whole thread with the answers.
func checkThread(t *testing.T, thread thread, answered map[string]int) {
	t.Helper()
	last := 0
	for more := true; more; {
		var p page
		path := fmt.Sprintf("%s/messages?after=%d&limit=50", thread.path, last)
		if status, err := call(thread.Self, "GET", path, nil, &p); err != nil || status != http.StatusOK {
			t.Fatalf("%s: %d, %v", path, status, err)
		}
		for _, each := range p.Items {
			last++
			if each.Seq != last {
				t.Fatalf("seq %d instead of %d", each.Seq, last)
			}
			if answered[each.Text] != last {
				t.Errorf("%q has seq %d, but the answer was %d", each.Text, last, answered[each.Text])
			}
			delete(answered, each.Text)
		}
		more = p.HasMore
	}
	for words, seq := range answered {
		t.Errorf("%q was answered with seq %d, but is missing", words, seq)
	}
}
