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

// sent is a text or an email that somebody got.
type sent struct {
	channel chat.Channel
	to      string // the phone, or the address
}

// fakeSNS takes every message and confirms every address at once. Calls about
// topics wait for their turn; a message changes nothing that anybody reads, so
// that sending one does not.
type fakeSNS struct {
	topics     map[string]bool // by address: is it confirmed?
	subscribed []string        // addresses that were asked to confirm
	sent       []sent
}

// topic returns the topic of an address: all mailboxes here are one member's.
func topic(address string) string { return "topic:" + address }

func (p *fakeSNS) text(_ context.Context, phone, _ string) (id string, err error) {
	p.sent = append(p.sent, sent{chat.SMS, phone})
	return "text", nil
}

// confirm answers a keyword.
func (p *fakeSNS) confirm(context.Context, string, string) error {
	return nil
}

func (p *fakeSNS) Subscribe(ctx context.Context, _, address string) (made, subscription string, err error) {
	await(ctx, call{rows: []string{topic(address)}})
	p.topics[address] = true
	p.subscribed = append(p.subscribed, address)
	return topic(address), topic(address), nil
}

func (p *fakeSNS) Confirmed(ctx context.Context, subscription string) (bool, error) {
	await(ctx, call{reads: true, rows: []string{subscription}})
	return p.topics[subscription[len(topic("")):]], nil
}

func (p *fakeSNS) Send(_ context.Context, to, _, _ string) error {
	p.sent = append(p.sent, sent{chat.Email, to[len(topic("")):]})
	return nil
}

func (p *fakeSNS) Remove(ctx context.Context, name string) error {
	await(ctx, call{rows: []string{name}})
	delete(p.topics, name[len(topic("")):])
	return nil
}

// services are what a run's actions call. Their clock is the run's own.
type services struct {
	*usecases.All
	sns      *fakeSNS
	sender   *notice.Sender
	keywords *keyword.Handler
	now      time.Time
}

// newServices starts from what SNS has. Its ids begin with a word of its own.
func newServices(w *town.Town, p fakeSNS, word string) *services {
	s := &services{sns: &fakeSNS{topics: maps.Clone(p.topics), sent: slices.Clone(p.sent)}, now: w.Now}
	clock, id := func() time.Time { return s.now }, newIDs(word)
	s.All = usecases.New(w.Table, clock, id)
	s.Confirmed = s.sns.Confirmed
	s.sender = &notice.Sender{
		Store: w.Table, Now: clock, NewID: id, PublicURL: "https://care.example.org",
		Text: s.sns.text, Mail: s.sns, MaxTopics: 100,
	}
	s.keywords = &keyword.Handler{Store: w.Table, Send: s.sns.confirm}
	return s
}

// newIDs returns ids that a test can foresee, none of which is the model's.
func newIDs(word string) func(prefix string) string {
	var n atomic.Int64
	return func(prefix string) string { return fmt.Sprintf("%s_%s%023d", prefix, word, n.Add(1)) }
}
