package notices

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
)

// post is SNS's topics, with a memory of what it was asked.
type post struct {
	mail
	asked    []string // addresses that were asked to confirm
	removed  []string
	down     error  // of the next subscriptions
	stuck    error  // of deletions
	meddle   func() // while SNS subscribes
	delay    func() // before SNS removes
	unproved bool   // whether nobody confirms
	silent   bool   // whether SNS says nothing of subscriptions
}

func (p *post) Subscribe(ctx context.Context, name, address string) (topic, subscription string, err error) {
	if p.down != nil {
		return "", "", p.down
	}
	p.asked = append(p.asked, address)
	if meddle := p.meddle; meddle != nil {
		p.meddle = nil
		meddle()
	}
	return p.mail.Subscribe(ctx, name, address)
}

func (p *post) Confirmed(ctx context.Context, subscription string) (bool, error) {
	switch {
	case p.silent:
		return false, errors.New("sns: Throttled")
	case p.unproved:
		return false, nil
	}
	return p.mail.Confirmed(ctx, subscription)
}

func (p *post) Remove(ctx context.Context, topic string) error {
	if delay := p.delay; delay != nil {
		p.delay = nil
		delay()
	}
	p.removed = append(p.removed, topic)
	if p.stuck != nil {
		return p.stuck
	}
	return p.mail.Remove(ctx, topic)
}

func newPost(t *testing.T) (*world, *post, *patient) {
	w := newWorld(t)
	p := &post{mail: mail{w}}
	w.sender.Mail = p
	return w, p, w.patient(withEmail("dana@example.org"))
}

func withEmail(address string) func(*chat.Profile) {
	return func(m *chat.Profile) { m.Email = address }
}

func (p *patient) mailbox() chat.Mailbox {
	b, err := p.w.Table.Mailbox(p.w.ctx(), p.key)
	p.w.must(nil, err)
	return b
}

func (w *world) topicsCounted() int {
	c, err := w.Table.Topics(w.ctx())
	w.must(nil, err)
	return c.Count
}

// N5: the confirmation is asked for once, by the schedule, not by the PUT.
func TestAnAddressIsSubscribedOnce(t *testing.T) {
	w, post, p := newPost(t)
	if len(post.asked) != 0 {
		t.Fatal("asked while the platform waits")
	}
	w.pass(10*time.Minute, time.Minute)
	w.must(w.PutMember(w.ctx(), p.id, func(m *chat.Profile) { m.Phone, m.Email, m.Language = p.phone, "Dana@Example.org", "es" }))
	w.pass(24*time.Hour, time.Hour)
	if diff := cmp.Diff([]string{"dana@example.org"}, post.asked); diff != "" || w.topicsCounted() != 1 {
		t.Errorf("%s, %d topics", diff, w.topicsCounted())
	}
}

// N5: another address is another topic; the old one is deleted, with what nobody confirmed.
func TestAnotherAddressIsAnotherTopic(t *testing.T) {
	w, post, p := newPost(t)
	w.must(nil, w.minute())
	first := p.mailbox().Topic
	w.must(w.PutMember(w.ctx(), p.id, func(m *chat.Profile) { m.Phone, m.Email = p.phone, "new@example.org" }))
	w.must(nil, w.minute())
	b := p.mailbox()
	if diff := cmp.Diff([]string{first}, post.removed); diff != "" || b.Topic == first || b.Address != "new@example.org" || w.topicsCounted() != 1 {
		t.Errorf("%s %+v, %d topics", diff, b, w.topicsCounted())
	}
	w.must(w.PutMember(w.ctx(), p.id, func(m *chat.Profile) { m.Phone = p.phone }))
	w.must(nil, w.minute())
	if left := p.mailbox(); w.topicsCounted() != 0 || left.Topic != "" || len(left.Old) != 0 || !slices.Contains(post.removed, b.Topic) {
		t.Errorf("without an address: %d topics, %+v", w.topicsCounted(), left)
	}
}

// N5: the address changes while SNS subscribes the earlier one. Its topic goes.
func TestATopicThatNobodyWantsAnyMoreIsDeleted(t *testing.T) {
	w, post, p := newPost(t)
	post.meddle = func() {
		w.must(w.PutMember(w.ctx(), p.id, func(m *chat.Profile) { m.Phone, m.Email = p.phone, "new@example.org" }))
	}
	w.must(nil, w.minute())
	w.must(nil, w.minute())
	if len(w.topics) != 1 || w.topics[p.mailbox().Topic] != "new@example.org" || w.topicsCounted() != 1 {
		t.Errorf("topics %v, %d counted, %+v", w.topics, w.topicsCounted(), p.mailbox())
	}
}

// N5: while SNS is slow to delete a topic, its address is the one to reach again
// and subscribed anew: then that goes too, and is made once more.
func TestATopicThatIsWantedAgainWhileItIsDeletedIsMadeAgain(t *testing.T) {
	for name, tooLate := range map[string]bool{"an earlier address's": false, "one made too late": true} {
		t.Run(name, func(t *testing.T) {
			w, post, p := newPost(t)
			address := func(email string) {
				w.must(w.PutMember(w.ctx(), p.id, func(m *chat.Profile) { m.Phone, m.Email = p.phone, email }))
			}
			leave := func() {
				address("new@example.org")
				post.delay = func() {
					address("dana@example.org")
					w.must(nil, w.minute())
				}
			}
			if tooLate {
				post.meddle = leave // SNS still subscribes the address
			} else {
				w.must(nil, w.minute())
				leave()
			}
			w.pass(time.Hour, time.Minute)
			if b := p.mailbox(); w.topics[b.Topic] != "dana@example.org" || len(w.topics) != 1 || w.topicsCounted() != 1 {
				t.Errorf("topics %v, %d counted, %+v", w.topics, w.topicsCounted(), b)
			}
		})
	}
}

