package interleavings

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"carechat/shared/chat"
	"carechat/shared/keyword"
	"carechat/shared/notice"
	"carechat/tests/support/town"
	"carechat/tests/support/usecases"
)

// sent is a message that somebody got.
type sent struct {
	channel chat.Channel
	to      string // the phone, or the address
}

// post plays SNS: it takes everything. What is subscribed is confirmed at once.
// What it is asked about topics waits for its turn; what is sent changes nothing
// that anybody reads.
type post struct {
	topics map[string]bool // by address: is it confirmed?
	asked  []string        // addresses whose owner was asked to confirm
	sent   []sent
}

// topic is of an address: all of a post's mailboxes are one member's.
func topic(address string) string { return "topic:" + address }

func (p *post) text(_ context.Context, phone, _ string) error {
	p.sent = append(p.sent, sent{chat.SMS, phone})
	return nil
}

// confirm answers a keyword.
func (p *post) confirm(context.Context, string, string) error {
	return nil
}

func (p *post) Subscribe(ctx context.Context, _, address string) (made, subscription string, err error) {
	await(ctx, call{rows: []string{topic(address)}})
	p.topics[address] = true
	p.asked = append(p.asked, address)
	return topic(address), topic(address), nil
}

func (p *post) Confirmed(ctx context.Context, subscription string) (bool, error) {
	await(ctx, call{reads: true, rows: []string{subscription}})
	return p.topics[subscription[len(topic("")):]], nil
}

func (p *post) Send(_ context.Context, to, _, _ string) error {
	p.sent = append(p.sent, sent{chat.Email, to[len(topic("")):]})
	return nil
}

func (p *post) Remove(ctx context.Context, name string) error {
	await(ctx, call{rows: []string{name}})
	delete(p.topics, name[len(topic("")):])
	return nil
}

// stage is what a run's acts work with. Its clock is its own.
type stage struct {
	*usecases.All
	post     *post
	sender   *notice.Sender
	listener *keyword.Handler
	now      time.Time
}

// newStage goes on with what SNS has; its ids begin with a word of its own.
func newStage(w *town.Town, p post, word string) *stage {
	s := &stage{post: &post{topics: maps.Clone(p.topics), sent: slices.Clone(p.sent)}, now: w.Now}
	clock, id := func() time.Time { return s.now }, ids(word)
	s.All = usecases.New(w.Table, clock, id)
	s.Confirmed = s.post.Confirmed
	s.sender = &notice.Sender{
		Store: w.Table, Now: clock, NewID: id, PublicURL: "https://care.example.org",
		Text: s.post.text, Mail: s.post, MaxTopics: 100,
	}
	s.listener = &keyword.Handler{Store: w.Table, Send: s.post.confirm}
	return s
}

// ids are foreseeable, and none is the model's.
func ids(word string) func(prefix string) string {
	var n atomic.Int64
	return func(prefix string) string { return fmt.Sprintf("%s_%s%023d", prefix, word, n.Add(1)) }
}