// T12: an earlier release wrote the address down and subscribed nothing.
func TestAnAddressOfAnEarlierReleaseIsSubscribed(t *testing.T) {
	w, post, p := newPost(t)
	_, err := w.Client.DeleteItem(w.ctx(), &dynamodb.DeleteItemInput{TableName: &w.Name, Key: map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "ORG#harbor#MEMBER#" + p.id}, "SK": &types.AttributeValueMemberS{Value: "EMAIL"},
	}})
	w.must(nil, err)
	p.write(1)
	w.pass(5*time.Minute, time.Minute)
	if diff := cmp.Diff([]string{"dana@example.org"}, post.asked); diff != "" || p.mailbox().Subscription == "" {
		t.Errorf("%s %+v", diff, p.mailbox())
	}
}

// A topic that cannot be deleted is tried again, later each time, and takes no
// try from the address that comes after it.
func TestATopicThatCannotBeDeletedIsTriedAgain(t *testing.T) {
	w, post, p := newPost(t)
	w.must(nil, w.minute())
	w.must(w.PutMember(w.ctx(), p.id, func(m *chat.Profile) { m.Phone, m.Email = p.phone, "new@example.org" }))
	post.stuck = errors.New("sns: Throttled")
	for range 24 * 60 {
		w.Now = w.Now.Add(time.Minute)
		_ = w.minute()
	}
	if tries := len(post.removed); tries < 8 || tries > 12 {
		t.Errorf("%d tries in a day", tries)
	}
	post.stuck = nil
	w.pass(12*time.Hour, time.Hour)
	if b := p.mailbox(); b.Subscription == "" || b.Attempts != 0 || len(b.Old) != 0 || w.topicsCounted() != 1 {
		t.Errorf("afterwards %+v, %d topics", b, w.topicsCounted())
	}
}

// Unsubscribing is an opt-out; what is unconfirmed is said to be so.
func TestAMailboxIsAskedBeforeEachEmail(t *testing.T) {
	w, post, p := newPost(t)
	w.rules.MinutesBetweenTexts = 0
	post.unproved = true
	tell := func() {
		p.write(1)
		w.pass(2*time.Minute, time.Minute)
		p.read()
	}
	tell()
	post.unproved = false
	tell()
	post.unproved = true
	tell()
	wantLog(t, p, "sms sent: due", "email suppressed: unconfirmed", "sms sent: due", "email sent: due", "sms sent: due", "email suppressed: optedOut")
}

// While SNS does not say whether an address is confirmed its email waits, and
// somebody hears of it.
func TestAnEmailWaitsUntilItsMailboxIsKnown(t *testing.T) {
	w, post, p := newPost(t)
	w.must(nil, w.minute())
	post.silent = true
	p.write(1)
	w.Now = w.Now.Add(2 * time.Minute)
	if err := w.minute(); err == nil {
		t.Error("nobody hears of it")
	}
	post.silent = false
	w.pass(time.Hour, time.Minute)
	wantLog(t, p, "sms sent: due", "email deferred: snsError", "email sent: due")
}

func TestNoMoreTopicsThanThereMayBe(t *testing.T) {
	w, post, p := newPost(t)
	w.sender.MaxTopics = 1
	w.must(nil, w.minute())
	other := w.patient(withEmail("other@example.org"))
	if err := w.minute(); err == nil {
		t.Error("nobody hears of it")
	}
	if len(post.asked) != 1 || other.mailbox().Status != chat.Failing || p.mailbox().Status == chat.Failing {
		t.Errorf("asked %v, %+v", post.asked, other.mailbox())
	}
}

// What SNS cannot do now is done later; what it never can is given up.
func TestASubscriptionIsTriedAgain(t *testing.T) {
	w, post, p := newPost(t)
	post.down = errors.New("sns: Throttled")
	for range 5 * 60 {
		w.Now = w.Now.Add(time.Minute)
		_ = w.minute()
	}
	post.down = nil
	w.pass(12*time.Hour, time.Hour)
	if len(post.asked) != 1 || p.mailbox().Topic == "" {
		t.Errorf("after an outage: asked %v, %+v", post.asked, p.mailbox())
	}
	post.down = chat.ErrInvalid
	bad := w.patient(withEmail("nobody@example.org"))
	w.must(nil, w.minute())
	if b := bad.mailbox(); b.Status != chat.Failing || !b.DueAt.IsZero() {
		t.Errorf("no such address: %+v", b)
	}
}

// S4: a link asked for with an address goes to whoever of its members confirmed it.
func TestALinkByEmail(t *testing.T) {
	w, post, p := newPost(t)
	w.must(nil, w.minute())
	profile, _ := w.Table.Profile(w.ctx(), p.key)
	whose := []chat.Profile{*profile}
	send := func() {
		w.must(nil, w.sender.Link(w.ctx(), "dana@example.org", whose, "Harbor", "https://care.example.org/#/l/x"))
	}
	post.unproved = true
	send()
	if len(w.sent) != 0 {
		t.Fatal("sent to an address that nobody confirmed")
	}
	post.unproved = false
	send()
	if len(w.sent) != 1 || w.sent[0].channel != chat.Email || w.sent[0].to != "dana@example.org" {
		t.Errorf("sent %v", w.sent)
	}
	phoneIs(chat.OptedOut)(w, p)
	w.must(nil, w.sender.Link(w.ctx(), p.phone, whose, "Harbor", "https://care.example.org/#/l/x"))
	if len(w.sent) != 1 {
		t.Error("a text against an opt-out")
	}
}
